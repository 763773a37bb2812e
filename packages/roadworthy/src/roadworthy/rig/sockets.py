"""The connections of some processes to addresses outside this host."""

import ipaddress
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

TABLES = ("tcp", "tcp6", "udp", "udp6")
STATES = {"01": "ESTABLISHED", "02": "SYN_SENT", "03": "SYN_RECV"}


class Peer(NamedTuple):
    """One process's connection, or attempt at one, to a foreign address."""

    pid: int
    address: str
    port: int
    state: str


def is_local(address: str) -> bool:
    """Say whether an address is this host's loopback, or no address at all."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback or (mapped or parsed).is_unspecified


def foreign_peers(pids: Iterable[int], network_of: int) -> list[Peer]:
    """Return the foreign peers of these processes; `network_of` is a process in their network namespace."""
    tables = Path("/proc", str(network_of), "net")
    if not tables.is_dir():
        return [peer for pid in pids for peer in _asked(pid)]
    foreign = {inode: (peer, port, state) for name in TABLES for inode, peer, port, state in _rows(tables / name)}
    if not foreign:
        return []
    return [Peer(pid, *foreign[inode]) for pid in pids for inode in _inodes(pid) if inode in foreign]


def _rows(table: Path) -> Iterator[tuple[str, str, int, str]]:
    """Yield inode, address, port and state of each row whose peer is foreign."""
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return
    for line in lines:
        fields = line.split()
        peer, _, port = fields[2].partition(":")
        if port == "0000" or (peer[6:] == "7F" and len(peer) == 8):
            continue
        address = _address(peer)
        if not is_local(address):
            yield fields[9], address, int(port, 16), STATES.get(fields[3], "CLOSING" if "tcp" in table.name else "OPEN")


def _address(written: str) -> str:
    """Return an address from the kernel's form: words of four bytes, each in the host's own order."""
    words = [int(written[start : start + 8], 16) for start in range(0, len(written), 8)]
    packed = struct.pack(f"={len(words)}I", *words)
    return socket.inet_ntop(socket.AF_INET if len(words) == 1 else socket.AF_INET6, packed)


def _inodes(pid: int) -> Iterator[str]:
    """Yield the inode of every socket a process has open."""
    with suppress(OSError):
        for descriptor in Path("/proc", str(pid), "fd").iterdir():
            with suppress(OSError):
                target = str(descriptor.readlink())
                if target.startswith("socket:["):
                    yield target[8:-1]


def _asked(pid: int) -> list[Peer]:
    try:
        found = psutil.Process(pid).net_connections(kind="inet")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []
    return [
        Peer(pid, one.raddr.ip, one.raddr.port, one.status) for one in found if one.raddr and not is_local(one.raddr.ip)
    ]
