"""The one redactor of quoted lines: what stands on a line of somebody's repository, without the secrets in it.

It masks more than is secret rather than less: whatever a name that means a secret is given, passwords in addresses,
texts of the form of a credential, and long random texts.
"""

import re

from roadworthy.syntax.secrecy import BLOT, blotted_text, names_secret, stands_for_secret
from roadworthy.syntax.secret_forms import FORMS

_GIVEN = re.compile(
    r"(?P<name>[A-Za-z_][\w.-]*)(?P<mark>[\"']?\]?\s*(?::\s*[\w.\[\]|, ]{1,60}=(?=\s*[\"'\w])|:=|=>|[:=])\s*)"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|`[^`]*`?|[^\s,;)}\]]+)"
)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.){3,}\"?|'(?:[^'\\]|\\.){3,}'?|`[^`]{3,}`?")
_DEFAULT = re.compile(r"((?:\|\||\?\?|,)\s*)(\"[^\"]*\"|'[^']*')")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_STEP = re.compile(r"(?<=[a-z])[A-Z]|(?<=[A-Za-z])[0-9]|(?<=[0-9])[A-Za-z]")
_RANDOM = re.compile(r"(?<![\w/+.-])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w/+-])")
_PLAIN = re.compile(r"[a-z]+(?:[A-Z_/-][a-z]*)*\d{0,4}|[A-Z_]+|[0-9a-f]{40}|[0-9a-f]{64}|[\w-]*(?:/[\w.-]+)+")
_KEY_LINE = re.compile(r"^\s*[A-Za-z0-9+/=]{40,}\s*$")


def redacted(line: str, *, holds_secret: bool = False) -> str:
    """Return one line without its secrets.

    With `holds_secret` the line is known to hold one, by whatever name: every value on it is masked.
    """
    for _, pattern in FORMS:
        line = pattern.sub(BLOT, line)
    if _KEY_LINE.match(line):
        return BLOT
    line = blotted_text(line)
    line = _GIVEN.sub(lambda m: _masked(m, holds_secret), line)
    if any(names_secret(word[0]) for word in _WORD.finditer(line)):
        line = _DEFAULT.sub(lambda m: m[0] if _harmless(m[2]) else m[1] + m[2][0] + BLOT + m[2][0], line)
    if holds_secret:
        line = _QUOTED.sub(lambda m: m[0] if _harmless(m[0]) else m[0][0] + BLOT + m[0][0], line)
    return _RANDOM.sub(lambda m: BLOT if _looks_random(m[0]) else m[0], line)


def _masked(given: re.Match[str], holds_secret: bool) -> str:
    value = given["value"]
    if not (holds_secret or names_secret(given["name"].rpartition(".")[2])) or _harmless(value):
        return given[0]
    quote = value[0] if value[0] in "\"'`" else ""
    if not quote and re.fullmatch(r"[A-Za-z_][\w.]*[(\[].*|[A-Za-z_]\w*(?:\.\w+)+", value):
        return given[0]
    return f"{given['name']}{given['mark']}{quote}{BLOT}{quote}"


def _harmless(value: str) -> bool:
    """Tell whether a value is a reference, an address (its password is masked elsewhere) or a word of the language."""
    bare = value.strip("\"'`")
    return (
        "://" in bare
        or bare.startswith(("{", "!", "*", "&", "<", "["))
        or bare.lower() in ("true", "false", "str", "string", "required")
        or (stands_for_secret(value) and "change" not in bare.lower())
    )


def _looks_random(text: str) -> bool:
    if _PLAIN.fullmatch(text):
        return False
    kinds = sum(bool(re.search(kind, text)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return kinds == 3 and len(_STEP.findall(text)) * 3 >= len(text)
