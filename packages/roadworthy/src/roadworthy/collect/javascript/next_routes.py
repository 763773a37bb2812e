"""Paths that Next.js serves by where its files lie: `app/**/route.ts`, `app/**/page.tsx`, `pages/**`."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.route import RouteDeclared, RouterDeclared
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax import javascript

PROVIDES = frozenset({Kind.PATH})

_FILE = re.compile(
    r"(?P<root>(?:.*/)?(?:src/)?)(?:app/(?P<app>(?:.*/)?)(?P<kind>route|page)|pages/(?P<page>.+))\.[jt]sx?"
)
_CONFIGURATION = re.compile(r"(?:.*/)?next\.config\.(?:js|mjs|cjs|ts|mts)")
_METHOD = re.compile(r"export\s+(?:async\s+)?(?:function\s+|const\s+)(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b")
_HANDED = re.compile(r"export\s*(?:const\s*)?\{([^}]*)\}")
_PRIVATE = frozenset({"_app", "_document", "_error", "404", "500", "middleware"})


def wants(path: str) -> bool:
    """Files of routes and pages, and the configuration."""
    return (_FILE.fullmatch(path) or _CONFIGURATION.fullmatch(path)) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise handlers by what they export, pages by where they lie."""
    found = _FILE.fullmatch(file.path)
    if javascript.is_generated(file):
        return False
    if found is None:
        return True
    exports = "export" in file.text or "module.exports" in file.text
    if found["kind"] == "route":
        return bool(_METHOD.search(file.text) or _HANDED.search(file.text))
    api = (found["page"] or "").startswith("api/")
    return (
        exports
        and (api or "next" in file.text or "default" in file.text)
        and (api or file.suffix in (".tsx", ".jsx", ".js"))
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the path the file serves, with its methods; what the configuration may change opens the set."""
    found = _FILE.fullmatch(file.path)
    if found is None:
        yield from _configured(file)
        return
    name = f"{found['root']}:next"
    at = Span(file.path)
    methods: tuple[str, ...] = ()
    if found["kind"] == "route":
        methods = tuple(dict.fromkeys(_METHOD.findall(file.text)))
        for exported in _HANDED.findall(file.text):
            methods += tuple(m for m in re.findall(r"\w+", exported) if m.isupper())
    elif found["kind"] == "page":
        methods = ("GET",)
    inner = found["app"] if found["app"] is not None else re.sub(r"(?:^|/)index$", "", found["page"])
    parts = [part for part in inner.split("/") if part and not part.startswith(("(", "@"))]
    if any(part in _PRIVATE or part.startswith("_") for part in parts):
        return
    path = "/" + "/".join(_segment(part) for part in parts)
    yield _symbol(file, name, RouterDeclared("application", "next"), at)
    yield _symbol(file, name, RouteDeclared(path, tuple(dict.fromkeys(methods))), at)


def _segment(part: str) -> str:
    if part.startswith(("[...", "[[...")):
        return "**"
    return "*" if part.startswith("[") else part


def _symbol(file: SourceFile, name: str, detail: RouterDeclared | RouteDeclared, at: Span) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)


def _configured(file: SourceFile) -> Iterator[Open]:
    for word in ("rewrites", "basePath", "redirects", "i18n"):
        place = re.search(rf"\b{word}\b\s*[(:]", file.text)
        if place is not None:
            line = file.text.count("\n", 0, place.start()) + 1
            column = place.start() - (file.text.rfind("\n", 0, place.start()) + 1) + 1
            yield Open(Kind.PATH, "", f"`{word}` changes the paths that are served", Span(file.path, line, column))
