"""Metrics that code and manifests write in Prometheus' text format, for a Pushgateway or node-exporter.

Those of shell scripts are read with the scripts.
"""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol

PROVIDES = frozenset({Kind.METRIC})

_ENDINGS = (".yml", ".yaml", ".py", ".ts", ".js", ".mjs")
_SPEAKS = re.compile(r"/metrics/job[/s@]|push_?gateway|\.prom\b|textfile", re.IGNORECASE)
_PUSHES = re.compile(r"/metrics/job[/s@]|\.prom\b")
_TYPE = re.compile(r"#\s*TYPE\s+([a-zA-Z_:][\w:]*)\s+(counter|gauge|histogram|summary|untyped)")
_SAMPLE = re.compile(
    r"""(?:^\s*|["'`]|\\n|printf\s+|echo\s+(?:-e\s+)?["']?)([a-z_][a-z0-9_]*_[a-z0-9_]+)"""
    r"""(?:\{((?:[^{}"]|\\?"[^"]*\\?")*)\})?[ \t]+(?:\$\(|\$\{|\$[A-Za-z_]|%[sdf.]|\d+(?:\.\d+)?(?:["'\\\s]|$))""",
    re.MULTILINE,
)
_LABEL = re.compile(r"([a-zA-Z_]\w*)\s*=")
_LARGEST = 200_000


def wants(path: str) -> bool:
    """Code, and the YAML that holds scripts."""
    return path.endswith(_ENDINGS)


def recognises(file: SourceFile) -> bool:
    """Recognise a file that names a Pushgateway or the files of node-exporter."""
    return len(file.text) < _LARGEST and _PUSHES.search(file.text) is not None and _SPEAKS.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each metric written in the text format; where none is seen, that what is pushed is not read."""
    starts = [0, *(found.end() for found in re.finditer("\n", file.text))]
    types = {found[1]: found[2] for found in _TYPE.finditer(file.text)}
    seen: set[str] = set()
    for found in _SAMPLE.finditer(file.text):
        name = found[1]
        if name in seen or (not types and not _declared_alike(name)) or (types and name not in types):
            continue
        seen.add(name)
        labels = tuple(sorted(set(_LABEL.findall(found[2] or ""))))
        detail = MetricDefinition(types.get(name, ""), labels, "pushed", family=name)
        at = _at(file, starts, found.start(1), found.end(1))
        yield Symbol(Kind.METRIC, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)
    for found in _TYPE.finditer(file.text):
        if found[1] not in seen:
            seen.add(found[1])
            at = _at(file, starts, found.start(1), found.end(1))
            detail = MetricDefinition(found[2], None, "pushed", family=found[1])
            yield Symbol(Kind.METRIC, Action.DEFINES, Exact(found[1]), at, role=file.role, detail=detail)
    if not seen:
        pushed = _PUSHES.search(file.text)
        if pushed is not None:
            at = _at(file, starts, pushed.start(), pushed.end())
            yield Open(Kind.METRIC, "", "what is pushed here is not read", at)


def _declared_alike(name: str) -> bool:
    """Tell whether a name is built as metrics are, with a unit or another usual ending."""
    return name.endswith(
        ("_seconds", "_bytes", "_total", "_timestamp", "_success", "_status", "_time", "_size", "_count")
    )


def _at(file: SourceFile, starts: list[int], begin: int, end: int) -> Span:
    line = file.text.count("\n", 0, begin) + 1
    column = begin - starts[line - 1] + 1
    return Span(file.path, line, column, line, column + end - begin - 1)
