"""Where log lines go: a bounded buffer, and one thread that writes it out.

A pipe that nobody reads blocks that thread and nothing else; what no longer fits is counted and dropped. Lines fail
open: losing a line is better than losing the service.
"""

import atexit
import os
import threading
import time

from roadworthy_runtime.redaction import REDACTOR

MAX_BYTES = 4 << 20
_GATHER_SECONDS = 0.02
_POLL_SECONDS = 0.002
_PIECE_BYTES = 1 << 16
_LAST_CHANCE_SECONDS = 1.0


class Sink:
    """Takes lines from any thread without ever waiting for the output."""

    def __init__(self, descriptor: int = 1, max_bytes: int = MAX_BYTES) -> None:
        self._descriptor = descriptor
        self._max_bytes = max_bytes
        self.dropped = 0
        self._patience_seconds = 0.0
        self._reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        """Begin anew: a forked child has neither its parent's thread nor its lines."""
        self._lines: list[bytes] = []
        self._size = 0
        self._lock = threading.RLock()  # entered again when collecting garbage logs something in mid-write
        self._wake = threading.Event()
        self._idle = True
        self._thread: threading.Thread | None = None

    def write(self, line: bytes) -> None:
        """Queue a line, or drop and count it when the buffer is full."""
        with self._lock:
            if self._size + len(line) > self._max_bytes:
                self.dropped += 1
                return
            self._size += len(line)
            self._lines.append(line)
            was_idle, self._idle = self._idle, False
            if self._thread is None:
                self._start()
        if was_idle:
            self._wake.set()
        if self._patience_seconds > 0:
            began = time.monotonic()
            self.flush(self._patience_seconds)
            self._patience_seconds -= time.monotonic() - began

    def open(self) -> None:
        """Gather lines; nobody waits for them."""
        self._patience_seconds = 0.0

    def close(self) -> None:
        """From here on wait for each line, one second in all: the server is about to end the process by a signal."""
        self.flush()
        self._patience_seconds = _LAST_CHANCE_SECONDS

    def flush(self, timeout_seconds: float = _LAST_CHANCE_SECONDS) -> bool:
        """Wait until everything queued is written, no longer than the timeout; return whether it is."""
        deadline = time.monotonic() + timeout_seconds
        while self._size and time.monotonic() < deadline:
            self._wake.set()
            time.sleep(_POLL_SECONDS)
        return not self._size

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True, name="roadworthy-log-writer")
        self._thread.start()
        atexit.register(self.flush)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            if not self._patience_seconds:
                time.sleep(_GATHER_SECONDS)
            self._wake.clear()
            with self._lock:
                lines, self._lines = self._lines, []
                if not lines:
                    self._idle = True
                    continue
            self._put(REDACTOR.clean(b"".join(lines)))
            with self._lock:
                self._size -= sum(map(len, lines))
            self._wake.set()

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                written = os.write(self._descriptor, view[:_PIECE_BYTES])
            except BlockingIOError:
                time.sleep(_GATHER_SECONDS)
            except OSError:
                self.dropped += bytes(view).count(b"\n")
                return
            else:
                view = view[written:]


SINK = Sink()
