"""The guardian's one thread: it starts and signals what the driver asks, passes output on, reaps, and at last ends all."""

import os
import selectors
import signal
import time
from pathlib import Path

from roadworthy.rig.guardian import area as work_area
from roadworthy.rig.guardian.child import Child, start
from roadworthy.rig.guardian.descendants import adopt_orphans, deliver, descendants, session
from roadworthy.rig.guardian.shared_memory import remove_left_by
from roadworthy.rig.guardian.wire import Event, Request, decode, encode

DRIVER_IN, DRIVER_OUT = 0, 1
LOOK_SECONDS = 0.25
OUTBOX_BYTES = 8 * 2**20
KILL_SECONDS = 10.0


class Loop:
    """The guardian's state: the children, what is still to be said to the driver, and why it ends."""

    def __init__(
        self, parent: int, deadline_seconds: float, grace_seconds: float, user: str | None, *, isolated: bool
    ) -> None:
        """Take over: adopt orphans, outlive the terminal's signals, make the area, and say so."""
        adopt_orphans()
        self._parent = parent
        self._deadline_seconds = deadline_seconds
        self._deadline = time.monotonic() + deadline_seconds
        self._grace_seconds = grace_seconds
        self._reason = ""
        self._children: dict[int, Child] = {}
        self._started: set[int] = set()
        self._inbox = b""
        self._outbox = bytearray()
        self._driver_listens = True
        self._selector = selectors.DefaultSelector()
        self._wake, wake_write = os.pipe()
        for descriptor in (DRIVER_IN, DRIVER_OUT, self._wake, wake_write):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        # Handlers, not SIG_IGN: what is ignored stays ignored in every program started from here.
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._end_because("the guardian was asked to terminate"))
        self._selector.register(DRIVER_IN, selectors.EVENT_READ, "driver")
        self._selector.register(self._wake, selectors.EVENT_READ, "wake")
        self._area: Path = work_area.create(user)
        self._say({"event": "ready", "pid": os.getpid(), "area": str(self._area), "isolated": isolated})

    def run(self) -> None:
        """Guard until there is a reason to end, then end everything and remove the area."""
        try:
            while not self._reason:
                self._turn(min(LOOK_SECONDS, max(0.0, self._deadline - time.monotonic())))
                if time.monotonic() >= self._deadline:
                    self._end_because(f"the run passed its deadline of {self._deadline_seconds:g} s")
                elif os.getppid() != self._parent:
                    self._end_because("the driver is gone")
        finally:
            self._end_all()

    def _turn(self, timeout_seconds: float) -> None:
        """Wait for input once, and do what came."""
        for key, _ in self._selector.select(timeout_seconds):
            match key.data:
                case "driver":
                    self._hear()
                case "wake":
                    os.read(self._wake, 4096)
                case "outbox":
                    self._flush()
                case (pid, stream):
                    self._pass_on(self._children[pid], stream)
        self._reap()

    def _hear(self) -> None:
        try:
            data = os.read(DRIVER_IN, 2**20)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(DRIVER_IN)
            self._end_because("the driver is gone")
            return
        *lines, self._inbox = (self._inbox + data).split(b"\n")
        for line in lines:
            self._obey(decode(line))

    def _obey(self, request: Request) -> None:
        answer: Event = {"event": "answer", "id": request["id"], "at": time.monotonic()}
        match request["do"]:
            case "spawn":
                try:
                    child = start(request)
                except (OSError, KeyError, ValueError) as error:
                    answer["error"] = _plain(error)
                else:
                    self._children[child.pid] = child
                    self._started.add(child.pid)
                    for stream, descriptor in child.pipes():
                        self._selector.register(descriptor, selectors.EVENT_READ, (child.pid, stream))
                    answer["pid"] = child.pid
            case "signal":
                answer["signalled"] = self._signal(request["pid"], request["signal"], whole=request["whole"])
            case "end":
                self._grace_seconds = request["grace_seconds"]
                self._end_because("the driver is done")
        answer["at"] = time.monotonic()
        self._say(answer)

    def _signal(self, pid: int, number: int, *, whole: bool) -> int:
        """Signal a process, or it and everything it started; parents first, until nobody new turns up."""
        if not whole:
            return int(pid in self._children and deliver(pid, number))
        reached: set[int] = set()
        while True:
            own = {each for each in descendants(os.getpid(), self._started) if session(each) == pid}
            own |= set(descendants(pid, set())) if pid in self._children else set()
            own |= {pid} & set(self._children)
            fresh = own - reached
            if not fresh:
                return len(reached)
            for each in sorted(fresh, key=lambda each: (each != pid, each)):
                deliver(each, number)
            reached |= fresh

    def _pass_on(self, child: Child, stream: str) -> bool:
        """Read one piece of output and tell it; say whether there may be more."""
        descriptors = dict(child.pipes())
        if stream not in descriptors:
            return False
        piece = child.read(stream)
        if piece.ended:
            self._selector.unregister(descriptors[stream])
        if piece.lines:
            self._say(
                {"event": "lines", "pid": child.pid, "stream": stream, "at": time.monotonic(), "lines": piece.lines},
                may_drop=True,
            )
        return not piece.empty

    def _reap(self) -> None:
        """Collect every ended descendant, adopted ones too; tell the ends of those the driver asked for."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self._children.get(pid)
            if child is None or child.popen.returncode is not None:
                continue
            code = os.waitstatus_to_exitcode(status)
            for stream, _ in list(child.pipes()):
                while self._pass_on(child, stream):
                    continue
            child.popen.returncode = code
            self._say({"event": "exit", "pid": pid, "code": code, "at": time.monotonic()})

    def _say(self, event: Event, *, may_drop: bool = False) -> None:
        if not self._driver_listens:
            return
        if may_drop and len(self._outbox) > OUTBOX_BYTES:
            event["dropped"] = len(event.pop("lines", []))
        self._outbox += encode(event)
        self._flush()

    def _flush(self) -> None:
        try:
            while self._outbox:
                del self._outbox[: os.write(DRIVER_OUT, self._outbox[:65536])]
        except BlockingIOError:
            if DRIVER_OUT not in self._selector.get_map():
                self._selector.register(DRIVER_OUT, selectors.EVENT_WRITE, "outbox")
            return
        except OSError:
            self._driver_listens = False
            self._outbox.clear()
            self._end_because("the driver is gone")
        if DRIVER_OUT in self._selector.get_map():
            self._selector.unregister(DRIVER_OUT)

    def _end_because(self, reason: str) -> None:
        self._reason = self._reason or reason

    def _end_all(self) -> None:
        """Ask every process to stop, kill what does not, remove the area, and say what could not be ended."""
        self._say({"event": "ending", "reason": self._reason or "the guardian failed"})
        for child in self._children.values():
            if child.popen.returncode is None:
                deliver(child.pid, child.stop_signal)
        for pid in set(self._living()) - set(self._children):
            deliver(pid, signal.SIGTERM)
        for pid in self._living():
            deliver(pid, signal.SIGCONT)
        self._until_alone(time.monotonic() + self._grace_seconds, kill=False)
        left = self._until_alone(time.monotonic() + KILL_SECONDS, kill=True)
        remove_left_by(self._started - set(left))
        work_area.remove(self._area)
        self._say({"event": "ended", "left": left})
        until = time.monotonic() + 1.0
        while self._outbox and time.monotonic() < until:
            time.sleep(0.005)
            self._flush()

    def _living(self) -> list[int]:
        return descendants(os.getpid(), self._started)

    def _until_alone(self, until: float, *, kill: bool) -> list[int]:
        """Wait until no descendant lives or the time is over, killing on the way if asked; return who still lives."""
        while living := self._living():
            if time.monotonic() >= until:
                return living
            if kill:
                for pid in living:
                    deliver(pid, signal.SIGKILL)
            self._turn(0.02)
        self._reap()
        return []


def _plain(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"no such program or folder: {error.filename}"
    if isinstance(error, KeyError):
        return f"unknown user or field {error}"
    return str(error)
