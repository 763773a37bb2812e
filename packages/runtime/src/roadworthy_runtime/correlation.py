"""The request id: taken over from the caller when well formed, made here otherwise, known everywhere in between."""

import os
import re
from binascii import hexlify
from collections.abc import Iterable
from contextvars import ContextVar

from roadworthy_runtime import contract

CURRENT: ContextVar[str | None] = ContextVar("roadworthy_request_id", default=None)

_HEADER = contract.REQUEST_ID_HEADER.encode()
_WELL_FORMED = re.compile(rb"%s\Z" % contract.REQUEST_ID_PATTERN.encode()).match
_POOL_BYTES = 4096
_ID_BYTES = 16


def request_id() -> str | None:
    """The id of the request being answered, or None outside of one."""
    return CURRENT.get()


def accept(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The caller's id when it is well formed and the only one, otherwise a fresh one."""
    found: bytes | None = None
    for name, value in headers:
        if name == _HEADER:
            if found is not None or not _WELL_FORMED(value):
                return fresh()
            found = value
    return found or fresh()


class _Pool:
    """Random bytes fetched in blocks, because one system call per request is what costs."""

    __slots__ = ("block", "position")

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Throw the block away: a forked child must not hand out its parent's ids."""
        self.block = b""
        self.position = 0


_pool = _Pool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.forget)


def fresh() -> bytes:
    """Thirty-two hexadecimal digits nobody can guess."""
    position = _pool.position
    piece = _pool.block[position : position + _ID_BYTES]
    if len(piece) < _ID_BYTES:
        _pool.block = os.urandom(_POOL_BYTES)
        piece, position = _pool.block[:_ID_BYTES], 0
    _pool.position = position + _ID_BYTES
    return hexlify(piece)
