"""What is said about probes: which question they ask, where, and how patiently."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProbeUse:
    """A path someone asks to learn whether the service is well (Kind.PATH, refers).

    `kind` is "live", "ready", "startup" or "health"; `port` as written, a number or a name, "" when unknown; `artifact`
    is "compose", "kubernetes", "dockerfile". Seconds and counts are None where nothing is said.
    """

    kind: str
    port: str
    artifact: str
    timeout_seconds: float | None = None
    period_seconds: float | None = None
    failures: int | None = None
    delay_seconds: float | None = None
