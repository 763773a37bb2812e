"""What is said about code that starts work by the clock."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchedulerStarted:
    """Code starts a timer or a scheduler in its own process (Kind.CONSTRUCT, defines, named by the call).

    `library` is what does it ("APScheduler", "fastapi-utils", "node-cron", "setInterval" …); `guarded` names what lets
    only one process do the work ("a lock", "a variable"), "" where nothing was seen.
    """

    library: str
    guarded: str = ""
