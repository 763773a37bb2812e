"""System V shared memory that a killed server leaves behind: a resource no folder removal returns (Linux)."""

import ctypes
from pathlib import Path

TABLE = Path("/proc/sysvipc/shm")
REMOVE = 0  # IPC_RMID


def remove_left_by(creators: set[int]) -> int:
    """Given the ids of processes that are gone, remove the segments they created that nobody uses; return how many."""
    try:
        rows = TABLE.read_text().splitlines()
    except OSError:
        return 0
    header = rows[0].split()
    library = ctypes.CDLL(None, use_errno=True)
    removed = 0
    for row in rows[1:]:
        values = dict(zip(header, row.split(), strict=False))
        if int(values["cpid"]) in creators and int(values["nattch"]) == 0:
            removed += library.shmctl(int(values["shmid"]), REMOVE, None) == 0
    return removed
