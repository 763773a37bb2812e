"""What workflows hand from one place to another: outputs, inputs, secrets, variables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ValueGiven:
    """A workflow makes a value available (Kind.PIPELINE, defines, named by the value).

    `space` is "job output", "workflow output", "step", "step output", "env", "assigned" (by a script for what it runs, or to
    the job's container), "input", "secret", "matrix", "need". `job` is
    the job in which it can be used ("" for all), `owner` the job or step it comes from, `order` the place of a step in its
    job. `complete` is False on a value that stands for "and others that are not seen". `required` tells that whoever calls
    the workflow must pass it.
    """

    space: str
    job: str = ""
    owner: str = ""
    order: int = -1
    complete: bool = True
    required: bool = False


@dataclass(frozen=True, slots=True)
class ValueAsked:
    """A workflow uses a value (Kind.PIPELINE, refers, named by the value); the fields are those of what gives it. `shown` is
    how it is written; `order` the place of the step that uses it, -1 outside of steps. `shell` tells that a script reads it
    as a variable."""

    space: str
    job: str
    owner: str
    shown: str
    order: int = -1
    shell: bool = False


@dataclass(frozen=True, slots=True)
class WorkflowCalled:
    """A job stands for another workflow of the repository (Kind.PIPELINE, refers, named by its path). `inputs` and `secrets`
    are what it is handed; `inherits` tells that it is handed all secrets."""

    job: str
    inputs: tuple[str, ...]
    secrets: tuple[str, ...]
    inherits: bool
