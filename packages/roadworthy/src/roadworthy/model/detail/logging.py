"""What is said about logs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogSetup:
    """Code or configuration says how log lines look (Kind.CONSTRUCT, defines, named "logs").

    `form` is "json", "text" or "" when it cannot be read; `by` the library; `correlated` tells that each line of one
    request carries its id.
    """

    form: str
    by: str
    correlated: bool | None = None
