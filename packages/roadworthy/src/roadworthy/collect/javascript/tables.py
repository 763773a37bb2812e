"""Tables in JavaScript: TypeORM entities, Sequelize and Mongoose models, Drizzle tables, Knex migrations, SQL in strings."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.table import ForeignKey, ModelMapped, TableDefined, TableDropped
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.syntax import javascript, sql
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_browser import in_browser
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, named

PROVIDES = frozenset({Kind.TABLE, Kind.COLUMN})

_WORDS = re.compile(
    r"@Entity|typeorm|sequelize|Sequelize|mongoose|drizzle-orm|createTable|CREATE\s+TABLE|create\s+table|REFERENCES|ALTER\s+TABLE"
)
_DRIZZLE = re.compile(r"drizzle-orm/(?:pg-core|mysql-core|sqlite-core)\.(?:pgTable|mysqlTable|sqliteTable)")
_TABLE_TEXT = re.compile(r"\b(?:create|alter|drop)\s+table\b", re.IGNORECASE)
_COLUMN_DECORATORS = re.compile(r"(?:\w*Column|VersionColumn)")
_MIGRATING = re.compile(
    r"knex|schema\.|queryInterface|QueryInterface|pgm\.|queryRunner|QueryRunner|migration", re.IGNORECASE
)
_BACKWARDS = frozenset({"down", "rollback"})


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise modules that declare a table in one of these ways."""
    return _WORDS.search(file.text) is not None and not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield tables, their columns and foreign keys, and which class stands for which table."""
    module = javascript.module(file)
    yield from _entities(file, module)
    for call in module.calls:
        if _DRIZZLE.fullmatch(call.name):
            yield from _drizzle(file, module, call)
        elif call.method == "define" and "equelize" in file.text and len(call.arguments) > 1:
            yield from _model(file, module, call, "sequelize")
        elif call.name in ("mongoose.model", "mongoose.models.model") and len(call.arguments) > 1:
            yield from _mongoose(file, module, call)
        elif (
            call.method in ("createTable", "createTableIfNotExists")
            and call.arguments
            and _MIGRATING.search(file.text)
            and not _backwards(module, call.node)
        ):
            yield from _created(file, module, call)
        elif call.method in ("dropTable", "dropTableIfExists") and call.arguments and not _backwards(module, call.node):
            table = values.string(module, call.arguments[0])
            if table is not None:
                yield _symbol(file, module, Kind.TABLE, Action.REFERS, table.lower(), call.node, TableDropped("knex"))
    for node in module.of("string", "template_string"):
        text = module.text(node)
        if len(text) > 20 and _TABLE_TEXT.search(text) and not _backwards(module, node):
            yield from _sql(file, module, node, text[1:-1])


def _symbol(
    file: SourceFile, module: javascript.Module, kind: Kind, action: Action, name: str, node: Node, detail: Detail
) -> Symbol:
    at = module.span(node)
    if at.end_line > at.line:
        at = Span(at.path, at.line, at.column, at.line, at.column)
    return Symbol(kind, action, Exact(name), at, role=file.role, detail=detail)


def _backwards(module: javascript.Module, node: Node) -> bool:
    """Tell whether a statement belongs to the way back of a migration."""
    for function in enclosing(node, *FUNCTIONS):
        own = function.child_by_field_name("name")
        above = function.parent
        if own is None and above is not None and above.type in ("assignment_expression", "pair", "variable_declarator"):
            own = (
                above.child_by_field_name("left")
                or above.child_by_field_name("key")
                or above.child_by_field_name("name")
            )
        if module.text(own).rpartition(".")[2] in _BACKWARDS:
            return True
    return False


def _decorators(node: Node) -> list[Node]:
    """Return the decorators of a class or a field: inside it, or just before it."""
    found = [child for child in node.named_children if child.type == "decorator"]
    above = node.parent
    if above is not None and above.type == "export_statement":
        found += [child for child in above.named_children if child.type == "decorator"]
    before = node.prev_named_sibling
    while before is not None and before.type == "decorator":
        found.append(before)
        before = before.prev_named_sibling
    return found


def _called(module: javascript.Module, decorator: Node) -> javascript.Call | None:
    return next((call for child in decorator.named_children if (call := module.call(child)) is not None), None)


def _entities(file: SourceFile, module: javascript.Module) -> Iterator[Statement]:
    if "@Entity" not in file.text and "@Table" not in file.text:
        return
    for node in module.of("class_declaration"):
        marks = [call for decorator in _decorators(node) if (call := _called(module, decorator)) is not None]
        mark = next((call for call in marks if call.method in ("Entity", "Table")), None)
        name = module.text(node.child_by_field_name("name"))
        if mark is None or not name:
            continue
        table = _entity_name(module, mark) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        columns: list[str] = []
        body = node.child_by_field_name("body")
        for member in named(body):
            if member.type not in ("public_field_definition", "field_definition"):
                continue
            own = module.text(member.child_by_field_name("name") or member.child_by_field_name("property"))
            for decorator in _decorators(member):
                call = _called(module, decorator)
                if call is None:
                    continue
                if _COLUMN_DECORATORS.fullmatch(call.method) and call.method != "JoinColumn":
                    given = [values.options(module, argument) for argument in call.arguments]
                    said = next((values.string(module, g["name"]) for g in given if "name" in g), None)
                    columns.append(said or own)
                elif call.method in ("ManyToOne", "OneToOne"):
                    yield from _relation(file, module, member, call, table.lower(), own)
        detail = TableDefined("typeorm", tuple(columns))
        yield _symbol(file, module, Kind.TABLE, Action.DEFINES, table.lower(), node, detail)
        yield _symbol(file, module, Kind.TABLE, Action.DEFINES, name, node, ModelMapped(table.lower()))


def _entity_name(module: javascript.Module, mark: javascript.Call) -> str | None:
    for argument in mark.arguments:
        text = values.string(module, argument)
        if text is not None:
            return text
        given = values.options(module, argument)
        for key in ("name", "tableName"):
            if key in given:
                return values.string(module, given[key])
    return None


def _relation(
    file: SourceFile, module: javascript.Module, member: Node, call: javascript.Call, table: str, own: str
) -> Iterator[Symbol]:
    target = re.search(r"=>\s*(\w+)|['\"](\w+)['\"]", module.text(call.arguments[0])) if call.arguments else None
    joined = [c for d in _decorators(member) if (c := _called(module, d)) is not None and c.method == "JoinColumn"]
    if target is None or (call.method == "OneToOne" and not joined):
        return
    column = f"{own}Id"
    for argument in joined[0].arguments[:1] if joined else ():
        column = values.string(module, values.options(module, argument).get("name")) or column
    options = [values.options(module, argument) for argument in call.arguments[1:]]
    action = next((values.string(module, o["onDelete"]) or "" for o in options if "onDelete" in o), "")
    key = ForeignKey(table, column, target[1] or target[2], action.lower())
    yield _symbol(file, module, Kind.COLUMN, Action.REFERS, f"{table}.{column}", member, key)


def _bound(module: javascript.Module, node: Node) -> str:
    above = node.parent
    return (
        module.text(above.child_by_field_name("name"))
        if above is not None and above.type == "variable_declarator"
        else ""
    )


def _drizzle(file: SourceFile, module: javascript.Module, call: javascript.Call) -> Iterator[Statement]:
    table = values.string(module, call.arguments[0]) if call.arguments else None
    if table is None or len(call.arguments) < 2:
        yield Open(Kind.TABLE, "", "a table has a computed name", module.span(call.node))
        return
    columns: list[str] = []
    for key, node in values.options(module, call.arguments[1]).items():
        base = next((c for c in _calls(module, node) if c.arguments and values.string(module, c.arguments[0])), None)
        column = (values.string(module, base.arguments[0]) if base is not None else None) or key
        columns.append(column)
        text = " ".join(module.text(node).split())
        target = re.search(r"\.references\(\s*\(\s*\)(?:\s*:\s*\w+)?\s*=>\s*(\w+)\.", text)
        if target is not None:
            action = re.search(r"onDelete\s*:\s*[\"']([\w ]+)[\"']", text)
            foreign = ForeignKey(table.lower(), column, target[1], action[1].lower() if action else "")
            yield _symbol(file, module, Kind.COLUMN, Action.REFERS, f"{table.lower()}.{column}", node, foreign)
    yield _symbol(
        file, module, Kind.TABLE, Action.DEFINES, table.lower(), call.node, TableDefined("drizzle", tuple(columns))
    )
    if variable := _bound(module, call.node):
        yield _symbol(file, module, Kind.TABLE, Action.DEFINES, variable, call.node, ModelMapped(table.lower()))


def _calls(module: javascript.Module, node: Node) -> Iterator[javascript.Call]:
    """Yield a chain of calls, the innermost last."""
    current: Node | None = node
    for _ in range(12):
        call = module.call(current)
        if call is None or current is None:
            return
        function = current.child_by_field_name("function")
        inner = function.child_by_field_name("object") if function is not None else None
        if inner is None or module.call(inner) is None:
            yield call
            return
        current = inner


def _model(file: SourceFile, module: javascript.Module, call: javascript.Call, by: str) -> Iterator[Statement]:
    name = values.string(module, call.arguments[0])
    if name is None:
        return
    options = values.options(module, call.arguments[2]) if len(call.arguments) > 2 else {}
    table = (values.string(module, options.get("tableName")) or _plural(name)).lower()
    columns = tuple(values.options(module, call.arguments[1]))
    yield _symbol(file, module, Kind.TABLE, Action.DEFINES, table, call.node, TableDefined(by, columns))
    yield _symbol(file, module, Kind.TABLE, Action.DEFINES, name, call.node, ModelMapped(table))


def _mongoose(file: SourceFile, module: javascript.Module, call: javascript.Call) -> Iterator[Statement]:
    name = values.string(module, call.arguments[0])
    if name is None:
        return
    schema = module.call(values.resolved(module, call.arguments[1]))
    columns: tuple[str, ...] = ()
    if schema is not None and schema.arguments:
        columns = tuple(values.options(module, schema.arguments[0]))
    table = _plural(name).lower()
    yield _symbol(file, module, Kind.TABLE, Action.DEFINES, table, call.node, TableDefined("mongoose", columns))
    yield _symbol(file, module, Kind.TABLE, Action.DEFINES, name, call.node, ModelMapped(table))


def _plural(name: str) -> str:
    return name if name.endswith("s") else name[:-1] + "ies" if re.search(r"[^aeiou]y$", name) else name + "s"


def _created(file: SourceFile, module: javascript.Module, call: javascript.Call) -> Iterator[Statement]:
    """Yield a table that a migration of Knex, Sequelize or node-pg-migrate makes."""
    table = values.string(module, call.arguments[0])
    if table is None:
        text = module.text(call.arguments[0])
        if "Table(" not in text:
            yield Open(Kind.TABLE, "", "a migration makes a table with a computed name", module.span(call.node))
        return
    table = table.lower()
    columns: list[str] = []
    body = call.arguments[1] if len(call.arguments) > 1 else None
    if body is not None and body.type == "object":
        for column, node in values.options(module, body).items():
            columns.append(column)
            given = values.options(module, node)
            target = given.get("references")
            named_table = values.string(module, target) or values.string(
                module, values.options(module, target).get("model")
            )
            if named_table:
                action = values.string(module, given.get("onDelete")) or ""
                plain = named_table.replace('"', "").partition("(")[0].strip().lower()
                key = ForeignKey(table, column, plain, action.lower())
                yield _symbol(file, module, Kind.COLUMN, Action.REFERS, f"{table}.{column}", node, key)
    elif body is not None:
        for statement in module.below(body, "expression_statement"):
            text = " ".join(module.text(statement).split())
            found = re.match(r"\w+\.\w+\(\s*[\"'](\w+)[\"']", text)
            if found is not None and ".increments(" not in text:
                columns.append(found[1])
            pointed = re.search(r"\.(?:inTable|references)\(\s*[\"'](\w+)(?:\.\w+)?[\"']\s*\)(?!.*inTable)", text)
            if found is not None and pointed is not None:
                said = re.search(r"onDelete\(\s*[\"']([\w ]+)", text)
                key = ForeignKey(table, found[1], pointed[1].lower(), said[1].lower() if said else "")
                yield _symbol(file, module, Kind.COLUMN, Action.REFERS, f"{table}.{found[1]}", statement, key)
    yield _symbol(file, module, Kind.TABLE, Action.DEFINES, table, call.node, TableDefined("knex", tuple(columns)))


def _sql(file: SourceFile, module: javascript.Module, node: Node, text: str) -> Iterator[Statement]:
    plain = sql.blanked(text)
    for table in sql.created(plain):
        yield _symbol(file, module, Kind.TABLE, Action.DEFINES, table.name, node, TableDefined("sql", table.columns))
    for table in (*sql.created(plain), *sql.altered(plain)):
        for key in table.references:
            detail = ForeignKey(table.name, key.column, key.target, key.on_delete)
            yield _symbol(file, module, Kind.COLUMN, Action.REFERS, f"{table.name}.{key.column}", node, detail)
    for rows in sql.touched(plain):
        if rows.how == "drop":
            yield _symbol(file, module, Kind.TABLE, Action.REFERS, rows.table, node, TableDropped("sql"))
        elif rows.how == "trigger":
            reason = f"a trigger acts when rows of {rows.table} are deleted"
            yield Open(Kind.TABLE, "", reason, module.span(node), Pattern(rows.table))
