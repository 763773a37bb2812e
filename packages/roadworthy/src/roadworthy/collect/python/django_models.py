"""Tables of Django models: one module of `models`, its fields and its foreign keys.

Django names a table after the application's label and the class in lower case, unless `Meta.db_table` says otherwise;
a foreign key's column is the field's name and `_id`. The label is the folder's name unless `Meta.app_label` says
otherwise. Source: https://docs.djangoproject.com/en/5.2/ref/models/options/#table-names.
"""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.table import ForeignKey, ModelMapped, TableDefined
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.TABLE, Kind.COLUMN})

# What users' models inherit, with the columns it brings.
_PERSON = ("password", "last_login")
_BROUGHT: dict[str, tuple[str, ...]] = {
    "Model": (),
    "AbstractUser": (*_PERSON, "username", "first_name", "last_name", "email"),
    "AbstractBaseUser": _PERSON,
    "PermissionsMixin": (),
}
_RELATIONS = frozenset({"ForeignKey", "OneToOneField"})
_USER = re.compile(r"(?:.*\.)?(?:AUTH_USER_MODEL|get_user_model)")
_FILE = re.compile(r"(?:^|/)(?:([^/]+)/)?(?:\w*models?\.py|models/[\w/]*\.py)$")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise modules that import Django's database layer or its user classes."""
    return "django.db" in file.text or "django.contrib.auth" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the table, columns and foreign keys of every model that is not abstract, and which class stands for it."""
    module = python.module(file)
    classes = {node.name: node for node in module.tree.body if isinstance(node, ast.ClassDef)}
    for node in classes.values():
        if _is_model(module, node, classes, file.path, 0):
            yield from _Model(file, module, node, classes).statements()


def _is_model(
    module: python.Module, node: ast.ClassDef, classes: dict[str, ast.ClassDef], path: str, depth: int
) -> bool:
    for base in node.bases:
        dotted = module.dotted(base)
        last = dotted.rpartition(".")[2]
        if dotted.endswith("models.Model") or (last in _BROUGHT and last != "Model" and "." in dotted):
            return True
        if dotted in classes:
            if (
                depth < 8
                and classes[dotted] is not node
                and _is_model(module, classes[dotted], classes, path, depth + 1)
            ):
                return True
        elif _FILE.search(path) and last.endswith("Model") and "." in dotted and "pydantic" not in dotted:
            return True
    return False


class _Model:
    """One class, read with the abstract classes of its module that it inherits."""

    def __init__(
        self, file: SourceFile, module: python.Module, node: ast.ClassDef, classes: dict[str, ast.ClassDef]
    ) -> None:
        self.file, self.module, self.node = file, module, node
        self.chain = list(_chain(module, node, classes))
        self.options = _meta(node)
        inherited = [option for above in self.chain[1:] for option in (_meta(above),)]
        self.labels = [*(o["app_label"] for o in (self.options, *inherited) if "app_label" in o)]

    def statements(self) -> Iterator[Statement]:
        """Yield what the class declares."""
        if _true(self.options.get("abstract")) or _true(self.options.get("proxy")):
            return
        if any(n is not self.node and not _true(_meta(n).get("abstract")) for n in self.chain[1:]):
            return  # A child of a concrete model has a table with a link to its parent's, and only its own columns.
        table = self._table()
        if table is None:
            at = self.module.span(self.options["db_table"])
            yield Open(Kind.TABLE, "", f"the table of {self.node.name} has a computed name", at)
            return
        columns = ["id", *(column for base in self._bases() for column in _BROUGHT.get(base, ()))]
        keys: list[Statement] = []
        for owner in self.chain:
            for name, call in _fields(owner):
                kind = self.module.dotted(call.func).rpartition(".")[2]
                if kind in _RELATIONS:
                    columns.append(f"{name}_id")
                    keys += self._key(call, table, f"{name}_id")
                elif kind.endswith("Field") and kind != "ManyToManyField":
                    given = next((k.value for k in call.keywords if k.arg == "db_column"), None)
                    columns.append(self._text(given) or name)
        yield self._symbol(Kind.TABLE, table, self.node, TableDefined("django", tuple(dict.fromkeys(columns))))
        yield self._symbol(Kind.TABLE, self.node.name, self.node, ModelMapped(table))
        if any(base.startswith("Abstract") for base in self._bases()) and self.node.name != "User":
            # What `AUTH_USER_MODEL` and `get_user_model()` stand for.
            yield self._symbol(Kind.TABLE, "User", self.node, ModelMapped(table))
        yield from keys

    def _bases(self) -> list[str]:
        return [self.module.dotted(base).rpartition(".")[2] for owner in self.chain for base in owner.bases]

    def _table(self) -> str | None:
        given = self.options.get("db_table")
        if given is not None:
            text = self._text(given)
            return text.strip('"').lower() if text else None
        label = next((self._text(label) for label in self.labels), None) or _label(self.file.path)
        return f"{label}_{self.node.name}".lower() if label else self.node.name.lower()

    def _key(self, call: ast.Call, table: str, column: str) -> Iterator[Statement]:
        options = {keyword.arg: keyword.value for keyword in call.keywords}
        target = call.args[0] if call.args else options.get("to")
        deleted = options.get("on_delete", call.args[1] if len(call.args) > 1 else None)
        action = self.module.dotted(deleted).rpartition(".")[2] if deleted is not None else ""
        name = self._target(target)
        if name is None:
            reason = f"a foreign key of {table} points to a computed table"
            yield Open(Kind.TABLE, "", reason, self.module.span(call), Pattern(table))
            return
        detail = ForeignKey(table, column, name, action.lower().replace("_", " "))
        yield self._symbol(Kind.COLUMN, f"{table}.{column}", call, detail, refers=True)

    def _target(self, node: ast.expr | None) -> str | None:
        """Return the class a foreign key points to."""
        if node is None:
            return None
        if isinstance(node, ast.Call):
            node = node.func
        dotted = self.module.dotted(node)
        if _USER.fullmatch(dotted):
            return "User"
        text = self._text(node)
        if text == "self":
            return self.node.name
        return (text or dotted).rpartition(".")[2] or None

    def _text(self, node: ast.expr | None) -> str | None:
        name = self.module.name(node) if node is not None else None
        return name.text if isinstance(name, Exact) else None

    def _symbol(
        self, kind: Kind, name: str, node: ast.expr | ast.stmt, detail: Detail, *, refers: bool = False
    ) -> Symbol:
        action = Action.REFERS if refers else Action.DEFINES
        return Symbol(kind, action, Exact(name), self.module.span(node), role=self.file.role, detail=detail)


def _chain(module: python.Module, node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    pending, seen = [node], {node.name}
    while pending:
        current = pending.pop(0)
        yield current
        for base in current.bases:
            name = module.dotted(base)
            if name in classes and name not in seen:
                seen.add(name)
                pending.append(classes[name])


def _meta(node: ast.ClassDef) -> dict[str, ast.expr]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
            return {
                statement.targets[0].id: statement.value
                for statement in inner.body
                if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
            }
    return {}


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, ast.Call]]:
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call)
            ):
                yield name, call


def _true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _label(path: str) -> str:
    found = _FILE.search(path)
    folder = path.partition("/models/")[0] if "/models/" in path else path.rpartition("/")[0]
    return folder.rpartition("/")[2] if found or folder else ""
