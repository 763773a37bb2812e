"""Migrations in Python, Alembic's and Django's: which follows which, and what in them cannot be taken back."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.release import MigrationStep
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk
from roadworthy.syntax.sql_harm import harms

PROVIDES = frozenset({Kind.COLUMN})

_DROPS = {"drop_column": "drop column", "drop_table": "drop table", "rename_table": "rename"}
_DJANGO = {"RemoveField": "drop column", "DeleteModel": "drop table", "RenameField": "rename", "RenameModel": "rename"}
_ALEMBIC = re.compile(r"^down_revision\s*(?::[^=\n]+)?=", re.MULTILINE)
_FILLED = frozenset({"server_default", "default", "primary_key", "autoincrement"})


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a migration by its `down_revision`, or by Django's `migrations.Migration`."""
    return "migrations.Migration" in file.text or _ALEMBIC.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the migration and each step of it that does harm."""
    module = python.module(file)
    if "migrations.Migration" in file.text:
        yield from _django(file, module)
    else:
        yield from _alembic(file, module)


def _alembic(file: SourceFile, module: python.Module) -> Iterator[Symbol]:
    known = dict(_assigned(module.tree.body))
    revision = _texts(known.get("revision"))
    if len(revision) != 1:
        return
    after = _texts(known.get("down_revision"))
    functions = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
    up, down = functions.get("upgrade"), functions.get("downgrade")

    def says(harm: str, name: str, node: ast.AST) -> Symbol:
        at = module.span(node) if isinstance(node, ast.expr | ast.stmt) else module.span(module.tree.body[0])
        detail = MigrationStep("alembic", harm, file.folder, revision[0], after, not after)
        return Symbol(Kind.COLUMN, Action.DEFINES, Exact(name), at, "", "migration", file.role, detail)

    yield says("", revision[0], known["revision"])
    if up is None:
        return
    calls = [node for node in walk(up) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    made = {_first(call) for call in calls if _name(call) == "create_table"}
    backfills = any(_name(call) == "execute" for call in calls)
    for call in calls:
        name = _name(call)
        if name in _DROPS and not (name == "drop_table" and _first(call) in made):
            yield says(_DROPS[name], _about(call), call)
        elif name == "alter_column" and _keyword(call, "new_column_name") is not None:
            yield says("rename", _about(call), call)
        elif name == "alter_column" and _is(call, "nullable", False) and not backfills:
            if not _given(call, "server_default"):
                yield says("required column", _about(call), call)
        elif name == "add_column" and _required(call):
            yield says("required column", _about(call), call)
        elif name == "execute":
            for harm, subject in harms(_text_of(call)):
                yield says(harm, subject, call)
    if calls and down is not None and _empty(down):
        yield says("no way back", revision[0], down)
    elif calls and down is None:
        yield says("no way back", revision[0], up)


def _django(file: SourceFile, module: python.Module) -> Iterator[Symbol]:
    found = next((n for n in module.tree.body if isinstance(n, ast.ClassDef) and n.name == "Migration"), None)
    if found is None:
        return
    known = dict(_assigned(found.body))
    revision = file.name.removesuffix(".py")
    app = file.folder.rpartition("/")[0].rpartition("/")[2]
    pairs = known.get("dependencies")
    after = tuple(
        texts[1]
        for item in (pairs.elts if isinstance(pairs, ast.List | ast.Tuple) else ())
        if len(texts := _texts(item)) == 2 and texts[0] in (app, app.replace("-", "_"))
    )
    initial = known.get("initial")
    first = isinstance(initial, ast.Constant) and initial.value is True

    def says(harm: str, name: str, node: ast.expr | ast.stmt) -> Symbol:
        detail = MigrationStep("django", harm, file.folder, revision, after, first)
        return Symbol(Kind.COLUMN, Action.DEFINES, Exact(name), module.span(node), "", "migration", file.role, detail)

    yield says("", revision, found)
    operations = known.get("operations")
    for call in walk(operations) if operations is not None else ():
        if not isinstance(call, ast.Call):
            continue
        name = _name(call)
        if name in _DJANGO:
            parts = [_keyword(call, key) for key in ("model_name", "name", "old_name")]
            shown = ".".join(text for part in parts for text in _texts(part)) or name
            yield says(_DJANGO[name], shown, call)
        elif name == "RunPython" and len(call.args) < 2 and _keyword(call, "reverse_code") is None:
            yield says("no way back", "RunPython", call)
        elif name == "RunSQL":
            for harm, subject in harms(_text_of(call)):
                yield says(harm, subject, call)
            if len(call.args) < 2 and _keyword(call, "reverse_sql") is None:
                yield says("no way back", "RunSQL", call)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for statement in body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                yield name, value


def _texts(node: ast.expr | None) -> tuple[str, ...]:
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(text for item in items for text in _texts(item))
    return ()


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _given(call: ast.Call, name: str) -> bool:
    value = _keyword(call, name)
    return value is not None and not (isinstance(value, ast.Constant) and value.value in (None, False))


def _is(call: ast.Call, name: str, value: object) -> bool:
    node = _keyword(call, name)
    return isinstance(node, ast.Constant) and node.value is value


def _first(call: ast.Call) -> str:
    return next(iter(_texts(call.args[0])), "") if call.args else ""


def _about(call: ast.Call) -> str:
    names = [text for argument in call.args[:2] for text in _texts(argument)]
    names += [_first(argument) for argument in call.args[:2] if isinstance(argument, ast.Call)]
    return ".".join(name for name in names if name) or _name(call)


def _required(call: ast.Call) -> bool:
    column = next((a for a in call.args if isinstance(a, ast.Call) and _name(a) == "Column"), None)
    return column is not None and _is(column, "nullable", False) and not any(_given(column, f) for f in _FILLED)


def _text_of(call: ast.Call) -> str:
    return " ".join(
        node.value
        for argument in call.args[:1]
        for node in walk(argument)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _empty(function: ast.FunctionDef) -> bool:
    body = [
        statement
        for statement in function.body
        if not isinstance(statement, ast.Pass)
        and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]
    return not body or isinstance(body[0], ast.Raise)
