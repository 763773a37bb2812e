"""Free loopback ports, outside the range the system hands to outgoing connections.

A server that must come back on its port would lose it to an outgoing connection otherwise.
"""

import random
import socket
from pathlib import Path

from roadworthy.model.error import RoadworthyError

LOOPBACK = "127.0.0.1"
FIRST, LAST = 15_000, 65_000
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
USUAL_EPHEMERAL = (32_768, 65_535)
TRIES = 500

_given: set[int] = set()
_choice = random.SystemRandom()


def free_port() -> int:
    """Return a loopback port that nobody listens on and that this process has not given before.

    Another process may take it before its user does: who binds it must be ready to ask again.
    Raise RoadworthyError when there is none.
    """
    with bound_socket() as reserved:
        return int(reserved.getsockname()[1])


def bound_socket(port: int = 0) -> socket.socket:
    """Return a socket bound to a loopback port, this one or a free one, that does not listen yet: it refuses.

    Raise RoadworthyError when the port is taken or none is free.
    """
    for candidate in (port,) if port else _candidates():
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((LOOPBACK, candidate))
        except OSError:
            bound.close()
            continue
        _given.add(candidate)
        bound.setblocking(False)
        return bound
    raise RoadworthyError(f"port {port} is taken" if port else "no free loopback port was found")


def _candidates() -> list[int]:
    low, high = _ephemeral()
    usable = [*range(FIRST, min(low, LAST)), *range(max(high + 1, FIRST), LAST)] or list(range(FIRST, LAST))
    fresh = [port for port in usable if port not in _given] or usable
    return _choice.sample(fresh, min(TRIES, len(fresh)))


def _ephemeral() -> tuple[int, int]:
    try:
        low, high = EPHEMERAL.read_text().split()
    except (OSError, ValueError):
        return USUAL_EPHEMERAL
    return int(low), int(high)
