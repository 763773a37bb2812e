"""Tables in Python: SQLAlchemy and SQLModel models, `Table(…)`, Alembic operations, SQL in migrations."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.table import ForeignKey, ModelMapped, TableDefined, TableDropped
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.syntax import python, sql
from roadworthy.syntax.python import Function
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.TABLE, Kind.COLUMN})

_WORDS = frozenset(
    {"__tablename__", "create_table", "create_foreign_key", "table=True", "Table("}
    | {"CREATE TABLE", "create table", "REFERENCES", "references"}
)
_RELATIONS = frozenset({"relationship", "Relationship"})
_NO_KEYS = re.compile(
    r"(?:Primary|Unique|Check|Exclude)\w*Constraint|Index|Identity|Computed|Sequence|Comment|\w*Column|.*timestamps?"
)
_BACKWARDS = frozenset({"downgrade", "rollback", "down", "backwards"})
_DEPTH = 4


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise modules that declare a table in one of these ways."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield tables, their columns and foreign keys, and which class stands for which table."""
    reading = _Reading(file)
    for node in reading.module.tree.body:
        if not (isinstance(node, Function) and node.name in _BACKWARDS):
            yield from reading.visit(node)


class _Reading:
    """One module: what it calls tables by which names."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.module = python.module(file)
        self.functions = {node.name: node for node in self.module.functions}

    def visit(self, top: ast.stmt) -> Iterator[Statement]:
        """Yield what one top-level statement declares."""
        batches: dict[str, str] = {}
        nodes = walk(top)
        documents = {id(n.value) for n in nodes if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
        for node in nodes:
            match node:
                case ast.ClassDef():
                    yield from self._class(node)
                case ast.With() | ast.AsyncWith():
                    batches |= self._batches(node)
                case ast.Call():
                    yield from self._call(node, batches)
                case ast.Constant(value=str(text)) if id(node) not in documents:
                    yield from self._sql(node, text)

    def _symbol(self, kind: Kind, action: Action, name: str, node: ast.expr | ast.stmt, detail: Detail) -> Symbol:
        at = self.module.span(node)
        return Symbol(kind, action, Exact(name), at, role=self.file.role, detail=detail)

    def _text(self, node: ast.expr | None) -> str | None:
        name = self.module.name(node) if node is not None else None
        return name.text if isinstance(name, Exact) else None

    def _last(self, node: ast.expr) -> str:
        return self.module.dotted(node).rpartition(".")[2]

    def _class(self, node: ast.ClassDef) -> Iterator[Statement]:
        values = _assigned(node)
        mapped = any(k.arg == "table" and isinstance(k.value, ast.Constant) and k.value.value for k in node.keywords)
        if "__tablename__" in values:
            table = self._text(values["__tablename__"])
        elif mapped:
            table = node.name.lower()
        else:
            return
        if table is None:
            at = self.module.span(values["__tablename__"])
            yield Open(Kind.TABLE, "", f"the table of {node.name} has a computed name", at)
            return
        columns: list[str] = []
        cascades: list[str] = []
        for statement in node.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as value)
                ):
                    if self._last(value.func) in _RELATIONS:
                        cascades += self._cascades(value, getattr(statement, "annotation", None))
                    else:
                        columns.append(self._column_name(value) or name)
                        yield from self._keys(value, table, columns[-1])
                case ast.AnnAssign(target=ast.Name(id=name)):
                    columns.append(name)
                case ast.Assign(targets=[ast.Name(id="__table_args__")], value=value):
                    yield from self._keys(value, table, "")
        yield self._symbol(Kind.TABLE, Action.DEFINES, table.lower(), node, TableDefined("sqlalchemy", tuple(columns)))
        yield self._symbol(Kind.TABLE, Action.DEFINES, node.name, node, ModelMapped(table.lower(), tuple(cascades)))

    def _column_name(self, call: ast.Call) -> str | None:
        return self._text(call.args[0]) if call.args and self._last(call.func) in ("Column", "mapped_column") else None

    def _cascades(self, call: ast.Call, annotation: ast.expr | None) -> Iterator[str]:
        options = {keyword.arg: keyword.value for keyword in call.keywords}
        cascade = options.get("cascade")
        kept = options.get("sa_relationship_kwargs")
        text = ast.unparse(cascade) if cascade else ast.unparse(kept) if kept else ""
        deletes = (
            "delete" in text or "'all" in text or ast.unparse(options.get("cascade_delete", ast.Constant(0))) == "True"
        )
        if not deletes:
            return
        target = self._text(call.args[0]) if call.args else None
        if target is None and call.args:
            target = self._last(call.args[0])
        if not target and annotation is not None:
            target = " ".join(re.findall(r"\w+", ast.unparse(annotation)))
        yield from (
            word for word in re.findall(r"\w+", target or "") if word not in ("list", "List", "Mapped", "Optional")
        )

    def _keys(self, node: ast.expr, table: str, column: str) -> Iterator[Statement]:
        """Yield the foreign keys an expression declares."""
        for inner in walk(node):
            if not isinstance(inner, ast.Call):
                continue
            name = self._last(inner.func)
            options = {keyword.arg: keyword.value for keyword in inner.keywords}
            if name == "ForeignKey" and inner.args:
                yield from self._key(inner, table, column, inner.args[0], self._text(options.get("ondelete")) or "")
            elif name == "ForeignKeyConstraint" and len(inner.args) > 1:
                yield from self._constraint(inner, table, inner.args[0], inner.args[1], options.get("ondelete"))
            elif name == "Field" and "foreign_key" in options:
                action = self._text(options.get("ondelete")) or ""
                yield from self._key(inner, table, column, options["foreign_key"], action)

    def _constraint(
        self, node: ast.Call, table: str, local: ast.expr, remote: ast.expr, action: ast.expr | None
    ) -> Iterator[Statement]:
        column = self._text(_first(local))
        target = remote.elts[0] if isinstance(remote, ast.List | ast.Tuple) and remote.elts else remote
        yield from self._key(node, table, column or "", target, self._text(action) or "")

    def _key(
        self, node: ast.Call, table: str, column: str, target: ast.expr | None, action: str
    ) -> Iterator[Statement]:
        text = self._text(target)
        if text is None and isinstance(target, ast.Attribute | ast.Name):
            dotted = self.module.dotted(target).split(".")
            text = dotted[-1] if len(dotted) < 2 else dotted[-2] if dotted[-2][:1].isupper() else None
            text = f"{text}.id" if text else None
        if not text:
            reason = f"a foreign key of {table} points to a computed table"
            yield Open(Kind.TABLE, "", reason, self.module.span(node), Pattern(table))
            return
        parts = text.split(".")
        name = parts[-2] if len(parts) > 1 else parts[0]
        name = name if name[:1].isupper() else name.lower()
        detail = ForeignKey(table.lower(), column, name, " ".join(action.lower().split()))
        yield self._symbol(Kind.COLUMN, Action.REFERS, f"{table.lower()}.{column}", node, detail)

    def _batches(self, node: ast.With | ast.AsyncWith) -> dict[str, str]:
        found: dict[str, str] = {}
        for item in node.items:
            match item:
                case ast.withitem(ast.Call(func=func, args=[first, *_]), ast.Name(id=id)):
                    table = self._text(first)
                    if self._last(func) == "batch_alter_table" and table:
                        found[id] = table
        return found

    def _call(self, node: ast.Call, batches: dict[str, str]) -> Iterator[Statement]:
        name = self._last(node.func)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        batch = batches.get(owner.id) if isinstance(owner, ast.Name) else None
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        action = options.get("ondelete")
        match name, node.args:
            case ("create_table" | "Table", [first, *rest]) if self._makes_table(node) and (table := self._text(first)):
                yield from self._create(node, table, rest, "alembic" if name == "create_table" else "sqlalchemy")
            case "drop_table", [first, *_] if (table := self._text(first)) is not None:
                yield self._symbol(Kind.TABLE, Action.REFERS, table.lower(), node, TableDropped("alembic"))
            case "add_column", [first, column, *_] if (table := self._text(first)) is not None:
                yield from self._keys(column, table, self._added(column))
            case "add_column", [column, *_] if batch:
                yield from self._keys(column, batch, self._added(column))
            case "create_foreign_key", [_, target, local, _] if batch:
                first_of = _first(local)
                yield from self._key(node, batch, self._text(first_of) or "", target, self._text(action) or "")
            case "create_foreign_key", [_, source, target, local, *_] if (table := self._text(source)) is not None:
                first_of = _first(local)
                yield from self._key(node, table, self._text(first_of) or "", target, self._text(action) or "")

    def _makes_table(self, node: ast.Call) -> bool:
        dotted = self.module.dotted(node.func)
        return dotted.endswith("create_table") or dotted.startswith(("sqlalchemy", "sa.", "db."))

    def _added(self, column: ast.expr) -> str:
        return (self._column_name(column) if isinstance(column, ast.Call) else None) or ""

    def _create(self, node: ast.Call, table: str, parts: list[ast.expr], by: str) -> Iterator[Statement]:
        columns: list[str] = []
        for part in parts:
            for inner in self._expanded(part, 0):
                if inner is None:
                    reason = f"columns of {table} come from elsewhere"
                    yield Open(Kind.TABLE, "", reason, self.module.span(part), Pattern(table.lower()))
                elif isinstance(inner, ast.Call):
                    column = self._column_name(inner) or ""
                    columns += [column] if column else []
                    yield from self._keys(inner, table, column)
        yield self._symbol(Kind.TABLE, Action.DEFINES, table.lower(), node, TableDefined(by, tuple(columns)))

    def _expanded(self, part: ast.expr, depth: int) -> Iterator[ast.expr | None]:
        """Yield the columns and constraints an argument stands for; None where they cannot be seen."""
        if depth > _DEPTH:
            yield None
            return
        match part:
            case ast.Starred(value=inner):
                yield from self._expanded(inner, depth + 1)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                for item in items:
                    yield from self._expanded(item, depth + 1)
            case ast.Name(id=id) if id in self.module.constants:
                yield from self._expanded(self.module.constants[id], depth + 1)
            case ast.Call(func=ast.Name(id=id)) if id in self.functions:
                returned = [
                    r.value for r in self.module.below(self.functions[id]) if isinstance(r, ast.Return) and r.value
                ]
                for value in returned:
                    yield from self._expanded(value, depth + 1)
            case ast.Call(func=func) if "Constraint" in self._last(func) or self._last(func) in ("Column", "Index"):
                yield part
            case ast.Call(func=func) if _NO_KEYS.fullmatch(self._last(func)):
                yield part
            case ast.Name(id="metadata") | ast.Attribute(attr="metadata"):
                return
            case ast.Name(id=id) if id.endswith(("metadata", "meta")):
                return
            case _:
                yield None

    def _sql(self, node: ast.Constant, text: str) -> Iterator[Statement]:
        if "table" not in text.lower():
            return
        plain = sql.blanked(text)
        for table in sql.created(plain):
            yield self._symbol(Kind.TABLE, Action.DEFINES, table.name, node, TableDefined("sql", table.columns))
        for table in (*sql.created(plain), *sql.altered(plain)):
            for key in table.references:
                detail = ForeignKey(table.name, key.column, key.target, key.on_delete)
                yield self._symbol(Kind.COLUMN, Action.REFERS, f"{table.name}.{key.column}", node, detail)
        for rows in sql.touched(plain):
            if rows.how == "drop":
                yield self._symbol(Kind.TABLE, Action.REFERS, rows.table, node, TableDropped("sql"))
            elif rows.how == "trigger":
                reason = f"a trigger acts when rows of {rows.table} are deleted"
                yield Open(Kind.TABLE, "", reason, self.module.span(node))


def _assigned(node: ast.ClassDef) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=id)], value=value):
                found[id] = value
            case ast.AnnAssign(target=ast.Name(id=id), value=ast.expr() as value):
                found[id] = value
    return found


def _first(node: ast.expr) -> ast.expr | None:
    return node.elts[0] if isinstance(node, ast.List | ast.Tuple) and node.elts else None
