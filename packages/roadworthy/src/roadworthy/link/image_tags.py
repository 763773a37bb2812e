"""Which tags a pipeline gives its images, as patterns, and what the tag a deployment asks for looks like."""

import re
from collections.abc import Callable

_HEX = "[0-9a-f]"
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\w+|\$\([^)]*\)")
_SHORT = re.compile(
    r"GITHUB_SHA::(\d+)|CI_COMMIT_SHORT_SHA|short[_-]?sha|sha[_-]?short|rev-parse --short", re.IGNORECASE
)
_FULL = re.compile(r"github\.sha\b|GITHUB_SHA\b|CI_COMMIT_SHA\b|head\.sha\b|workflow_run\.head_sha\b")
_NUMBER = re.compile(r"run_number|run_id|RUN_NUMBER|RUN_ID|CI_PIPELINE_IID|CI_PIPELINE_ID|BUILD_NUMBER")
_TEMPLATE = re.compile(
    r"[$<>{}*]|^(?:IMAGE_?TAG|TAG|VERSION|REPLACE\w*|__\w+__|PLACEHOLDER|CHANGE_?ME)$", re.IGNORECASE
)
ANY = ".*"


def pattern(tag: str) -> str:
    """Return a regular expression for a tag as a command or action writes it."""
    return _over(tag, re.escape, _expression)


def sample(tag: str) -> str | None:
    """Return what a tag may look like once its expressions are put in place; None where that cannot be told."""
    unclear = False

    def shown(text: str) -> str:
        nonlocal unclear
        if _SHORT.search(text):
            return "a" * 7
        if _FULL.search(text):
            return "a" * 40
        unclear = True
        return ""

    found = _over(tag, lambda text: text, shown)
    return None if unclear else found


def is_template(tag: str) -> bool:
    """Tell whether a tag in a manifest only stands for one that is put in before it is applied."""
    return bool(_TEMPLATE.search(tag))


def of_metadata(tags: str) -> list[str]:
    """Return the patterns of the tags that docker/metadata-action gives for its `tags` input."""
    lines = [line.strip() for line in tags.splitlines() if line.strip() and not line.strip().startswith("#")]
    if not lines:
        lines = ["type=schedule", "type=ref,event=branch", "type=ref,event=tag", "type=ref,event=pr"]
    found: list[str] = []
    for line in lines:
        options = (
            dict(part.partition("=")[::2] for part in line.split(","))
            if "=" in line
            else {"type": "raw", "value": line}
        )
        found += _of_line({key.strip(): value.strip() for key, value in options.items()})
    return found


def _of_line(options: dict[str, str]) -> list[str]:
    prefix, suffix = pattern(options.get("prefix", "")), pattern(options.get("suffix", ""))

    def whole(middle: str, default: str = "") -> str:
        start = prefix if "prefix" in options else default
        return f"{start}{middle}{suffix}"

    match options.get("type", "raw"):
        case "sha":
            width = 40 if options.get("format") == "long" else 7
            return [whole(f"{_HEX}{{{width}}}", "sha-")]
        case "semver" | "pep440" | "match":
            shape = options.get("pattern", "{{version}}")
            text = re.escape(shape)
            for name, middle in (
                ("version", r"\d+\.\d+\.\d+[\w.+-]*"),
                ("raw", r"v?\d[\w.+-]*"),
                ("major", r"\d+"),
                ("minor", r"\d+"),
                ("patch", r"\d+"),
            ):
                text = text.replace(re.escape("{{" + name + "}}"), middle)
            return [whole(text if "{" not in text.replace(r"\{", "") else ANY), "latest"]
        case "ref" if options.get("event") == "branch":
            return [whole(r"(?!v?\d)[\w.-]+")]
        case "ref" if options.get("event") == "tag":
            return [whole(r"[\w.+-]+"), "latest"]
        case "ref" if options.get("event") == "pr":
            return [whole(r"\d+", "pr-")]
        case "edge":
            return [whole("edge")]
        case "raw":
            return [whole(pattern(options.get("value", "")))]
    return [ANY]


def _expression(text: str) -> str:
    short = _SHORT.search(text)
    if short:
        return f"{_HEX}{{{short[1] or '7,12'}}}"
    if _FULL.search(text):
        return f"{_HEX}{{40}}"
    return r"\d+" if _NUMBER.search(text) else ANY


def _over(text: str, plain: Callable[[str], str], expression: Callable[[str], str]) -> str:
    out: list[str] = []
    start = 0
    for found in _EXPRESSION.finditer(text):
        out += (plain(text[start : found.start()]), expression(found[0]))
        start = found.end()
    return "".join([*out, plain(text[start:])])
