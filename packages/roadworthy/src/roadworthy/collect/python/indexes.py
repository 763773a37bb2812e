"""Indexes that Python models and migrations make, and the columns by which queries look rows up."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.index import ColumnsPlain, IndexDropped, IndexMade, RowsAsked
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python, sql_indexes
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = (
    "__tablename__",
    "Column(",
    "mapped_column(",
    "create_table",
    "create_index",
    "models.Model",
    "migrations.Migration",
    ".where(",
    ".filter",
    "SELECT",
    "CREATE",
    "UPDATE",
)
# What a migration asks for is asked once.
_MIGRATION = re.compile(r"(^|/)(migrations|alembic|versions)/")
_KEYS = frozenset({"primary_key", "unique", "index", "db_index"})
_UNDOING = frozenset({"drop_index", "drop_column", "drop_table", "rename_table", "alter_column"})
_STEPS = frozenset(
    {"CreateModel", "AddField", "AddIndex", "AlterField", "RemoveField", "RenameField", "RemoveIndex", "RenameModel"}
    | {"DeleteModel", "AlterIndexTogether", "RenameIndex"}
)
_LEADING = frozenset({"Index", "UniqueConstraint", "PrimaryKeyConstraint", "ForeignKeyConstraint"})
_RELATED = frozenset({"ForeignKey", "OneToOneField", "SlugField", "AutoField", "BigAutoField"})


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with models, migrations or queries."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the leading column of every index, and the columns every query asks for."""
    reader = _Reader(file, python.module(file))
    migrates = _MIGRATION.search(file.path) is not None
    # Classes of a migration tell only the columns that it touches.
    for owner in () if migrates else reader.module.of(ast.ClassDef):
        yield from reader.model(owner)
    for call in reader.module.of(ast.Call):
        yield from reader.migrated(call)
        if migrates and "migrations.Migration" in file.text:
            yield from reader.altered(call)
        if not migrates:
            yield from reader.queried(call)
    for text in reader.module.of(ast.Constant):
        if isinstance(text.value, str) and len(text.value) > 20:
            found = reader.written(text, text.value)
            yield from (one for one in found if not (migrates and one.action is Action.REFERS))


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _symbol(self, action: Action, name: str, at: Span, detail: Detail) -> Symbol:
        return Symbol(Kind.CONSTRUCT, action, Exact(name), at, role=self.file.role, detail=detail)

    def _made(
        self,
        table: str,
        column: str,
        node: ast.expr | ast.stmt,
        *,
        by: str,
        model: bool = False,
        stated: bool = False,
        foreign: bool = False,
    ) -> Symbol:
        at = self.module.span(node)
        return self._symbol(Action.DEFINES, table, at, IndexMade(column.lower(), by, model, stated, foreign))

    def model(self, owner: ast.ClassDef) -> Iterator[Symbol]:
        """Yield the indexed columns of a mapped class."""
        names = [self.module.dotted(base) for base in owner.bases]
        django = any(name.endswith("models.Model") for name in names)
        mapped = any(
            isinstance(s, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__tablename__" for t in s.targets)
            for s in owner.body
        ) or any(k.arg == "table" for k in owner.keywords)
        # The name of the table may come from a base class.
        mapped = mapped or any(self._is_column(s) for s in owner.body)
        if not (django or mapped):
            return
        if django:
            yield self._made(owner.name, "id", owner, by="model", model=True)
            yield self._made(owner.name, "pk", owner, by="model", model=True)
        plain: list[str] = []
        for statement in owner.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as value)
                ):
                    if django and not self._is_indexed(value):
                        plain.append(name.lower())
                    if self._is_indexed(value):
                        stated = self._is_stated(value)
                        yield self._made(owner.name, name, value, by="model", model=True, stated=stated)
                        yield self._made(owner.name, f"{name}_id", value, by="model", model=True)
                case ast.Assign(targets=[ast.Name(id="__table_args__")], value=value):
                    for call in walk(value):
                        if isinstance(call, ast.Call):
                            yield from self._leading(owner.name, call, "model", model=True)
                case ast.ClassDef(name="Meta"):
                    for text in walk(statement):
                        if isinstance(text, ast.Constant) and isinstance(text.value, str):
                            yield self._made(owner.name, text.value.lstrip("-"), statement, by="model", model=True)

        if plain:
            yield self._symbol(Action.DEFINES, owner.name, self.module.span(owner), ColumnsPlain(tuple(plain)))

    def _is_stated(self, call: ast.Call) -> bool:
        """Tell whether a column has an index for its own sake, under the name of its attribute."""
        given = {k.arg for k in call.keywords if isinstance(k.value, ast.Constant) and k.value.value is True}
        last = self.module.dotted(call.func).rpartition(".")[2]
        renamed = any(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in call.args)
        renamed = renamed or any(k.arg in ("db_column", "name", "sa_column") for k in call.keywords)
        keyed = bool(given & {"primary_key", "unique"})
        return bool(given & {"index", "db_index"}) and not keyed and not renamed and last not in _RELATED

    def _is_column(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Assign(value=ast.Call(func=called)) | ast.AnnAssign(value=ast.Call(func=called)):
                return self.module.dotted(called).rpartition(".")[2] in ("Column", "mapped_column")
        return False

    def _is_indexed(self, call: ast.Call) -> bool:
        for keyword in call.keywords:
            if keyword.arg in _KEYS and isinstance(keyword.value, ast.Constant) and keyword.value.value is True:
                return True
            if keyword.arg == "foreign_key":
                return True
        last = self.module.dotted(call.func).rpartition(".")[2]
        inner = [self.module.dotted(a.func).rpartition(".")[2] for a in call.args if isinstance(a, ast.Call)]
        return last in _RELATED or "ForeignKey" in inner

    def _is_keyed(self, call: ast.Call) -> bool:
        """Tell whether a column is told to have a key or an index, beside a foreign key."""
        return any(
            k.arg in _KEYS and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords
        )

    def _leading(self, table: str, call: ast.Call, by: str, *, model: bool = False) -> Iterator[Symbol]:
        last = self.module.dotted(call.func).rpartition(".")[2]
        if last not in _LEADING:
            return
        arguments = call.args[1:] if last == "Index" else call.args
        first = arguments[0] if arguments else None
        if isinstance(first, ast.List):
            first = first.elts[0] if first.elts else None
        column = (
            first.value if isinstance(first, ast.Constant) else first.attr if isinstance(first, ast.Attribute) else None
        )
        if isinstance(first, ast.Name):
            column = first.id
        if isinstance(column, str):
            foreign = last == "ForeignKeyConstraint"
            stated = last == "Index" and not any(k.arg in ("unique", "postgresql_where") for k in call.keywords)
            yield self._made(table, column, call, by=by, model=model, stated=stated, foreign=foreign)

    def altered(self, call: ast.Call) -> Iterator[Symbol]:
        """Yield what a step of a migration of Django indexes, or takes back."""
        last = self.module.dotted(call.func).rpartition(".")[2]
        if last not in _STEPS:
            return
        given = {k.arg: k.value for k in call.keywords if k.arg}
        named = given.get("name" if last in ("CreateModel", "DeleteModel") else "model_name")
        if named is None and call.args:
            named = call.args[0]
        table = named.value.lower() if isinstance(named, ast.Constant) and isinstance(named.value, str) else "*"
        if last not in ("CreateModel", "AddField", "AddIndex"):
            about = given.get("name")
            text = about.value if last in ("AlterField", "RemoveField") and isinstance(about, ast.Constant) else "*"
            at = self.module.span(call)
            yield self._symbol(Action.REFERS, table, at, IndexDropped(str(text).lower()))
        for node in walk(call):
            match node:
                case ast.Tuple(elts=[ast.Constant(value=str(name)), ast.Call() as value]) if self._is_indexed(value):
                    stated = self._is_stated(value)
                    yield self._made(table, name, value, by="migration", model=True, stated=stated)
                case ast.Call(func=ast.Attribute(attr="Index"), keywords=keywords):
                    fields = next((k.value for k in keywords if k.arg == "fields"), None)
                    first = fields.elts[0] if isinstance(fields, ast.List | ast.Tuple) and fields.elts else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        plain = not any(k.arg == "condition" for k in keywords)
                        column = first.value.lstrip("-")
                        yield self._made(table, column, node, by="migration", model=True, stated=plain)
        field = given.get("field")
        about = given.get("name")
        if isinstance(field, ast.Call) and isinstance(about, ast.Constant) and self._is_indexed(field):
            stated = last == "AddField" and self._is_stated(field)
            yield self._made(table, str(about.value), field, by="migration", model=True, stated=stated)

    def migrated(self, call: ast.Call) -> Iterator[Symbol]:
        """Yield what a step of a migration indexes."""
        attr = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        texts = [a.value if isinstance(a, ast.Constant) else None for a in call.args]
        if attr == "create_table" and texts and isinstance(texts[0], str):
            for argument in call.args[1:]:
                if not isinstance(argument, ast.Call):
                    continue
                last = self.module.dotted(argument.func).rpartition(".")[2]
                if last == "Column" and argument.args and isinstance(argument.args[0], ast.Constant):
                    if self._is_indexed(argument):
                        column, foreign = str(argument.args[0].value), not self._is_keyed(argument)
                        yield self._made(texts[0].lower(), column, argument, by="migration", foreign=foreign)
                else:
                    yield from self._leading(texts[0].lower(), argument, "migration")
        elif attr in ("create_index", "create_unique_constraint", "create_primary_key") and call.args:
            lists = [a for a in call.args if isinstance(a, ast.List)]
            lists += [k.value for k in call.keywords if k.arg == "columns" and isinstance(k.value, ast.List)]
            first = lists[0].elts[0] if lists and lists[0].elts else None
            table = next((t for t in texts[1:] if isinstance(t, str)), None)
            if isinstance(first, ast.Constant):
                stated = attr == "create_index" and not any(
                    k.arg in ("unique", "postgresql_where") for k in call.keywords
                )
                yield self._made((table or "*").lower(), str(first.value), call, by="migration", stated=stated)
        elif attr in _UNDOING and self._is_upward(call):
            about = next((t for t in texts if isinstance(t, str)), "*") if attr == "drop_index" else "*"
            table = next((t for t in texts if isinstance(t, str)), "*") if attr != "drop_index" else "*"
            yield self._symbol(Action.REFERS, table.lower(), self.module.span(call), IndexDropped(about.lower()))

    def _is_upward(self, call: ast.Call) -> bool:
        inside = self.module.around.get(call)
        return inside is None or inside.name != "downgrade"

    def queried(self, call: ast.Call) -> Iterator[Symbol]:
        """Yield the columns a query of one class asks for."""
        attr = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if attr in ("where", "filter") and call.args:
            asked: dict[str, list[str]] = {}
            for argument in call.args:
                match argument:
                    case ast.Compare(left=ast.Attribute(value=ast.Name(id=model), attr=column), ops=[ast.Eq()]):
                        if model[:1].isupper():
                            asked.setdefault(model, []).append(column.lower())
                    case _:
                        return
            chained = isinstance(call.func, ast.Attribute) and any(
                isinstance(n, ast.Attribute) and n.attr in ("where", "filter", "join", "filter_by")
                for n in walk(call.func.value)
            )
            if len(asked) == 1 and not chained:
                model, columns = next(iter(asked.items()))
                yield self._symbol(Action.REFERS, model, self.module.span(call), RowsAsked(tuple(columns), True))
        elif attr in ("filter", "get") and call.keywords and not call.args:
            match call.func:
                case ast.Attribute(value=ast.Attribute(value=ast.Name(id=model), attr="objects")):
                    columns = [k.arg.lower() for k in call.keywords if k.arg and "__" not in k.arg]
                    if columns and len(columns) == len(call.keywords):
                        yield self._symbol(
                            Action.REFERS, model, self.module.span(call), RowsAsked(tuple(columns), True)
                        )

    def written(self, node: ast.Constant, text: str) -> Iterator[Symbol]:
        """Yield what SQL in a text makes and asks for."""
        lowered = text[:2000].lower()
        if "create" in lowered and ("table" in lowered or "index" in lowered):
            for table, column, _ in sql_indexes.made(text):
                yield self._made(table, column, node, by="migration")
        elif " from " in f" {lowered.replace(chr(10), ' ')} " or lowered.lstrip().startswith("update"):
            if "{" in text and isinstance(self.module.parents.get(node), ast.JoinedStr):
                return
            for table, columns in sql_indexes.asked(text):
                yield self._symbol(Action.REFERS, table, self.module.span(node), RowsAsked(columns, False))
