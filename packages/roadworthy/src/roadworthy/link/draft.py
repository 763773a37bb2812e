"""The facts while they are being linked."""

from dataclasses import dataclass, field

from roadworthy.link.file_tree import FileTree
from roadworthy.link.symbol_list import SymbolList
from roadworthy.model.component import Component
from roadworthy.model.facts import Artifact, Problem
from roadworthy.model.shape import Shape
from roadworthy.model.symbol import Action, Kind, Open, Symbol


@dataclass(slots=True)
class Draft:
    """What has been collected and derived so far. Each linking step reads it and adds to it.

    `tracked` are the paths git keeps, None where there is no git to ask.
    """

    name: str
    files: tuple[str, ...]
    artifacts: list[Artifact]
    problems: list[Problem]
    symbols: list[Symbol]
    opens: list[Open]
    components: list[Component] = field(default_factory=list)
    shape: Shape = field(default_factory=Shape)
    tracked: frozenset[str] | None = None
    tree: FileTree = field(init=False)

    def __post_init__(self) -> None:
        self.tree = FileTree(self.files)

    def of(self, kind: Kind, action: Action) -> list[Symbol]:
        """Return the symbols of one kind and side, as they stand now."""
        if not isinstance(self.symbols, SymbolList):
            self.symbols = SymbolList(self.symbols)
        return self.symbols.of(kind, action)
