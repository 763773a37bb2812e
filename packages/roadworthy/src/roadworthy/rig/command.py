"""A command line as the arguments of one process."""

import shlex
from collections.abc import Sequence

from roadworthy.model.error import RoadworthyError

SHELL_SIGNS = frozenset("|&;<>()$`*?[]#~=%{}!\n")


def arguments(command: str | Sequence[str]) -> tuple[str, ...]:
    """Given a command line or its arguments, return what to execute.

    A plain line is split, so that the program itself is the process that gets the signals; a line that needs a
    shell is given to `/bin/sh -c`. Raise RoadworthyError when there is nothing to start or a quote is left open.
    """
    if not isinstance(command, str):
        if not command:
            raise RoadworthyError("an empty command cannot be started: name a program")
        return tuple(command)
    if not command.strip():
        raise RoadworthyError("an empty command cannot be started: name a program")
    if SHELL_SIGNS & set(command):
        return ("/bin/sh", "-c", command)
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise RoadworthyError(f"command {command!r} cannot be split into words: {error}") from error
