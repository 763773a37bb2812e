"""The HTTP client of journeys, probes and load: one try, one deadline, and everything it did on record."""

import asyncio
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import httpx

BODY_BYTES = 8 * 2**20


class Failure(StrEnum):
    """Why a request has no answer.

    `refused`: nobody accepted, so nothing was lost; `cut`: it was accepted and the connection ended without a whole
    answer; `hung`: the deadline passed; `garbled`: what came is no HTTP.
    """

    REFUSED = "refused"
    CUT = "cut"
    HUNG = "hung"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True)
class Request:
    """What to send: method, path, query, headers, and a body as JSON or as bytes."""

    method: str
    path: str
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    json: Any = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One request and what came of it; times are monotonic seconds. Without a status there is a failure.

    `planned` is when it should have started (load); else it is `started`.
    """

    number: int
    request: Request
    planned: float
    started: float
    ended: float
    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: bytes = b""
    failure: Failure | None = None
    error: str = ""

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.started

    @property
    def succeeded(self) -> bool:
        """Whether it was answered with a status below 400."""
        return self.status is not None and self.status < 400

    def json(self) -> Any:
        """Return the body as JSON; raise ValueError when it is none."""
        return httpx.Response(200, content=self.body).json()


class Client:
    """An HTTP client for one loopback address, as an async context manager.

    By default every request has a connection of its own, so that a failure belongs to the request and not to a
    connection that had grown old. `source_address` is what the service sees as its peer (for example 127.0.0.2).
    """

    def __init__(
        self,
        base_url: str,
        *,
        deadline_seconds: float = 10.0,
        headers: Mapping[str, str] | None = None,
        keep_alive: bool = False,
        source_address: str | None = None,
    ) -> None:
        """Prepare; nothing is connected before the first request."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None if keep_alive else 0)
        self.base_url = base_url
        self.deadline_seconds = deadline_seconds
        self.records: list[Record] = []
        self._numbers = itertools.count(1)
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers=dict(headers or {}),
            transport=httpx.AsyncHTTPTransport(retries=0, limits=limits, local_address=source_address, trust_env=False),
            timeout=httpx.Timeout(None),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        """Enter."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def send(
        self, request: Request, *, deadline_seconds: float | None = None, planned: float | None = None
    ) -> Record:
        """Send one request, once; return its record, which is also kept. Nothing is raised for what the service does."""
        number, started = next(self._numbers), time.monotonic()
        outcome: dict[str, Any]
        try:
            async with asyncio.timeout(deadline_seconds or self.deadline_seconds):
                outcome = await self._exchange(request)
        except TimeoutError:
            outcome = {
                "failure": Failure.HUNG,
                "error": f"no answer within {deadline_seconds or self.deadline_seconds:g} s",
            }
        except httpx.ConnectError as error:
            outcome = {"failure": Failure.REFUSED, "error": _told(error)}
        except (httpx.ProtocolError, httpx.DecodingError) as error:
            cut = "disconnected" in str(error) or "peer closed" in str(error)
            outcome = {"failure": Failure.CUT if cut else Failure.GARBLED, "error": _told(error)}
        except httpx.TransportError as error:
            outcome = {"failure": Failure.CUT, "error": _told(error)}
        record = Record(
            number=number,
            request=request,
            planned=started if planned is None else planned,
            started=started,
            ended=time.monotonic(),
            **outcome,
        )
        self.records.append(record)
        return record

    async def get(self, path: str, *, deadline_seconds: float | None = None) -> Record:
        """Send a GET."""
        return await self.send(Request("GET", path), deadline_seconds=deadline_seconds)

    async def _exchange(self, request: Request) -> dict[str, Any]:
        """Send, and read the answer up to 8 MiB."""
        body = bytearray()
        async with self._http.stream(
            request.method,
            request.path,
            params=dict(request.query) if request.query is not None else None,
            headers=dict(request.headers) if request.headers is not None else None,
            json=request.json,
            content=request.content,
        ) as response:
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > BODY_BYTES:
                    break
            return {"status": response.status_code, "headers": dict(response.headers), "body": bytes(body[:BODY_BYTES])}


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
