"""What an exit code means."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes every command shares."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INCONCLUSIVE = 3
    DEFECT = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141
