"""What is said about tables: their columns, how they hang together, and what deletes their rows."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class TableDefined:
    """A table (Kind.TABLE, defines). `by` is "sql", "alembic", "sqlalchemy", "django" or what else declares it, `columns` the names of its columns."""

    by: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableDropped:
    """A migration removes a table (Kind.TABLE, refers)."""

    by: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column refers to another table (Kind.COLUMN, refers, named `table.column`).

    `table` holds it, `target` is the table it points to; `on_delete` is in lower case ("cascade", "set null", "" for none).
    """

    table: str
    column: str
    target: str
    on_delete: str = ""


@dataclass(frozen=True, slots=True)
class RowsErased:
    """Code deletes or overwrites rows (Kind.TABLE, refers, named by the table or, with `model`, by the class).

    `how` is "delete", "update", "cascade", or "soft" where the row is only marked; `function` the one it stands in, `by` "sql", "orm" or "session".
    """

    how: str
    function: str
    by: str
    model: bool = False


@dataclass(frozen=True, slots=True)
class ModelMapped:
    """A class stands for a table (Kind.TABLE, defines, named by the class): `table` is its name. `cascades` are the
    tables or classes its relationships delete along with it."""

    table: str
    cascades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallsMade:
    """What a function that has to do with erasing calls (Kind.CONSTRUCT, defines, named by the function)."""

    names: tuple[str, ...]
    method: str = ""


@dataclass(frozen=True, slots=True)
class ErasureFound:
    """Code erases a person (Kind.TABLE, refers, named by the table; derived). `how` is "delete" or "update"."""

    function: str
    how: str


@dataclass(frozen=True, slots=True)
class PersonRows:
    """A table whose rows belong to a person (Kind.TABLE, refers, named by the table; derived).

    `root` is the table of the person, `key` the column that leads there, `state` is "erased", "kept" or "unclear" with
    `why`; `erasing` is the place that erases the person.
    """

    root: str
    key: str
    state: str
    why: str
    function: str
    erasing: Span
    parent: str
    parent_at: Span
