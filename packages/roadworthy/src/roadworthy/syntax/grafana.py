"""Grafana's dashboards: what their panels, variables and annotations ask, with places; and the variables in expressions."""

import bisect
import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax import promql, yaml
from roadworthy.syntax.problem import SyntaxProblem
from roadworthy.syntax.promql_statements import VARIABLE, VARIABLE_SECONDS

MAXIMUM_DEPTH = 40
MAXIMUM_EXPRESSIONS = 5_000

_ASKED = re.compile(r'"(?:expr|query|definition|uid|datasource)"\s*:\s*"((?:[^"\\\n]|\\.)*)"')
_NAME = r"(?:\$\{\w+(?::[^}]*)?\}|\$\w+|\[\[\w+(?::\w+)?\]\])"
_PARTS = re.compile(
    rf"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?P<range>\[[^\[\]]*{_NAME}[^\[\]]*\])"""
    rf"""|(?P<offset>\boffset\s+{_NAME})|(?P<number>\$__\w+_(?:s|ms)\b|\$\{{__\w+_(?:s|ms)\}})|(?P<name>{_NAME})""",
    re.VERBOSE,
)
_VARIABLE_PART = re.compile(_NAME)
_LABEL_VALUES = re.compile(r"\s*label_values\(\s*(?:(.*),\s*)?([A-Za-z_]\w*)\s*\)\s*", re.DOTALL)
_QUERY_RESULT = re.compile(r"\s*query_result\((.*)\)\s*", re.DOTALL)
_OTHERS = re.compile(
    r"loki|tempo|jaeger|zipkin|elastic|opensearch|influx|postgres|mysql|mssql|cloudwatch|stackdriver|graphite|testdata|"
    r"azure|athena|bigquery|clickhouse|pyroscope|__expr__|dashboard|grafana --|alertmanager",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression something of a dashboard asks: `user` is the panel or variable; `label` the one whose values a
    variable wants."""

    expression: str
    user: str
    at: Span
    label: str = ""


@dataclass(slots=True)
class Document:
    """A dashboard as written."""

    title: str
    uid: str
    panels: int = 0
    asked: list[Asked] = field(default_factory=list)
    datasources: dict[str, tuple[str, Span]] = field(default_factory=dict)


def dashboard(file: SourceFile, text: str, first_line: int, last_line: int) -> Document | None:
    """Read the dashboard whose text stands between two lines of a file; None where it is none; raise SyntaxProblem."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as problem:
        raise SyntaxProblem(problem.msg, first_line + problem.lineno - 1, problem.colno) from problem
    except (RecursionError, ValueError) as problem:
        raise SyntaxProblem("not readable as JSON (nested too deeply, or a number out of range)") from problem
    if isinstance(value, dict) and isinstance(value.get("dashboard"), dict):
        value = value["dashboard"]
    if not isinstance(value, dict) or not (
        isinstance(value.get("panels"), list) or isinstance(value.get("rows"), list)
    ):
        return None
    places = _Places(file, first_line, last_line)
    found = Document(_text(value.get("title")), _text(value.get("uid")))
    _variables(value, found, places)
    _panels(value, found, places)
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


class _Places:
    """Where each text stands, in the order of the file."""

    def __init__(self, file: SourceFile, first_line: int, last_line: int) -> None:
        self._path = file.path
        text = file.text
        starts = [0, *(found.end() for found in re.finditer("\n", text))]
        begin = starts[min(first_line, len(starts)) - 1]
        end = starts[last_line] if last_line < len(starts) else len(text)
        self.whole = Span(file.path, first_line, 1, last_line, 1)
        self._found: dict[str, deque[Span]] = defaultdict(deque)
        for match in _ASKED.finditer(text, begin, end):
            try:
                value = json.loads(f'"{match[1]}"')
            except ValueError:
                continue
            line = bisect.bisect_right(starts, match.start(1))
            column = match.start(1) - starts[line - 1] + 1
            self._found[value].append(Span(file.path, line, column, line, column + max(len(match[1]) - 1, 0)))

    def next(self, value: str) -> Span:
        """Return the place of the next text of this value."""
        waiting = self._found.get(value)
        if not waiting:
            return self.whole
        return waiting.popleft() if len(waiting) > 1 else waiting[0]


def _panels(root: dict[str, Any], found: Document, places: _Places) -> None:
    stack: list[tuple[Any, Any, int]] = [(root, None, 0)]
    while stack:
        node, inherited, depth = stack.pop()
        if not isinstance(node, dict) or depth > MAXIMUM_DEPTH or len(found.asked) > MAXIMUM_EXPRESSIONS:
            continue
        source = node.get("datasource") or inherited
        targets = node.get("targets")
        if isinstance(targets, list):
            found.panels += 1
            for target in targets:
                if isinstance(target, dict):
                    _target(node, target, target.get("datasource") or source, found, places)
        for key in ("panels", "rows"):
            below = node.get(key)
            if isinstance(below, list):
                stack += [(item, source, depth + 1) for item in reversed(below)]


def _target(panel: dict[str, Any], target: dict[str, Any], source: Any, found: Document, places: _Places) -> None:
    expression = _text(target.get("expr"))
    _source(source, found, places)
    if expression and not _other(source):
        title = _text(panel.get("title")) or "panel"
        found.asked.append(Asked(expression, title, places.next(expression)))


def _source(source: Any, found: Document, places: _Places) -> None:
    uid = _text(source.get("uid")) if isinstance(source, dict) else _text(source)
    kind = _text(source.get("type")) if isinstance(source, dict) else ""
    if uid and uid not in found.datasources and "$" not in uid and not uid.startswith(("-- ", "__")):
        found.datasources[uid] = (kind, places.next(uid))


def _other(source: Any) -> bool:
    """Tell whether a data source is of another kind than Prometheus."""
    kind = _text(source.get("type")) if isinstance(source, dict) else _text(source)
    return bool(_OTHERS.search(kind)) and "prometheus" not in kind.lower()


def _variables(root: dict[str, Any], found: Document, places: _Places) -> None:
    templating, annotations = root.get("templating"), root.get("annotations")
    for holder, word in ((templating, "variable"), (annotations, "annotation")):
        listed = holder.get("list") if isinstance(holder, dict) else None
        for item in listed if isinstance(listed, list) else ():
            if not isinstance(item, dict) or _other(item.get("datasource")):
                continue
            query = item.get("query") if word == "variable" else item.get("expr")
            text = _text(query.get("query")) if isinstance(query, dict) else _text(query)
            if word == "variable" and item.get("type") != "query":
                continue
            asked = _asked(text, f"{word} {_text(item.get('name'))}", word, places)
            if asked is not None:
                found.asked.append(asked)


def _asked(text: str, user: str, word: str, places: _Places) -> Asked | None:
    if word == "annotation":
        return Asked(text, user, places.next(text)) if text else None
    if values := _LABEL_VALUES.fullmatch(text):
        metric = (values[1] or "").strip()
        return Asked(metric, user, places.next(text), values[2]) if metric else None
    result = _QUERY_RESULT.fullmatch(text)
    return Asked(result[1].strip(), user, places.next(text)) if result else None


def parse(expression: str) -> promql.Expression:
    """Parse an expression with the variables of a dashboard in it; raise SyntaxProblem where it is none."""
    try:
        return promql.parse(_plain(expression, VARIABLE))
    except SyntaxProblem:
        return promql.parse(_plain(expression, "5"))


def _plain(expression: str, name: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        match match.lastgroup:
            case "text":
                return match[0]
            case "range":
                inner = match[0][1:-1]
                return "[" + _VARIABLE_PART.sub(f"{VARIABLE_SECONDS}s", inner) + "]"
            case "offset":
                return "offset 5m"
            case "number":
                return "5"
        return name

    return _PARTS.sub(replaced, expression)


def scalar(asked: Asked) -> yaml.Scalar:
    """Return an expression as a node, for its places."""
    return yaml.Scalar(asked.expression, False, asked.at)


def expressions(document: Document) -> Iterator[tuple[Asked, promql.Expression]]:
    """Yield what a dashboard asks of Prometheus, parsed; what does not parse is left out."""
    for asked in document.asked:
        try:
            yield asked, parse(asked.expression)
        except SyntaxProblem:
            continue
