"""One process the guardian started: its pipes, and how it is started."""

import errno
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from roadworthy.rig.guardian.descendants import end_with_parent
from roadworthy.rig.guardian.wire import Request
from roadworthy.rig.limits import Limits

READ_BYTES = 65536
LINE_BYTES = 65536
BUSY_TRIES = 40
BUSY_PAUSE_SECONDS = 0.05


class Piece(NamedTuple):
    """What one read of a pipe gave: whole lines, whether it was empty-handed, and whether the pipe has ended."""

    lines: list[str]
    empty: bool
    ended: bool


@dataclass(slots=True)
class Child:
    """A started process; it leads its own session, so that its group can be addressed."""

    popen: subprocess.Popen[bytes]
    stop_signal: int
    pending: dict[str, bytes] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group and session."""
        return self.popen.pid

    def pipes(self) -> Iterator[tuple[str, int]]:
        """Yield the open output pipes: stream name and descriptor."""
        for name, pipe in (("stdout", self.popen.stdout), ("stderr", self.popen.stderr)):
            if pipe is not None and not pipe.closed:
                yield name, pipe.fileno()

    def read(self, stream: str) -> Piece:
        """Read what is there, once; an unfinished last line is kept until it is finished, too long, or the end."""
        pipe = self.popen.stdout if stream == "stdout" else self.popen.stderr
        if pipe is None or pipe.closed:
            return Piece([], empty=True, ended=True)
        try:
            data = os.read(pipe.fileno(), READ_BYTES)
        except BlockingIOError:
            return Piece([], empty=True, ended=False)
        *whole, rest = (self.pending.get(stream, b"") + data).split(b"\n")
        if rest and (not data or len(rest) > LINE_BYTES):
            whole.append(rest)
            rest = b""
        self.pending[stream] = rest
        if not data:
            pipe.close()
        lines = [line.decode(errors="replace").removesuffix("\r") for line in whole]
        return Piece(lines, empty=not data, ended=not data)


def start(request: Request) -> Child:
    """Start what the driver asked for; raise OSError or KeyError when it cannot be."""
    limits = Limits(**request.get("limits", {}))

    def prepare() -> None:
        end_with_parent()
        limits.apply()

    user = request.get("user")
    account = pwd.getpwnam(user) if user is not None else None

    def begin() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            request["arguments"],
            cwd=request["folder"],
            env=request["environment"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=prepare,
        )

    popen = _once_written(begin)
    child = Child(popen, request.get("stop_signal", signal.SIGTERM))
    for _, descriptor in child.pipes():
        os.set_blocking(descriptor, False)
    return child


def _once_written(begin: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Begin a program that was just copied: a process forked meanwhile may still hold it open for writing (ETXTBSY)."""
    for _ in range(BUSY_TRIES):
        try:
            return begin()
        except OSError as problem:
            if problem.errno != errno.ETXTBSY:
                raise
        time.sleep(BUSY_PAUSE_SECONDS)
    return begin()
