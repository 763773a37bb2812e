"""Python code that deletes or overwrites rows: SQL in strings, `delete(Model)`, queries and sessions; and what calls it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from roadworthy.model.collector import Statement
from roadworthy.model.detail.table import CallsMade, RowsErased
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import python, sql
from roadworthy.syntax.python import Function
from roadworthy.syntax.python_tree import walk
from roadworthy.syntax.python_values import values

PROVIDES = frozenset({Kind.TABLE, Kind.CONSTRUCT})

_WORDS = "delet eras remov purg forget anonymis anonymiz destroy wipe gdpr scrub redact pseudonymis pseudonymiz".split()
_WORDS += ["close_account"]
_STATEMENT = re.compile(r"\b(delete\s+from|truncate|update\s+\S+\s+(?:as\s+\w+\s+|\w+\s+)?set)\b", re.IGNORECASE)
_SHORTEST = len("truncate") - 1
_UNREAD = re.compile(r"\b(?:DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|UPDATE)\s+\*", re.IGNORECASE)
_BEGUN = re.compile(r"\b(?:delete|truncate|update)\b", re.IGNORECASE)
_LOADING = frozenset({"get", "select", "query", "get_object_or_404"})
_QUERYING = frozenset({"query", "select", "get", "objects", "where", "filter", "filter_by", "with_only_columns"})


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise modules in which something is erased or a function is named for it."""
    lowered = file.text.lower()
    return any(word in lowered for word in _WORDS) or _STATEMENT.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what is deleted or overwritten, by the function that does it, and which functions that one calls."""
    module = python.module(file)
    candidates = [node for node in module.of(ast.Constant, ast.JoinedStr, ast.Call) if _may_erase(node)]
    inside = module.around if candidates else {}
    documents = {id(node.value) for node in module.of(ast.Expr) if isinstance(node.value, ast.Constant)}
    erasing: set[str] = set()
    parts = {id(value) for node in module.of(ast.JoinedStr) for value in node.values}
    for node in candidates:
        function = inside.get(node)
        name = function.name if function is not None else ""
        found: list[tuple[Name, str, str, bool]] = []
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in documents and id(node) not in parts:
            found = list(_sql(module, node, function))
        elif isinstance(node, ast.Call):
            found = list(_orm(module, node, function))
        for table, how, by, model in found:
            erasing.add(name)
            detail = RowsErased(how, name, by, model)
            yield Symbol(Kind.TABLE, Action.REFERS, table, module.span(node), role=file.role, detail=detail)
    called = _called(module)
    for made in module.functions:
        calls = called[made] - {""}
        if made.name in erasing or _named_for_it(made.name) or any(_named_for_it(call) for call in calls):
            detail_ = CallsMade(tuple(sorted(calls)), _method(made))
            yield Symbol(
                Kind.CONSTRUCT, Action.DEFINES, Exact(made.name), module.span(made), role=file.role, detail=detail_
            )


def _called(module: python.Module) -> dict[Function, set[str]]:
    """Return what each function calls, with what the functions inside it call."""
    found: dict[Function, set[str]] = defaultdict(set)
    for call in module.of(ast.Call):
        if (function := module.around.get(call)) is not None:
            found[function].add(_last(call.func))
    for inner in reversed([node for node in module.nodes if isinstance(node, Function)]):
        if (outer := module.around.get(inner)) is not None:
            found[outer] |= found[inner]
    return found


@lru_cache(maxsize=4096)
def _named_for_it(name: str) -> bool:
    return any(word in name for word in _WORDS)


def _may_erase(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return len(text) > _SHORTEST and _STATEMENT.search(text) is not None
        case ast.JoinedStr():
            return any(
                isinstance(v, ast.Constant) and isinstance(v.value, str) and _BEGUN.search(v.value) for v in node.values
            )
        case ast.Call():
            return _last(node.func) in ("delete", "update", "bulk_update")
    return False


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=id):
            return id
        case ast.Attribute(attr=attribute):
            return attribute
    return ""


def _method(node: Function) -> str:
    """Return "delete" and the path where the function answers DELETE requests, "" otherwise."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _last(decorator.func) == "delete" and decorator.args:
            path = decorator.args[0]
            return (
                f"delete {path.value}" if isinstance(path, ast.Constant) and isinstance(path.value, str) else "delete"
            )
    return ""


_Found = tuple[Name, str, str, bool]


def _sql(module: python.Module, node: ast.Constant | ast.JoinedStr, function: Function | None) -> Iterator[_Found]:
    for text in _texts(module, node, function):
        if not _STATEMENT.search(text) and not _UNREAD.search(text):
            continue
        for rows in sql.touched(sql.blanked(text)):
            if rows.how in ("delete", "update"):
                yield Exact(rows.table), rows.how, "sql", False
        if unread := _UNREAD.search(text):
            how = "update" if unread[0].upper().startswith("UPDATE") else "delete"
            yield Unreadable("the table is computed"), how, "sql", False


def _texts(module: python.Module, node: ast.Constant | ast.JoinedStr, function: Function | None) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    texts = [""]
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces = [part.value] if isinstance(part.value, str) else ["*"]
        else:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            known = values(module, inner, function)
            pieces = sorted(v.text for v in known if v.domain == "exact") if known else ["*"]
        texts = [text + piece for text in texts for piece in pieces or ["*"]][:64]
    return texts


def _orm(module: python.Module, node: ast.Call, function: Function | None) -> Iterator[_Found]:
    called = _last(node.func)
    if called in ("delete", "update") and isinstance(node.func, ast.Name) and len(node.args) == 1:
        dotted = module.dotted(node.func)
        name = _class(node.args[0])
        if name and dotted.startswith(("sqlalchemy", "sqlmodel")):
            yield Exact(name), called, "orm", True
        return
    if not isinstance(node.func, ast.Attribute) or called not in ("delete", "update", "bulk_update"):
        return
    owner = node.func.value
    if called == "delete" and len(node.args) == 1 and isinstance(owner, ast.Name | ast.Attribute):
        if re.fullmatch(r"(?:.*_)?(?:session|db|s|sess|conn|uow|database)", _last(owner).lower()):
            model = _type_of(module, node.args[0], function)
            named: Name = (
                Exact(model) if model else Unreadable(f"what `{ast.unparse(node)[:60]}` deletes is not declared")
            )
            yield named, "delete", "session", True
            return
        # sa.delete(Model)
        name = _class(node.args[0])
        if name and module.dotted(node.func).startswith(("sqlalchemy", "sqlmodel")):
            yield Exact(name), called, "orm", True
            return
    if isinstance(owner, ast.Call | ast.Attribute):
        name = _queried(owner)
        if name:
            yield Exact(name), "delete" if called == "delete" else "update", "orm", True
            return
    if called == "delete" and not node.args and isinstance(owner, ast.Name):
        model = _type_of(module, owner, function)
        if model:
            yield Exact(model), "delete", "session", True


def _class(node: ast.expr) -> str:
    name = _last(node)
    return name if name[:1].isupper() else ""


def _queried(node: ast.expr) -> str:
    """Return the class that a chain of calls selects from (`db.query(User).filter(…)`, `User.objects.filter(…)`)."""
    querying = False
    while True:
        match node:
            case ast.Call(func=ast.Attribute(attr="query"), args=[first, *_]) if _class(first):
                return _class(first)
            case ast.Call(func=func):
                node = func
            case ast.Attribute(value=value, attr=attribute):
                querying = querying or attribute in _QUERYING
                node = value
            case ast.Name(id=id):
                return id if querying and id[:1].isupper() else ""
            case _:
                return ""


def _type_of(module: python.Module, node: ast.expr, function: Function | None) -> str:
    """Return the class of an object, as far as the function that deletes it shows."""
    if not isinstance(node, ast.Name) or function is None:
        return ""
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == node.id and argument.annotation is not None:
            found = [n for n in walk(argument.annotation) if isinstance(n, ast.Name) and n.id[:1].isupper()]
            plain = [n.id for n in found if n.id not in ("Annotated", "Depends", "Optional", "CurrentUser")]
            return plain[0] if plain else "User" if found and found[0].id == "CurrentUser" else ""
    for inner in module.below(function):
        match inner:
            case ast.Assign(targets=[ast.Name(id=id)], value=value) if id == node.id:
                return _loaded(value)
            case ast.AnnAssign(target=ast.Name(id=id), annotation=annotation) if id == node.id:
                names = [n.id for n in walk(annotation) if isinstance(n, ast.Name) and n.id[:1].isupper()]
                return names[0] if names else ""
    return ""


def _loaded(value: ast.expr) -> str:
    """Return the class that `session.get(User, …)`, `select(User)` or a query loads."""
    for inner in walk(value):
        match inner:
            case ast.Call(func=func, args=[first, *_]) if _last(func) in _LOADING:
                if name := _class(first):
                    return name
            case ast.Attribute(value=ast.Name(id=id), attr="objects" | "query") if id[:1].isupper():
                return id
    return ""
