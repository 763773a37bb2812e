"""What a measured duration proves, on a host that is never quite still."""

from dataclasses import dataclass
from enum import StrEnum

MARGIN = 2.0
NOISE_SHARE = 0.25


class Verdict(StrEnum):
    """What the clock says."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Timing:
    """A duration (None: no end within the margin) and its limit.

    `delay` is how long the host kept a sleeping task waiting, `control` how long the same takes when nothing is broken.
    """

    limit: float
    measured: float | None
    delay: float
    control: float

    @property
    def verdict(self) -> Verdict:
        """Holds up to the limit; broken past twice the limit; unclear between, and wherever the host was too slow."""
        if self.measured is not None and self.measured <= self.limit:
            return Verdict.HOLDS
        past = self.measured is None or self.measured > self.limit * MARGIN
        return Verdict.BROKEN if past and not self._noisy and not self._slow else Verdict.UNCLEAR

    @property
    def why(self) -> str:
        """Why it is unclear."""
        if self._noisy:
            return f"the host itself kept a sleeping task waiting for {self.delay:.2f} s"
        if self._slow or self.measured is None:
            return f"it takes {self.control:.2f} s also when nothing is broken"
        return f"{self.measured:.2f} s lies between the limit of {self.limit:g} s and its margin of {self.limit * MARGIN:g} s"

    @property
    def _noisy(self) -> bool:
        return self.delay > self.limit * NOISE_SHARE

    @property
    def _slow(self) -> bool:
        return self.control > self.limit / MARGIN
