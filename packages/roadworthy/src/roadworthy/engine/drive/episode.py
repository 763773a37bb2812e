"""What was done to the subject between two steady states, whether it bit, and what was seen of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from roadworthy.model.result import Observation


@dataclass(frozen=True, slots=True)
class Intervened:
    """One intervention: its name, and how to read what it has disturbed."""

    name: str
    bit: Callable[[], int]
    says: Callable[[], str]


@dataclass(slots=True)
class Episode:
    """Interventions, the moments they began (seconds since the run began), and the observations that rest on them."""

    interventions: list[Intervened] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    settled: bool = False

    @property
    def bitten(self) -> bool:
        """Whether every intervention disturbed something."""
        return bool(self.interventions) and all(each.bit() > 0 for each in self.interventions)

    @property
    def vain(self) -> str:
        """The first intervention that disturbed nothing, in words."""
        vain = next((each for each in self.interventions if each.bit() == 0), None)
        return f"{vain.name}: {vain.says()}" if vain is not None else ""
