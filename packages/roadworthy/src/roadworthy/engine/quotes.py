"""The lines that findings are about, quoted."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from roadworthy.model.place import Span
from roadworthy.model.report import Quote
from roadworthy.model.result import Result
from roadworthy.syntax.redaction import redacted

FINDINGS = 50  # of one rule
LONGEST = 160  # code points
_LARGEST = 2 * 1024 * 1024
_CUT = "…"
_SECRET_WORDS = frozenset({"secret", "password", "env", "example"})


def quotes(root: Path, results: Iterable[Result]) -> tuple[Quote, ...]:
    """Return the quoted lines of every side of the findings, and of the first doubt of each rule, each line once.

    Secrets in them are masked; what cannot be read any more is left out.
    """
    asked: dict[tuple[str, int], tuple[int, bool]] = {}
    for result in results:
        for place in _places(result):
            column, hides = asked.get((place.path, place.line), (place.column, False))
            asked[place.path, place.line] = (column, hides or _about_secrets(result.rule))
    root = root.resolve()
    lines: dict[str, list[str]] = {}
    found = []
    for (path, line), (column, hides) in sorted(asked.items()):
        if path not in lines:
            lines[path] = _lines(root, path)
        if 0 < line <= len(lines[path]):
            text = redacted(lines[path][line - 1][: 100 * LONGEST], holds_secret=hides or _is_secret(lines[path]))
            if text.strip():
                found.append(Quote(path, line, _cut(text, column)))
    return tuple(found)


def _places(result: Result) -> Iterator[Span]:
    for finding in result.findings[:FINDINGS]:
        if finding.at:
            yield finding.at
        yield from (related.at for related in finding.related)
    if result.doubts and result.doubts[0].at:
        yield result.doubts[0].at


def _lines(root: Path, path: str) -> list[str]:
    file = root / path
    try:
        if not file.resolve().is_relative_to(root) or not file.is_file() or file.stat().st_size > _LARGEST:
            return []
        return file.read_bytes().decode("utf-8-sig", errors="replace").split("\n")
    except (OSError, ValueError):
        return []


def _about_secrets(rule: str) -> bool:
    """Tell by its name whether a rule points at lines that hold a secret, whatever the secret is called there."""
    return not _SECRET_WORDS.isdisjoint(rule.partition("/")[2].split("-"))


def _is_secret(lines: list[str]) -> bool:
    """Tell whether a file is a Kubernetes Secret, whose values are secret by whatever name."""
    return any(line.strip() == "kind: Secret" for line in lines)


def _cut(text: str, column: int) -> str:
    text = text.strip("\r").expandtabs(4)
    bare = text.lstrip()
    if len(bare) <= LONGEST:
        return bare.rstrip()
    start = max(0, min(column - 1 - (len(text) - len(bare)), len(bare)) - LONGEST // 3)
    middle = bare[start : start + LONGEST].rstrip()
    return (_CUT if start else "") + middle + (_CUT if start + LONGEST < len(bare) else "")
