"""Counts attempts to connect to a loopback port that nobody listens on (Linux, where packets may be read).

A refused attempt is answered by the kernel: no program sees it. To know that a refusal was met, the first packet of
each attempt is counted, by a filter in the kernel that lets nothing else through.
"""

import asyncio
import ctypes
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

IP_PACKETS = 0x0800
ATTACH_FILTER = 26
TO_THIS_HOST = 0


def can_count() -> bool:
    """Say whether this host lets us read packets."""
    if sys.platform != "linux":
        return False
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(IP_PACKETS)).close()
    except OSError:
        return False
    return True


@asynccontextmanager
async def counted(port: int, attempt: Callable[[], None]) -> AsyncIterator[Callable[[], None]]:
    """Call `attempt` for every connection attempt to the port while inside; raise OSError where packets are not ours.

    What it yields counts those that were made up to now.
    """
    if sys.platform != "linux":
        raise OSError("packets can be read on Linux only")
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    program = _first_packets(port)
    code = ctypes.create_string_buffer(program, len(program))
    packets.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, struct.pack("HL", len(program) // 8, ctypes.addressof(code)))
    packets.bind(("lo", IP_PACKETS))
    packets.setblocking(False)
    loop = asyncio.get_running_loop()

    def drain() -> None:
        while packets.fileno() >= 0:
            try:
                _, sender = packets.recvfrom(64)
            except BlockingIOError:
                return
            if sender[2] == TO_THIS_HOST:
                attempt()

    loop.add_reader(packets, drain)
    try:
        yield drain
    finally:
        drain()
        loop.remove_reader(packets)
        packets.close()


def _first_packets(port: int) -> bytes:
    """Return a packet filter: TCP, to this port, SYN without ACK. One row is (operation, if true, if false, operand)."""
    rows = (
        (0x30, 0, 0, 9),  # the protocol
        (0x15, 0, 7, 6),  # is TCP, or reject
        (0xB1, 0, 0, 0),  # X = length of the IP header
        (0x48, 0, 0, 2),  # the destination port
        (0x15, 0, 4, port),
        (0x50, 0, 0, 13),  # the flags
        (0x54, 0, 0, 0x12),  # of them SYN and ACK
        (0x15, 0, 1, 0x02),
        (0x06, 0, 0, 64),  # accept
        (0x06, 0, 0, 0),  # reject
    )
    return b"".join(struct.pack("HBBI", *row) for row in rows)
