"""Caddyfiles: what `reverse_proxy` passes where, and how large a request may be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.model.collector import Statement
from roadworthy.model.detail.proxy import ProxyDefaults, ProxyRoute
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable

PROVIDES = frozenset({Kind.HOST})

_NAME = re.compile(r"Caddyfile([._-].*)?|.*\.caddyfile", re.IGNORECASE)
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|#.*|\S+')
_SIZE = re.compile(r"(\d{1,12})\s*(|[kmg]i?b)", re.IGNORECASE)
_UNITS = {"": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_UPSTREAM = re.compile(r"(?:(?P<scheme>https?|h2c)://)?(?P<host>[^:/{}]+)(?::(?P<port>\d{1,5}))?/?")


@dataclass(slots=True)
class _Block:
    words: tuple[str, ...]
    body: int | None = None
    body_at: Span | None = None
    passes: list[tuple[str, Span]] = field(default_factory=list)


def wants(path: str) -> bool:
    """Files called Caddyfile."""
    return _NAME.fullmatch(path.rpartition("/")[2]) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise files that pass requests on, and are no template of another language."""
    return "reverse_proxy" in file.text and "{%" not in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement for each server requests are passed to."""
    yield Symbol(
        Kind.SETTING, Action.DEFINES, Exact("caddy"), Span(file.path), role=file.role, detail=ProxyDefaults(())
    )
    stack: list[_Block] = [_Block(())]
    for number, line in enumerate(file.text.split("\n"), 1):
        found = [
            (m[0].strip('"`'), Span(file.path, number, m.start() + 1, number, m.end())) for m in _WORD.finditer(line)
        ]
        words = found[: next((i for i, (text, _) in enumerate(found) if text.startswith("#")), len(found))]
        if not words:
            continue
        first = words[0][0]
        if first == "}":
            if len(stack) > 1:
                yield from _closed(file, stack)
            continue
        if first == "max_size" and len(words) > 1 and (size := _SIZE.fullmatch(words[1][0])):
            holder = stack[-2] if len(stack) > 1 and stack[-1].words[:1] == ("request_body",) else stack[-1]
            holder.body, holder.body_at = int(size[1]) * _UNITS[size[2].lower()], words[0][1]
        elif first == "reverse_proxy" or (first == "to" and stack[-1].words[:1] == ("reverse_proxy",)):
            stack[-1].passes += [(text, at) for text, at in words[1:] if _is_upstream(text)]
        if words[-1][0] == "{":
            stack.append(_Block(tuple(text for text, _ in words[:-1])))
    while len(stack) > 1:
        yield from _closed(file, stack)
    yield from _passed(file, stack)


def _is_upstream(text: str) -> bool:
    return not text.startswith(("/", "*", "@", "{", "unix")) and text != "{"


def _closed(file: SourceFile, stack: list[_Block]) -> Iterator[Symbol]:
    """Yield what the innermost block passes on, and leave it."""
    yield from _passed(file, stack)
    stack.pop()


def _passed(file: SourceFile, stack: list[_Block]) -> Iterator[Symbol]:
    block = stack[-1]
    location = "/"
    for outer in stack:
        if outer.words[:1] and outer.words[0] in ("handle", "handle_path", "route") and len(outer.words) > 1:
            location = outer.words[1].removesuffix("*") or "/"
    stripped = any(outer.words[:1] == ("handle_path",) for outer in stack)
    form = "regex" if location.startswith("@") else "prefix"
    sized = next((outer for outer in reversed(stack) if outer.body is not None), None)
    for text, at in block.passes:
        match = _UPSTREAM.fullmatch(text)
        port = int(match["port"]) if match and match["port"] else 443 if match and match["scheme"] == "https" else 80
        detail = ProxyRoute(
            "caddy", location, form, (match["scheme"] if match else None) or "http", port, "/" if stripped else None,
            "", "", False, "sets", sized.body if sized else None, sized.body_at if sized else None,
        )  # fmt: skip
        name: Name = Exact(match["host"]) if match else Unreadable(f"`{text[:60]}` is put together at run time")
        yield Symbol(Kind.HOST, Action.REFERS, name, at, role=file.role, detail=detail)
