"""The facts while they are being linked."""

from dataclasses import dataclass, field

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

    def of(self, kind: Kind, action: Action) -> list[Symbol]:
        """Return the symbols of one kind and side, as they stand now."""
        return [symbol for symbol in self.symbols if symbol.kind is kind and symbol.action is action]
