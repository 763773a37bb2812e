"""JavaScript code that deletes or overwrites rows: SQL in strings, Prisma, TypeORM, Sequelize, Knex, Drizzle, Mongoose."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.table import CallsMade, RowsErased
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript, sql
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_browser import in_browser
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, unwrapped

PROVIDES = frozenset({Kind.TABLE, Kind.CONSTRUCT})

_WORDS = "delet eras remov purg forget anonymis anonymiz destroy wipe gdpr scrub redact pseudonym truncate".split()
_STATEMENT = re.compile(r"\b(delete\s+from|truncate|update\s+\S+\s+(?:as\s+\w+\s+|\w+\s+)?set)\b", re.IGNORECASE)
_UNREAD = re.compile(r"\b(?:DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|UPDATE)\s+\$\{", re.IGNORECASE)
_DELETING = frozenset(
    {"delete", "deleteMany", "deleteOne", "destroy", "remove", "softDelete", "softRemove", "findByIdAndDelete", "del"}
    | {"findOneAndDelete", "findByIdAndRemove", "findOneAndRemove", "truncate"}
)
# The row stays, marked as deleted.
_MARKING = frozenset({"softDelete", "softRemove"})
_OVERWRITING = frozenset({"update", "updateMany", "updateOne", "findByIdAndUpdate", "findOneAndUpdate"})
_PRISMA = re.compile(r"(?:.*[._])?(?:prisma\w*|tx|db|client|database|trx)", re.IGNORECASE)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise modules in which something is erased or a function is named for it."""
    lowered = file.text.lower()
    speaks = any(word in lowered for word in _WORDS)
    return file.role is not FileRole.TEST and speaks and not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what is deleted or overwritten, by the function that does it, and which functions that one calls."""
    module = javascript.module(file)
    erasing: set[str] = set()
    for node in module.of("string", "template_string"):
        text = module.text(node)
        if len(text) > 14 and _STATEMENT.search(text):
            function = _around(module, node)
            for table, how in _sql(text[1:-1]):
                erasing.add(function)
                yield _rows(file, module, node, table, RowsErased(how, function, "sql"))
    for call in module.calls:
        if call.method in _DELETING or call.method in _OVERWRITING:
            name = _model(module, call)
            if name is not None:
                function = _around(module, call.node)
                erasing.add(function)
                how = "soft" if call.method in _MARKING else "delete" if call.method in _DELETING else "update"
                yield _rows(file, module, call.node, name, RowsErased(how, function, "orm", True))
    yield from _functions(file, module, erasing)


def _rows(file: SourceFile, module: javascript.Module, node: Node, name: Name, detail: RowsErased) -> Symbol:
    return Symbol(Kind.TABLE, Action.REFERS, name, module.span(node), role=file.role, detail=detail)


def _sql(text: str) -> Iterator[tuple[Name, str]]:
    for rows in sql.touched(sql.blanked(text)):
        if rows.how in ("delete", "update"):
            yield Exact(rows.table), rows.how
    if unread := _UNREAD.search(text):
        yield Unreadable("the table is computed"), "update" if unread[0].upper().startswith("UPDATE") else "delete"


def _model(module: javascript.Module, call: javascript.Call) -> Name | None:
    """Return the class or table whose rows a call deletes or overwrites; None where it is about something else."""
    function = call.node.child_by_field_name("function")
    owner = unwrapped(function.child_by_field_name("object")) if function is not None else None
    if owner is None:
        return None
    text = module.text(owner)
    if owner.type == "member_expression":
        holder = module.text(owner.child_by_field_name("object"))
        last = module.text(owner.child_by_field_name("property"))
        typed = _typed(module, last) if holder == "this" else None
        if typed is not None:
            return typed
        if _PRISMA.fullmatch(holder.removeprefix("this.")) and last[:1].islower():
            return Exact(last[:1].upper() + last[1:])
        return _repository(last)
    if owner.type == "identifier":
        if call.method in ("delete", "update") and call.arguments and re.fullmatch(r"(?i)db|tx|database|orm|trx", text):
            given = call.arguments[0]
            return Exact(module.text(given)) if given.type == "identifier" else None
        if text[:1].isupper() and text not in ("Map", "Set", "Object", "Array", "Promise", "Reflect", "Axios"):
            return Exact(text)
        return _repository(text)
    return _chained(module, owner)


def _typed(module: javascript.Module, name: str) -> Name | None:
    """Return the class a field is the repository of: `private readonly guests: Repository<Guest>`."""
    declared = rf"{re.escape(name)}\s*[?!]?\s*:\s*(?:\w*Repository|\w*Model)\s*<\s*(\w+)"
    found = re.search(rf"(?<![\w.]){declared}", module.text(module.tree.root))
    return Exact(found[1]) if found is not None else None


def _repository(name: str) -> Name | None:
    found = re.fullmatch(r"#?_?(\w+?)_?(?:[Rr]epository|[Rr]epo|[Mm]odel|[Cc]ollection)", name)
    return Exact(found[1][:1].upper() + found[1][1:]) if found is not None else None


def _chained(module: javascript.Module, node: Node) -> Name | None:
    """Return the table of `knex("users").where(…)`, the class of `getRepository(User)` or `manager.getRepository(User)`."""
    current: Node | None = node
    for _ in range(12):
        call = module.call(current)
        if call is None or current is None:
            return None
        first = call.arguments[0] if call.arguments else None
        if call.method in ("getRepository", "getMongoRepository", "model") and first is not None:
            text = values.string(module, first)
            return Exact(text or module.text(first))
        if re.fullmatch(r"(?:.*\.)?(?:knex|db|trx|tx|database)", call.name) or call.method in ("from", "table", "into"):
            text = values.string(module, first) if first is not None else None
            return Exact(text.lower()) if text is not None else None
        function = current.child_by_field_name("function")
        current = function.child_by_field_name("object") if function is not None else None
    return None


def _around(module: javascript.Module, node: Node) -> str:
    """Return the name of the function a node stands in: of the innermost that has one."""
    for function in enclosing(node, *FUNCTIONS):
        name = _name(module, function)
        if name:
            return name
    return ""


def _name(module: javascript.Module, function: Node) -> str:
    own = function.child_by_field_name("name")
    above = function.parent
    if own is None and above is not None and above.type in ("variable_declarator", "pair", "public_field_definition"):
        own = above.child_by_field_name("name") or above.child_by_field_name("key")
    if own is None and above is not None and above.type == "assignment_expression":
        return module.text(above.child_by_field_name("left")).rpartition(".")[2]
    if own is None and above is not None and above.type == "arguments" and above.parent is not None:
        route = module.call(above.parent)
        if route is not None and route.method in ("delete", "post", "put", "patch") and route.arguments:
            path = values.string(module, route.arguments[0])
            if path is not None and route.arguments[0] != function:
                return f"{route.method} {path}"
    return module.text(own)


def _functions(file: SourceFile, module: javascript.Module, erasing: set[str]) -> Iterator[Statement]:
    """Yield the functions that erase, or are named for it, with what they call."""
    called: dict[str, set[str]] = defaultdict(set)
    places: dict[str, Node] = {}
    for function in module.of(*FUNCTIONS):
        name = _name(module, function)
        if not name:
            continue
        inner = {_last(module, call) for call in module.below(function, "call_expression")}
        if name in erasing or _named_for_it(name) or any(_named_for_it(one) for one in inner):
            called[name] |= inner - {""}
            places.setdefault(name, function)
    for name, node in places.items():
        method = name if name.startswith("delete /") else ""
        detail = CallsMade(tuple(sorted(called[name])), method)
        yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(node), role=file.role, detail=detail)


def _last(module: javascript.Module, node: Node) -> str:
    function = node.child_by_field_name("function")
    if function is None:
        return ""
    if function.type == "member_expression":
        return module.text(function.child_by_field_name("property"))
    return module.text(function) if function.type == "identifier" else ""


def _named_for_it(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _WORDS)
