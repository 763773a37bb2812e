"""The processes below one process, asked cheaply: measurements look often, and must not disturb what they measure."""

from pathlib import Path

import psutil


def pids_below(pid: int) -> list[int]:
    """Return the ids of all descendants; a look of the moment, that may miss who comes or goes meanwhile."""
    try:
        return _from_kernel(pid)
    except FileNotFoundError:
        return _from_table(pid)


def _from_kernel(pid: int) -> list[int]:
    """Follow the kernel's own lists of children (Linux); raise FileNotFoundError where there are none."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        tasks = Path("/proc", str(waiting.pop()), "task")
        for task in _threads(tasks, first=not found):
            try:
                children = [int(child) for child in (task / "children").read_text().split()]
            except (ProcessLookupError, FileNotFoundError):
                if task.exists():
                    raise  # the process is there, the list is not: this kernel has none
                continue
            found += children
            waiting += children
    return found


def _threads(tasks: Path, *, first: bool) -> list[Path]:
    try:
        return list(tasks.iterdir())
    except OSError:
        if first and not Path("/proc/self/task").is_dir():
            raise FileNotFoundError(tasks) from None
        return []


def _from_table(pid: int) -> list[int]:
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
