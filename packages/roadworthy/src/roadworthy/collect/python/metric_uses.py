"""What Python code does with metrics: increments and observations, and the values it gives their labels."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.metric import LabelsGiven, LabelValue, MetricTouch
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Pattern, Symbol, Unreadable
from roadworthy.syntax import python, python_values

PROVIDES = frozenset({Kind.LABEL_VALUE})

_METHODS = frozenset(
    {"labels", "inc", "dec", "set", "observe", "time", "track_inprogress", "count_exceptions", "set_function"}
    | {"set_to_current_time", "info", "state"}
)
_SPEAKS = re.compile(
    r"prometheus|metric|roadworthy_runtime|\.(labels|inc|dec|observe|track_inprogress)\(", re.IGNORECASE
)
# Where a value may stand, by the class of the node.
_HOLDING: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Call: ("args", "keywords"),
    ast.List: ("elts",),
    ast.Tuple: ("elts",),
    ast.Set: ("elts",),
    ast.Dict: ("values",),
    ast.Return: ("value",),
    ast.Assign: ("value",),
    ast.AnnAssign: ("value",),
    ast.Yield: ("value",),
    ast.NamedExpr: ("value",),
    ast.withitem: ("context_expr",),
    ast.Subscript: ("value",),
    ast.IfExp: ("body", "orelse"),
    ast.For: ("iter",),
}
_IMPORTS = re.compile(r"^[ \t]*from\s+[\w.]+\s+import\b", re.MULTILINE)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of metrics, or takes names from another that may."""
    return _IMPORTS.search(file.text) is not None or _SPEAKS.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each touch of what may be a metric, and the values of its labels.

    Whether a name is that of a metric is told when the modules are linked.
    """
    module = python.module(file)
    inside = module.around if ".labels(" in file.text else {}
    handled: set[int] = set()
    for node in module.of(ast.Call):
        match node.func:
            case ast.Attribute(value=ast.Name() | ast.Attribute() as holder, attr=method):
                if method not in _METHODS:
                    continue
                variable = _tail(module, holder)
                handled.add(id(holder))
                yield _touch(file, module, holder, variable, method)
                if method == "labels":
                    yield from _labelled(file, module, node, variable, inside.get(node))
    yield from _passed(file, module, handled)


def _touch(file: SourceFile, module: python.Module, node: ast.expr, variable: str, how: str) -> Symbol:
    return Symbol(
        Kind.METRIC, Action.REFERS, Exact(variable), module.span(node), role=file.role, detail=MetricTouch(how)
    )


def _labelled(
    file: SourceFile,
    module: python.Module,
    call: ast.Call,
    variable: str,
    inside: python.Function | None,
) -> Iterator[Symbol]:
    if not any(isinstance(a, ast.Starred) for a in call.args) and all(keyword.arg for keyword in call.keywords):
        names = tuple(keyword.arg or "" for keyword in call.keywords)
        detail = LabelsGiven(names, len(call.args), True)
        at = module.span(call)
        yield Symbol(Kind.LABEL, Action.REFERS, Exact(variable), at, role=file.role, detail=detail)
    for position, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            name = Unreadable("the labels are given as a list")
            yield _value(file, module, argument, LabelValue("exact", "", "", variable, -1), name)
            return
        yield from _values(file, module, argument, LabelValue("", "", "", variable, position), inside)
    for keyword in call.keywords:
        if keyword.arg is None:
            name = Unreadable("the labels are given as a dictionary")
            yield _value(file, module, keyword.value, LabelValue("exact", "", "", variable, -1), name)
            return
        yield from _values(file, module, keyword.value, LabelValue("", keyword.arg, "", variable), inside)


def _values(
    file: SourceFile,
    module: python.Module,
    node: ast.expr,
    what: LabelValue,
    inside: python.Function | None,
) -> Iterator[Symbol]:
    found = python_values.values(module, node, inside)
    if found is None:
        detail = LabelValue("exact", what.label, "", what.variable, what.position)
        given = python_values.assigned(module, node.id, inside) if isinstance(node, ast.Name) else None
        yield _value(file, module, node, detail, Unreadable(f"computed: {ast.unparse(given or node)[:60]}"))
        return
    for value in sorted(found, key=lambda v: (v.domain, v.text)):
        detail = LabelValue(value.domain, what.label, "", what.variable, what.position)
        name: Name = Exact(value.text) if value.domain == "exact" else Pattern("*")
        yield _value(file, module, node, detail, name)


def _value(file: SourceFile, module: python.Module, node: ast.expr, detail: LabelValue, name: Name) -> Symbol:
    return Symbol(Kind.LABEL_VALUE, Action.DEFINES, name, module.span(node), role=file.role, detail=detail)


def _passed(file: SourceFile, module: python.Module, handled: set[int]) -> Iterator[Symbol]:
    """Yield the names that stand where a value does: as an argument, in a list, returned, assigned to another name."""
    speaks = _SPEAKS.search(file.text) is not None
    for node in module.of(*_HOLDING):
        for value in _held(node):
            if isinstance(value, ast.Name | ast.Attribute) and id(value) not in handled:
                own = value.id if isinstance(value, ast.Name) else ""
                if own in module.imports or (speaks and (own in module.constants or not own)):
                    yield _touch(file, module, value, _tail(module, value), "passed")


def _held(node: ast.AST) -> Iterator[ast.AST]:
    for field in _HOLDING[type(node)]:
        value = getattr(node, field)
        for item in value if isinstance(value, list) else (value,):
            yield item.value if isinstance(item, ast.keyword) else item


def _tail(module: python.Module, node: ast.Name | ast.Attribute) -> str:
    """Return the last part of the name a metric has where it is declared, as far as this module knows."""
    return node.attr if isinstance(node, ast.Attribute) else module.dotted(node).rpartition(".")[2]
