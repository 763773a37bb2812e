"""Metrics that code gives out without a framework: a registry asked for its text, and paths compared by hand."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.detail.route import RouteServed
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.PATH})

_ENDINGS = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_GIVEN = re.compile(r"\b\w*[rR]egist(?:er|ry)\w*\s*\.(?:metrics|getMetricsAsJSON|getSingleMetricAsString)\(")
_COMPARED = re.compile(
    r"""(?:\b(?:req|request)\.url|\bpathname|\bself\.path|\burl\.path)\s*[!=]==?\s*["'`](/[\w./-]*)["'`]"""
    r"""|["'`](/[\w./-]*)["'`]\s*[!=]==?\s*(?:(?:req|request)\.url|self\.path)\b"""
)
_SERVER = re.compile(r"createServer|http\.server|BaseHTTPRequestHandler|wsgiref")
_LARGEST = 400_000


def wants(path: str) -> bool:
    """Code of Python and of JavaScript."""
    return path.endswith(_ENDINGS)


def recognises(file: SourceFile) -> bool:
    """Recognise a file that serves HTTP by hand, or speaks of a registry's metrics."""
    return len(file.text) < _LARGEST and ("metrics(" in file.text or _SERVER.search(file.text) is not None)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield where a registry gives its metrics out, and the paths a server of its own compares with."""
    for found in _GIVEN.finditer(file.text):
        at = _at(file, found.start(), found.end() - 1)
        use = FrameworkUse(called=True)
        yield Symbol(
            Kind.CONSTRUCT, Action.REFERS, Exact("prom-client.Registry.metrics"), at, role=file.role, detail=use
        )
    if _SERVER.search(file.text):
        for found in _COMPARED.finditer(file.text):
            group = 1 if found[1] else 2
            at = _at(file, found.start(group), found.end(group))
            served = RouteServed("code")
            yield Symbol(Kind.PATH, Action.DEFINES, Exact(found[group]), at, role=file.role, detail=served)


def _at(file: SourceFile, begin: int, end: int) -> Span:
    line = file.text.count("\n", 0, begin) + 1
    column = begin - (file.text.rfind("\n", 0, begin) + 1) + 1
    return Span(file.path, line, column, line, column + max(end - begin - 1, 0))
