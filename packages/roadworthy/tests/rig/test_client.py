"""The client tries once, keeps a deadline, and tells lost requests from refused ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from roadworthy.rig.client import Client, Failure, Record, Request
from roadworthy.rig.connection import Link
from roadworthy.rig.ports import LOOPBACK, free_port

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n"


@asynccontextmanager
async def service(behaviour: str, peers: list[str] | None = None) -> AsyncIterator[str]:
    """Yield the address of a service that reads one request and then behaves so."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if peers is not None:
            peers.append(writer.get_extra_info("peername")[0])
        await reader.readuntil(b"\r\n\r\n")
        match behaviour:
            case "answers":
                writer.write(ANSWER + b'{"a":1}')
            case "redirects":
                writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n")
            case "stops":
                writer.write(ANSWER + b'{"a')
            case "resets":
                Link(reader, writer).reset()
                return
            case "babbles":
                writer.write(b"220 mail.example ESMTP\r\n\r\n")
            case "hangs":
                await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, LOOPBACK, 0)
    try:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        over.set()
        server.close()


async def outcome(behaviour: str, deadline_seconds: float = 30.0) -> Record:
    async with service(behaviour) as address, Client(address, deadline_seconds=deadline_seconds) as client:
        return await client.send(Request("POST", "/answers", json={"item": 1}))


async def test_an_answer_is_recorded_whole() -> None:
    record = await outcome("answers")

    assert (record.status, record.json(), record.failure) == (200, {"a": 1}, None)
    assert record.succeeded
    assert record.planned == record.started <= record.ended


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    record = await outcome("redirects")

    assert (record.status, record.failure) == (302, None)


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        ("closes", Failure.CUT),
        ("resets", Failure.CUT),
        ("stops", Failure.CUT),
        ("babbles", Failure.GARBLED),
    ],
)
async def test_a_lost_request_is_told_from_other_failures(behaviour: str, failure: Failure) -> None:
    record = await outcome(behaviour)

    assert (record.status, record.failure) == (None, failure), record.error


async def test_a_request_without_an_answer_ends_at_its_deadline() -> None:
    record = await outcome("hangs", deadline_seconds=0.2)

    assert record.failure is Failure.HUNG
    assert record.seconds >= 0.2
    assert record.error == "no answer within 0.2 s"


async def test_a_refused_request_was_never_sent() -> None:
    async with Client(f"http://{LOOPBACK}:{free_port()}") as client:
        record = await client.get("/")

    assert record.failure is Failure.REFUSED
    assert client.records == [record]


async def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{LOOPBACK}:{free_port()}")

    assert (await outcome("answers")).status == 200


async def test_the_service_sees_the_chosen_source_address() -> None:
    peers: list[str] = []
    async with service("answers", peers) as address, Client(address, source_address=LOOPBACK) as client:
        await client.get("/")
        await client.get("/")

    assert peers == [LOOPBACK, LOOPBACK]
