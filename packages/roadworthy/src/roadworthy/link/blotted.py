"""The last step: no secret stands in a fact. What steps before it compared is a number by now; the rest is blotted out."""

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any, TypeVar

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.symbol import Exact, Pattern
from roadworthy.syntax.secrecy import names_secret

_T = TypeVar("_T")
_BLOT = "***"
_CREDENTIALS = re.compile(r"://[^/\s@'\"]{1,400}@")
_TOKEN = re.compile(
    r"\b(?:gh[pousr]_|github_pat_|glpat-|sk_live_|sk_test_|rk_live_|xox[abprs]-|AKIA|AIza|npm_|pypi-)[\w-]{8,}"
)
_GIVEN = re.compile(
    r"((?:--?|[?&])(?:p|user|password|passwd|pass|token|secret|secret[-_]key|api[-_]?key|access[-_]?key|auth[-_]token|key)=)"
    r"[^\s&'\"]+",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"--?(?:p|u|user|password|passwd|pass|token|secret|secret-key|api-?key|access-key|auth-token|key)", re.IGNORECASE
)
_SQL = re.compile(r"(\bPASSWORD\s+')[^']*(')", re.IGNORECASE)
_HEADER = re.compile(r"((?:Authorization|X-Api-Key|X-Auth-Token|Private-Token)\s*:\s*)[^'\"]+", re.IGNORECASE)
_HINTS = ("://", "_", "-", "=", ":", "'")


def derive(draft: Draft) -> None:
    """Blot out what looks like a secret in every name and detail."""
    for number, symbol in enumerate(draft.symbols):
        detail = symbol.detail
        if isinstance(detail, EnvironmentRead) and detail.default and names_secret(str(symbol.name)):
            detail = replace(detail, default=None)
        name = symbol.name
        if isinstance(name, Exact | Pattern) and (clean := blotted(name.text)) != name.text:
            name = type(name)(clean)
        detail = _without_secrets(detail)
        if detail is not symbol.detail or name is not symbol.name:
            draft.symbols[number] = replace(symbol, name=name, detail=detail)


@lru_cache(maxsize=16_384)
def blotted(text: str) -> str:
    """Return a text without credentials in addresses, tokens of known form, and values of options named for secrets."""
    if len(text) < 6 or not any(hint in text for hint in _HINTS):
        return text
    text = _CREDENTIALS.sub(f"://{_BLOT}@", text)
    text = _TOKEN.sub(_BLOT, text)
    text = _GIVEN.sub(rf"\1{_BLOT}", text)
    text = _SQL.sub(rf"\1{_BLOT}\2", text)
    return _HEADER.sub(rf"\1{_BLOT}", text)


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _words(words: tuple[Any, ...]) -> tuple[Any, ...]:
    """Blot each text of a tuple, and the text behind an option named for a secret."""
    out: list[Any] = []
    for word in words:
        before = out[-1] if out else ""
        secret = isinstance(before, str) and isinstance(word, str) and _OPTION.fullmatch(before) is not None
        short = before in ("-p", "-u", "--user") and isinstance(word, str) and ":" not in word
        out.append(_BLOT if secret and not short else _without_secrets(word))
    return tuple(out)


def _without_secrets(value: _T) -> _T:
    clean: Any = value
    if isinstance(value, str):
        clean = blotted(value)
    elif isinstance(value, tuple):
        clean = _words(value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = {
            name: after
            for name in _fields(type(value))
            if isinstance(before := getattr(value, name), str | tuple) and (after := _without_secrets(before)) != before
        }
        clean = replace(value, **changed) if changed else value
    return value if clean == value else clean
