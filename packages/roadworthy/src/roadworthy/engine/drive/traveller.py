"""Sends the steps of journeys to one running subject, and judges the answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, urlencode

from roadworthy.engine.drive.cannot_tell import CannotTellError
from roadworthy.engine.drive.judge import captured, wrong
from roadworthy.engine.drive.template import NAME, as_text, fill, fill_text
from roadworthy.model.codec import Json
from roadworthy.model.subject import Journey, Step, Subject
from roadworthy.model.trial import Answer, Extra, Travel, Tried
from roadworthy.rig.client import Client, Failure, Record, Request

TEXT_BYTES = 256_000
NOTHING_EXTRA = Extra()
PROBLEMS = {
    Failure.REFUSED: "the connection was refused",
    Failure.CUT: "the connection ended without an answer",
    Failure.GARBLED: "what came back is no HTTP",
}


@dataclass(slots=True)
class Traveller:
    """One caller's knowledge: whom to ask, what the environment says, what signing in gave."""

    client: Client
    subject: Subject
    variables: Mapping[str, str]
    random: Random
    note: Callable[[Answer], None]
    signed_in: dict[str, Json] = field(default_factory=dict)

    async def sign_in(self) -> None:
        """Obtain what [auth] needs; raise CannotTellError when a step of it fails."""
        values = self.fresh()
        for step in self.subject.auth.steps:
            tried, values = await self.send(step, values, self.subject.limits.deadline_seconds)
            if not tried.holds:
                raise CannotTellError(f"signing in fails: {step.request}: {tried.wrong}")
        self.signed_in = {name: values[name] for step in self.subject.auth.steps for name, _ in step.capture}

    def fresh(self) -> dict[str, Json]:
        """Return the values a new journey begins with."""
        return {**self.variables, **self.signed_in, "unique": f"{self.random.getrandbits(48):012x}"}

    async def travel(self, journey: Journey, patience_seconds: float) -> Travel:
        """Run a journey up to its end or its first step that goes wrong."""
        values = self.fresh()
        done: list[Tried] = []
        for step in journey.steps:
            tried, values = await self.send(step, values, patience_seconds)
            done.append(tried)
            if not tried.holds:
                break
        return Travel(journey, tuple(done))

    async def prepare(self, journey: Journey, index: int) -> "PreparedStep":
        """Travel everything before a step, so that the step itself can be sent later."""
        values = self.fresh()
        for step in journey.steps[:index]:
            tried, values = await self.send(step, values, self.subject.limits.deadline_seconds)
            if not tried.holds:
                raise CannotTellError(f"steady state is lost: {step.request}: {tried.wrong}")
        return PreparedStep(self, journey.steps[index], values)

    async def send(
        self, step: Step, values: dict[str, Json], patience_seconds: float, extra: Extra = NOTHING_EXTRA
    ) -> tuple[Tried, dict[str, Json]]:
        """Send one step; return what came of it, and the values with what it captured."""
        record = await self.client.send(self._request(step, values, extra), deadline_seconds=patience_seconds)
        answer = answer_of(step.request, record)
        self.note(answer)
        headers = record.headers or {}
        tried = Tried(step, answer, wrong(step, answer, headers, values))
        return tried, values | captured(step, answer, headers)

    async def ask(self, method: str, path: str, patience_seconds: float, extra: Extra = NOTHING_EXTRA) -> Answer:
        """Send a request that is no step."""
        request = Request(method, _with_query(path, extra), headers=dict(extra.headers))
        answer = answer_of(f"{method} {path}", await self.client.send(request, deadline_seconds=patience_seconds))
        self.note(answer)
        return answer

    def _request(self, step: Step, values: Mapping[str, Json], extra: Extra) -> Request:
        path = NAME.sub(
            lambda name: quote(as_text(values[name[1]]), safe="") if name[1] in values else name[0], step.path
        )
        headers: dict[str, str] = {}
        for pairs in (self.subject.auth.headers, step.headers, extra.headers):
            for name, value in pairs:
                for same in [each for each in headers if each.lower() == name.lower()]:
                    del headers[same]
                headers[name] = fill_text(value, values)
        content = None
        if step.json is not None:
            body = fill(step.json, values)
            if isinstance(body, dict):
                body = body | dict(extra.fields)
            content = json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
        elif step.body is not None:
            content = fill_text(step.body, values).encode()
        return Request(step.method, _with_query(path, extra), headers=headers, content=content)


@dataclass(frozen=True, slots=True)
class PreparedStep:
    """A step whose predecessors have been travelled."""

    traveller: Traveller
    step: Step
    values: dict[str, Json]

    async def send(self, patience_seconds: float, extra: Extra = NOTHING_EXTRA) -> Tried:
        """Send it once."""
        tried, _ = await self.traveller.send(self.step, self.values, patience_seconds, extra)
        return tried


def answer_of(request: str, record: Record) -> Answer:
    """Return a record in the words of a trial."""
    problem = "" if record.failure is None else PROBLEMS.get(record.failure, f"no answer within {record.seconds:.1f} s")
    text = record.body[:TEXT_BYTES].decode(errors="replace")
    return Answer(request, record.started, record.seconds, record.status, text, problem)


def _with_query(path: str, extra: Extra) -> str:
    if not extra.query:
        return path
    return path + ("&" if "?" in path else "?") + urlencode(extra.query)
