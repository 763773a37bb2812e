"""What JavaScript code does with metrics: increments and observations, and the values it gives their labels."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.metric import LabelsGiven, LabelValue, MetricTouch
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Pattern, Symbol, Unreadable
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript, javascript_label_values
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_tree import unwrapped

PROVIDES = frozenset({Kind.LABEL_VALUE})

_METHODS = frozenset({"inc", "dec", "set", "observe", "startTimer", "labels", "setToCurrentTime"})
_GIVING = frozenset({"inc", "dec", "set", "observe", "startTimer", "labels"})
_SPEAKS = ("prom-client", "etric", ".inc(", ".dec(", ".observe(", ".startTimer(", ".setToCurrentTime(")
_IMPORTS = re.compile(r"""(?:from\s+|require\(\s*)["'](?:\.|@/|~/|src/)""")
_QUIET = re.compile(r"registerMetric\(\s*$")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of metrics, or takes names from another that may."""
    speaks = any(word in file.text for word in _SPEAKS) or _IMPORTS.search(file.text) is not None
    return (
        file.role is not FileRole.TEST
        and speaks
        and file.suffix not in (".tsx", ".jsx")
        and not javascript.is_generated(file)
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each touch of what may be a metric, and the values of its labels.

    Whether a name is that of a metric is told when the modules are linked.
    """
    module = javascript.module(file)
    injected = _injected(module) if "InjectMetric" in file.text else {}
    timers: dict[str, str] = {}
    for call in module.calls:
        if call.method not in _METHODS:
            continue
        called = call.node.child_by_field_name("function")
        holder = unwrapped(called.child_by_field_name("object")) if called is not None else None
        if holder is None:
            continue
        inner = module.call(holder)
        if inner is not None and inner.method == "getSingleMetric" and inner.arguments:
            family = values.string(module, inner.arguments[0])
            if family is not None:
                yield _touch(file, module, call.node, family, "by name")
            continue
        if holder.type not in ("identifier", "member_expression"):
            continue
        variable = _tail(module, holder)
        variable = injected.get(variable, variable)
        yield _touch(file, module, holder, variable, call.method)
        if call.method in _GIVING:
            yield from _labelled(file, module, call, variable)
        if call.method == "startTimer" and call.node.parent is not None:
            timers[_bound(module, call.node.parent)] = variable
    for call in module.calls if timers else ():
        if call.name in timers and call.arguments:
            yield from _labelled(file, module, call, timers[call.name], ends=True)
    yield from _passed(file, module)


def _bound(module: javascript.Module, node: Node) -> str:
    return module.text(node.child_by_field_name("name")) if node.type == "variable_declarator" else ""


def _injected(module: javascript.Module) -> dict[str, str]:
    """Map the members that Nest fills with a metric to the metric's name."""
    found: dict[str, str] = {}
    for decorator in module.of("decorator"):
        call = next((module.call(child) for child in decorator.named_children), None)
        if call is None or call.method != "InjectMetric" or not call.arguments or decorator.parent is None:
            continue
        family = values.string(module, call.arguments[0])
        holder = decorator.parent.child_by_field_name("pattern") or decorator.parent.child_by_field_name("name")
        if family is not None and holder is not None:
            found[module.text(holder)] = family
    return found


def _touch(file: SourceFile, module: javascript.Module, node: Node, variable: str, how: str) -> Symbol:
    return _touched(file, module.span(node), variable, how)


def _touched(file: SourceFile, at: Span, variable: str, how: str) -> Symbol:
    return Symbol(Kind.METRIC, Action.REFERS, Exact(variable), at, role=file.role, detail=MetricTouch(how))


def _tail(module: javascript.Module, node: Node) -> str:
    """Return the last part of the name a metric has where it is declared, as far as this module knows."""
    if node.type == "member_expression":
        return module.text(node.child_by_field_name("property")).lstrip("#")
    imported = module.imports.get(module.text(node))
    return imported.name if imported is not None and imported.name else module.text(node)


def _labelled(
    file: SourceFile, module: javascript.Module, call: javascript.Call, variable: str, *, ends: bool = False
) -> Iterator[Symbol]:
    given = call.arguments
    if not given:
        return
    first = values.resolved(module, given[0])
    if first is not None and first.type == "object":
        entries = list(values.entries(module, first))
        names = tuple(key for key, _ in entries)
        given_by_name = LabelsGiven(names, 0, False)
        at = module.span(given[0])
        yield Symbol(Kind.LABEL, Action.REFERS, Exact(variable), at, role=file.role, detail=given_by_name)
        for key, node in entries:
            yield from _values(file, module, node, variable, key, 0)
        if values.is_open(module, first):
            yield _value(
                file, module, given[0], LabelValue("exact", "", "", variable, -1), Unreadable("the labels are spread")
            )
        return
    if call.method == "labels" and not ends:
        if not any(node.type == "spread_element" for node in given):
            detail = LabelsGiven((), len(given), True)
            at = module.span(call.node)
            yield Symbol(Kind.LABEL, Action.REFERS, Exact(variable), at, role=file.role, detail=detail)
        for position, node in enumerate(given):
            if node.type == "spread_element":
                why = Unreadable("the labels are given as a list")
                yield _value(file, module, node, LabelValue("exact", "", "", variable, -1), why)
                return
            yield from _values(file, module, node, variable, "", position)
        return
    # `inc(2)`, `observe(seconds)` and `set(1)` give a number and no label; `observe(labels, seconds)` gives both.
    if len(given) > 1 or ends or call.method == "startTimer":
        why = Unreadable(f"the labels are `{' '.join(module.text(given[0]).split())[:40]}`")
        yield _value(file, module, given[0], LabelValue("exact", "", "", variable, -1), why)
    elif call.method in ("inc", "dec") and first is not None and first.type not in ("number", "binary_expression"):
        why = Unreadable("what is handed over may be labels")
        yield _value(file, module, given[0], LabelValue("exact", "", "", variable, -1), why)


def _values(
    file: SourceFile, module: javascript.Module, node: Node, variable: str, label: str, position: int
) -> Iterator[Symbol]:
    found = javascript_label_values.texts(module, node)
    if found is None:
        given = values.resolved(module, node) or node
        name: Name = Unreadable(f"computed: {' '.join(module.text(given).split())[:60]}")
        yield _value(file, module, node, LabelValue("exact", label, "", variable, position), name)
        return
    for value in sorted(found, key=lambda v: (v.domain, v.text)):
        name = Exact(value.text) if value.domain == "exact" else Pattern("*")
        yield _value(file, module, node, LabelValue(value.domain, label, "", variable, position), name)


def _value(file: SourceFile, module: javascript.Module, node: Node, detail: LabelValue, name: Name) -> Symbol:
    return Symbol(Kind.LABEL_VALUE, Action.DEFINES, name, module.span(node), role=file.role, detail=detail)


def _passed(file: SourceFile, module: javascript.Module) -> Iterator[Symbol]:
    """Yield the first place where a name that may be a metric's stands as a value: as an argument, in a list, returned."""
    own = set(_declared(module))
    taken = {
        name: found.name or name
        for name, found in module.imports.items()
        if found.module.startswith((".", "@/", "~/", "src/"))
    }
    if not own and not taken:
        return
    names = "|".join(re.escape(name) for name in sorted({*own, *taken}))
    done: set[str] = set()
    for found in re.finditer(rf"(?<![\w.$\"'])({names})(?=\s*[,)\]}};])", file.text):
        name, start = found[1], file.text.rfind("\n", 0, found.start()) + 1
        before = file.text[start : found.start()]
        if name in done or _QUIET.search(before) or len(before) > 5_000:
            continue
        if (
            not before.lstrip().startswith(("import ", "export {", "//", "*", "}", "const {"))
            and "require(" not in before
        ):
            done.add(name)
            line = file.text.count("\n", 0, start) + 1
            column = found.start() - start + 1
            at = Span(file.path, line, column, line, column + len(name) - 1)
            yield _touched(file, at, taken.get(name, name), "passed")


def _declared(module: javascript.Module) -> Iterator[str]:
    for call in module.calls:
        if call.name.startswith("prom-client.") and call.node.parent is not None:
            yield _bound(module, call.node.parent)
