"""What the operating system knows of this process; where it does not tell, the metric is left out."""

import os
import time
from pathlib import Path

from roadworthy_runtime.metrics.family import Reading, Sample, reading

_PROC = Path("/proc/self")


def _started_at() -> float:
    """When the process started, by the kernel where it says so, otherwise when this module was imported."""
    try:
        ticks = float((_PROC / "stat").read_text().rsplit(")", 1)[1].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
        return time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.time()


_STARTED_AT = _started_at()


def read_process() -> list[Reading]:
    """CPU, memory and file descriptors at this moment."""
    values = {"process_cpu_seconds_total": time.process_time(), "process_start_time_seconds": _STARTED_AT}
    values |= _memory()
    values |= _descriptors()
    return [reading(name, [Sample("", (), value)]) for name, value in values.items()]


def _memory() -> dict[str, float]:
    try:
        size, resident = (_PROC / "statm").read_text().split()[:2]
        page = os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return {}
    return {
        "process_virtual_memory_bytes": float(size) * page,
        "process_resident_memory_bytes": float(resident) * page,
    }


def _descriptors() -> dict[str, float]:
    values: dict[str, float] = {}
    for folder in (_PROC / "fd", Path("/dev/fd")):
        try:
            values["process_open_fds"] = float(sum(1 for _ in folder.iterdir()))
            break
        except OSError:
            continue
    try:
        import resource
    except ImportError:
        return values
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    values["process_max_fds"] = float("inf") if limit == resource.RLIM_INFINITY else float(limit)
    return values
