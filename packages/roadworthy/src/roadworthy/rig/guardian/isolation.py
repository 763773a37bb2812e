"""A network of the run's own: loopback and nothing else (Linux, as root).

The guardian enters it before it starts anything, so that no process of the run has a way out. The driver's thread joins
it while the run lasts, because the run's servers and proxies must meet there; each run has all ports to itself.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
SET_FLAGS = 0x8914  # SIOCSIFFLAGS
UP_AND_RUNNING = 0x41


def isolate() -> bool:
    """Leave the host's network for a fresh one whose loopback is up; say whether the host allowed it."""
    if sys.platform != "linux" or ctypes.CDLL(None, use_errno=True).unshare(NEW_NETWORK) != 0:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP_AND_RUNNING))
    return True


@contextmanager
def joined(pid: int) -> Iterator[None]:
    """Let the calling thread use the network of a process; sockets made before stay where they are.

    Raise OSError where that is not allowed.
    """
    library = ctypes.CDLL(None, use_errno=True)
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    theirs = os.open(Path("/proc", str(pid), "ns", "net"), os.O_RDONLY | os.O_CLOEXEC)
    try:
        if library.setns(theirs, NEW_NETWORK) != 0:
            raise OSError(ctypes.get_errno(), "the network of the run cannot be joined")
        yield
    finally:
        library.setns(own, NEW_NETWORK)
        os.close(theirs)
        os.close(own)
