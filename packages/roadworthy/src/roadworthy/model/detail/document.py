"""What documents say: their headings, links, and promises about the service itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document (Kind.DOCUMENT, defines, named by its path). `anchors` are those of its headings, `topics` which of "run",
    "test", "configure" it deals with."""

    anchors: tuple[str, ...]
    topics: tuple[str, ...]
    closed: bool = True


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A relative link (Kind.DOCUMENT, refers, named by its target as written). `path` is relative to the repository, ""
    for the document itself; `anchor` is the part after `#`."""

    path: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ReadinessClaim:
    """A document calls the service ready (Kind.DOCUMENT, defines, named by the words it uses)."""

    score: str


@dataclass(frozen=True, slots=True)
class LicenceText:
    """A licence file (Kind.DOCUMENT, defines, named by its path). `grants` tells whether it says what others may do."""

    grants: bool
