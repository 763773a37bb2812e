"""What is said about how long a process takes to stop."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drained:
    """A process may take this long to finish what it has begun (Kind.SETTING, defines, named by the setting).

    `by` is "gunicorn", "celery", "node"; `stated` tells that the number is written down, and not the program's own.
    """

    by: str
    seconds: int
    stated: bool = True
