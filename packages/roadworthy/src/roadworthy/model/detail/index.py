"""What is said about indexes of tables, and about the columns queries look rows up by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexMade:
    """An index leads with a column (Kind.CONSTRUCT, defines, named by the table, "*" where that is not seen).

    `by` is "migration" or "model"; `model` tells that the table is named by its class, `stated` that it is an index for
    its own sake: no key, no constraint; `foreign` that it is a foreign key and nothing else, for which not every database
    makes an index.
    """

    column: str
    by: str
    model: bool = False
    stated: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class ColumnsPlain:
    """Columns that a model declares without an index (Kind.CONSTRUCT, defines, named by the class), in a language in which
    that is said beside them."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexDropped:
    """A migration takes an index back, or changes what it is about (Kind.CONSTRUCT, refers, named by the table or the
    class in lower case, "*" where that is not seen). `about` is the column or the name of the index, "*" for all."""

    about: str


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """A query looks rows up (Kind.CONSTRUCT, refers, named by the table, or by the class with `model`). `columns` are
    those that must be equal to something."""

    columns: tuple[str, ...]
    model: bool
