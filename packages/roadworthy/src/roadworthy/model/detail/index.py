"""What is said about indexes of tables, and about the columns queries look rows up by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexMade:
    """An index leads with a column (Kind.CONSTRUCT, defines, named by the table, "*" where that is not seen).

    `by` is "migration" or "model"; `model` tells that the table is named by its class.
    """

    column: str
    by: str
    model: bool = False


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """A query looks rows up (Kind.CONSTRUCT, refers, named by the table, or by the class with `model`). `columns` are
    those that must be equal to something."""

    columns: tuple[str, ...]
    model: bool
