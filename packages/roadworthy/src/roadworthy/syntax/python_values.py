"""Which texts a Python expression can become, as far as one function shows."""

import ast
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from roadworthy.syntax.python import Function, Module

_HTTP_CLASS = "status-class"
MAXIMUM_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Value:
    """One possible text: `domain` is "exact", or "status-code", "status-class", "integer", "method", where `text` is "*"."""

    domain: str
    text: str


def values(module: Module, node: ast.expr, inside: Function | None, depth: int = 0) -> frozenset[Value] | None:
    """Return the texts an expression can become, None where that is not known."""
    if depth > MAXIMUM_DEPTH:
        return None
    match node:
        case ast.Constant(value=bool() | str() | int() as value):
            return frozenset({Value("exact", str(value))})
        case ast.IfExp(body=body, orelse=other):
            return _union(module, (body, other), inside, depth)
        case ast.BoolOp(values=parts):
            return _union(module, tuple(parts), inside, depth)
        case ast.JoinedStr(values=parts):
            return _joined(module, parts, inside, depth)
        case ast.Call(func=ast.Name(id="str" | "int"), args=[inner]):
            return values(module, inner, inside, depth + 1)
        case ast.Call(func=ast.Attribute(value=inner, attr="upper" | "lower" as change), args=[]):
            return _changed(values(module, inner, inside, depth + 1), change)
        case ast.Call(func=ast.Name(id=id)):
            return _returned(module, id, depth)
        case ast.Attribute(attr="status_code"):
            return frozenset({Value("status-code", "*")})
        case ast.Attribute(value=ast.Name(id=id), attr="method") if "req" in id.lower():
            return frozenset({Value("method", "*")})
        case ast.Subscript(value=ast.Name(id="scope"), slice=ast.Constant(value="method")):
            return frozenset({Value("method", "*")})
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id=owner), attr=member), attr="value"):
            return _member(module, owner, member)
        case ast.Attribute(value=ast.Name(id=owner), attr=member) if _class(module, owner):
            return _member(module, owner, member)
        case ast.Attribute(value=ast.Name(id=id), attr="value"):
            return _members_of(module, id, inside)
        case ast.Name(id=id):
            return _variable(module, id, inside, depth)
    return None


def _union(module: Module, nodes: tuple[ast.expr, ...], inside: Function | None, depth: int) -> frozenset[Value] | None:
    found = [values(module, node, inside, depth + 1) for node in nodes]
    if any(value is None for value in found):
        return None
    return frozenset().union(*(value for value in found if value is not None))


def _joined(module: Module, parts: list[ast.expr], inside: Function | None, depth: int) -> frozenset[Value] | None:
    match parts:
        case [ast.Constant(value=str(text))]:
            return frozenset({Value("exact", text)})
        case [ast.FormattedValue(value=inner, conversion=-1, format_spec=None)]:
            return values(module, inner, inside, depth + 1)
        case [ast.FormattedValue(value=inner), ast.Constant(value="xx")] if _hundreds(inner):
            return frozenset({Value(_HTTP_CLASS, "*")})
    return None


def _hundreds(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(op=ast.FloorDiv(), right=ast.Constant(value=100)):
            return True
        case ast.Call(func=ast.Name(id="int"), args=[ast.BinOp(op=ast.Div(), right=ast.Constant(value=100))]):
            return True
        case ast.Subscript(slice=ast.Constant(value=0)):
            return True
    return False


def _changed(found: frozenset[Value] | None, change: str) -> frozenset[Value] | None:
    if found is None or any(value.domain == "method" and change == "lower" for value in found):
        return None
    return frozenset(
        Value(v.domain, v.text.upper() if change == "upper" else v.text.lower()) if v.domain == "exact" else v
        for v in found
    )


def _returned(module: Module, name: str, depth: int) -> frozenset[Value] | None:
    functions = [node for node in module.tree.body if isinstance(node, Function) and node.name == name]
    if len(functions) != 1:
        return None
    returns = [node.value for node in module.below(functions[0]) if isinstance(node, ast.Return)]
    if not returns or any(value is None for value in returns):
        return None
    return _union(module, tuple(value for value in returns if value is not None), functions[0], depth)


def _class(module: Module, name: str) -> ast.ClassDef | None:
    return next((n for n in module.tree.body if isinstance(n, ast.ClassDef) and n.name == name), None)


def _members(owner: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        statement.targets[0].id: statement.value
        for statement in owner.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }


def _is_enum(owner: ast.ClassDef) -> bool:
    return any("Enum" in ast.unparse(base) for base in owner.bases)


def _member(module: Module, owner: str, member: str) -> frozenset[Value] | None:
    found = _class(module, owner)
    value = _members(found).get(member) if found else None
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return frozenset({Value("exact", value.value)})
    return None


def _members_of(module: Module, name: str, inside: Function | None) -> frozenset[Value] | None:
    """Return the values of the enumeration that a parameter is declared to be."""
    annotation = _annotation(name, inside)
    owner = _class(module, annotation.id) if isinstance(annotation, ast.Name) else None
    if owner is None or not _is_enum(owner):
        return None
    found = list(_members(owner).values())
    texts = [v.value for v in found if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return frozenset(Value("exact", text) for text in texts) if texts and len(texts) == len(found) else None


def _annotation(name: str, inside: Function | None) -> ast.expr | None:
    if inside is None:
        return None
    given = [*inside.args.posonlyargs, *inside.args.args, *inside.args.kwonlyargs]
    return next((argument.annotation for argument in given if argument.arg == name), None)


def assigned(module: Module, name: str, inside: Function | None) -> ast.expr | None:
    """Return the one expression a local name is ever assigned, None where there is none or are several."""
    if inside is None:
        return module.constants.get(name)
    found, other = _assignments(module, inside).get(name, ([], False))
    parameters = {a.arg for a in (*inside.args.posonlyargs, *inside.args.args, *inside.args.kwonlyargs)}
    return found[0] if len(found) == 1 and not other and name not in parameters else None


@lru_cache(maxsize=16)
def _variable(module: Module, name: str, inside: Function | None, depth: int) -> frozenset[Value] | None:
    if inside is None:
        return values(module, module.constants[name], None, depth + 1) if name in module.constants else None
    assigned, other = _assignments(module, inside).get(name, ([], False))
    parameters = {a.arg for a in (*inside.args.posonlyargs, *inside.args.args, *inside.args.kwonlyargs)}
    if other or (inside.args.vararg and inside.args.vararg.arg == name):
        return None
    if name in parameters:
        declared = _declared(_annotation(name, inside), name)
        if declared is None or not assigned:
            return declared
        rest = _union(module, tuple(assigned), inside, depth)
        return None if rest is None else declared | rest
    if assigned:
        return _union(module, tuple(assigned), inside, depth)
    return values(module, module.constants[name], None, depth + 1) if name in module.constants else None


@lru_cache(maxsize=8)
def _assignments(module: Module, inside: Function) -> dict[str, tuple[list[ast.expr], bool]]:
    """Map the local names of a function to what is assigned to each, and whether it also gets values in other ways."""
    assigned: dict[str, list[ast.expr]] = defaultdict(list)
    plain: set[int] = set()
    other: set[str] = set()
    for node in module.below(inside):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        assigned[target.id].append(value)
                        plain.add(id(target))
            case ast.AnnAssign(target=ast.Name(id=name) as target, value=ast.expr() as value):
                assigned[name].append(value)
                plain.add(id(target))
            case ast.For(target=ast.Name(id=name) as target, iter=ast.Tuple(elts=items) | ast.List(elts=items)):
                assigned[name] += items
                plain.add(id(target))
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                other.update(names)
    for node in module.below(inside):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in plain:
            other.add(node.id)
    return {name: (assigned[name], name in other) for name in {*assigned, *other}}


def _declared(annotation: ast.expr | None, name: str) -> frozenset[Value] | None:
    match annotation:
        case ast.Name(id="int"):
            status = "status" in name.lower() or name.lower() == "code"
            return frozenset({Value("status-code" if status else "integer", "*")})
        case ast.Name(id="bool"):
            return frozenset({Value("exact", "True"), Value("exact", "False")})
        case ast.Subscript(value=ast.Name(id="Literal") | ast.Attribute(attr="Literal"), slice=inner):
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            texts = [item.value for item in items if isinstance(item, ast.Constant)]
            return frozenset(Value("exact", str(text)) for text in texts) if len(texts) == len(items) else None
    return None
