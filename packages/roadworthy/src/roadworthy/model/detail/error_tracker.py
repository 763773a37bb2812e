"""What is said about trackers of errors: who starts one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackerStarted:
    """Code starts a tracker of errors (Kind.CONSTRUCT, defines, named by the product). `variable` is the variable its
    address comes from, "" where that is not seen."""

    variable: str
