"""The driver's end of the guardian: start it, ask it, hear it, and leave it."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.command import arguments
from roadworthy.rig.guardian import area as work_area
from roadworthy.rig.guardian.isolation import joined
from roadworthy.rig.guardian.wire import Event, Request, decode, encode
from roadworthy.rig.limits import Limits
from roadworthy.rig.process import Process
from roadworthy.rig.user import unprivileged_user

LINE_LIMIT_BYTES = 8 * 2**20
START_SECONDS = 30.0
ANSWER_SECONDS = 30.0
LEAVE_SECONDS = 30.0


class Guardian:
    """The process that owns everything the rig starts, as an async context manager.

    Inside, `area` is a fresh folder and `spawn` starts processes. On leaving, everything is ended and the area removed.
    When the deadline passes, the guardian ends all by itself and the body of the `async with` is interrupted: it then
    raises RoadworthyError.
    """

    area: Path
    pid: int

    def __init__(self, *, deadline_seconds: float, grace_seconds: float = 3.0, isolated: bool = False) -> None:
        """Prepare. `user` is then the unprivileged user who may enter the area; None where we are one ourselves.

        `isolated` asks for a network of the run's own, with loopback and no way out, for all its processes and, while
        inside, for the calling thread; the attribute then says whether the host gave it.
        Raise RoadworthyError when we are root and the host has no such user.
        """
        self._deadline_seconds = deadline_seconds
        self._grace_seconds = grace_seconds
        self.user = unprivileged_user()
        self.isolated = isolated
        self._network = contextlib.ExitStack()
        self.ended_because: str | None = None
        self.left: list[int] = []
        self._processes: dict[int, Process] = {}
        self._answers: dict[int, asyncio.Future[Event]] = {}
        self._early: dict[int, list[Event]] = {}
        self._requests = 0
        self._leaving = False
        self._interrupted = False

    async def __aenter__(self) -> Self:
        """Start the guardian and wait until its area is there; raise RoadworthyError when it does not come up."""
        options = {
            "deadline-seconds": str(self._deadline_seconds),
            "grace-seconds": str(self._grace_seconds),
            "parent": str(os.getpid()),
        }
        if self.user is not None:
            options["user"] = self.user
        flags = ["--isolated"] if self.isolated else []
        self._body = asyncio.current_task()
        self._guardian = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "roadworthy.rig.guardian",
            *(f"--{name}={value}" for name, value in options.items()),
            *flags,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=LINE_LIMIT_BYTES,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await self._output.readline()
            if not line:
                raise RoadworthyError("the guardian process did not start: its error is above")
            ready: Event = decode(line)
            self.area, self.pid, self.isolated = Path(ready["area"]), ready["pid"], ready["isolated"]
            if self.isolated:
                self._network.enter_context(joined(self.pid))
        except BaseException:
            self._input.close()
            raise
        self._hearing = asyncio.create_task(self._hear())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End everything; raise RoadworthyError when the guardian ended before the body did."""
        self._leaving = True
        self._network.close()
        with contextlib.suppress(ConnectionError):
            self._send({"id": 0, "do": "end", "grace_seconds": self._grace_seconds})
            self._input.close()  # from here on the guardian ends by itself, whatever becomes of this process
        async with asyncio.timeout(LEAVE_SECONDS + self._grace_seconds):
            await self._hearing
            await self._guardian.wait()
        if self._guardian.returncode != 0:
            await asyncio.to_thread(work_area.remove, self.area)  # it was killed and could not tidy up itself
        if self._interrupted and self._body is not None and kind is asyncio.CancelledError:
            if self._body.uncancel() > 0:
                return
            raise RoadworthyError(f"the run was ended: {self.ended_because}") from error

    async def spawn(
        self,
        name: str,
        command: str | Sequence[str],
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        limits: Limits | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> Process:
        """Start a process with exactly this environment, in `cwd` (the area), as `user` (ourselves).

        `stop_signal` is what asks it to end when the run ends. Raise RoadworthyError when it cannot be started.
        """
        words = arguments(command)
        folder = cwd or self.area
        answer = await self._ask(
            {
                "id": 0,
                "do": "spawn",
                "name": name,
                "arguments": list(words),
                "folder": str(folder),
                "environment": dict(environment or {}),
                "user": user,
                "limits": (limits or Limits()).as_json(),
                "stop_signal": int(stop_signal),
            }
        )
        if "error" in answer:
            raise RoadworthyError(f"{name}: cannot start {words[0]!r}: {answer['error']}")
        process = Process(name, answer["pid"], answer["at"], folder, self._deliver)
        self._processes[process.pid] = process
        for event in self._early.pop(process.pid, []):
            self._take(event)
        return process

    async def _deliver(self, pid: int, number: int, whole: bool) -> int:
        answer = await self._ask({"id": 0, "do": "signal", "pid": pid, "signal": int(number), "whole": whole})
        return answer["signalled"]

    async def _ask(self, request: Request) -> Event:
        if self.ended_because is not None or self._guardian.returncode is not None:
            raise RoadworthyError(f"the run was ended: {self.ended_because}")
        self._requests += 1
        request["id"] = self._requests
        answer: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._answers[self._requests] = answer
        try:
            self._send(request)
            async with asyncio.timeout(ANSWER_SECONDS):
                return await answer
        except ConnectionError:
            raise RoadworthyError("the run was ended: the guardian is gone") from None
        finally:
            self._answers.pop(request["id"], None)

    def _send(self, request: Request) -> None:
        self._input.write(encode(request))

    async def _hear(self) -> None:
        """Take what the guardian says until it ends; then nothing of the run lives any more."""
        while line := await self._output.readline():
            self._take(decode(line))
        self.ended_because = self.ended_because or "the guardian is gone"
        for process in self._processes.values():
            if process.running:
                process.over(time.monotonic(), None)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(RoadworthyError(f"the run was ended: {self.ended_because}"))
        if not self._leaving and self._body is not None:
            self._interrupted = True
            self._body.cancel()

    def _take(self, event: Event) -> None:
        match event["event"]:
            case "answer":
                answer = self._answers.get(event["id"])
                if answer is not None and not answer.done():
                    answer.set_result(event)
            case "lines" | "exit":
                process = self._processes.get(event["pid"])
                if process is None:
                    self._early.setdefault(event["pid"], []).append(event)
                elif event["event"] == "exit":
                    process.over(event["at"], event["code"])
                else:
                    process.heard(event["at"], event["stream"], event.get("lines", []), event.get("dropped", 0))
            case "ending":
                self.ended_because = event["reason"]
            case "ended":
                self.left = event["left"]
            case "ready":
                raise ValueError("the guardian said twice that it is ready")

    @property
    def _input(self) -> asyncio.StreamWriter:
        if self._guardian.stdin is None:
            raise ValueError("the guardian was started without a pipe")
        return self._guardian.stdin

    @property
    def _output(self) -> asyncio.StreamReader:
        if self._guardian.stdout is None:
            raise ValueError("the guardian was started without a pipe")
        return self._guardian.stdout
