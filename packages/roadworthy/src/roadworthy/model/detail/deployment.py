"""What is said about jobs that bring the service to its users."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class DeployFound:
    """A job deploys or publishes (Kind.PIPELINE, refers, named by the job; derived).

    `by` is the command or action; `state` is "guarded", "unguarded" or "unclear" with `why`; `test` is the job whose tests
    it ought to need ("" where none is known), `test_at` where that runs them.
    """

    by: str
    state: str
    why: str
    test: str
    test_at: Span


@dataclass(frozen=True, slots=True)
class JobIdle:
    """A job does nothing but say something (Kind.PIPELINE, refers, named by the job; derived). `promises` tells that its name
    or its environment says that it deploys."""

    promises: bool
    says: str
