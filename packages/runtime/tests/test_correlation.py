"""The request id: taken over when well formed, never otherwise, and the same everywhere."""

import asyncio
import os
import re
import string

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from asking import client, wrap
from roadworthy_runtime import request_id
from roadworthy_runtime.correlation import accept, fresh

LETTERS = string.ascii_letters + string.digits
FRESH = re.compile(rb"[0-9a-f]{32}")
well_formed = st.builds(
    lambda head, tail: (head + tail).encode(),
    st.sampled_from(LETTERS),
    st.text(LETTERS + "._-", min_size=7, max_size=127),
)


@given(well_formed)
def test_well_formed_id_is_taken_over(value: bytes) -> None:
    assert accept([(b"host", b"x"), (b"x-request-id", value)]) == value


@given(st.binary(max_size=200))
def test_whatever_is_sent_the_id_is_harmless(value: bytes) -> None:
    accepted = accept([(b"x-request-id", value)])

    assert re.fullmatch(rb"[A-Za-z0-9._-]{8,128}", accepted)
    assert accepted == value or FRESH.fullmatch(accepted)


@given(well_formed, st.sampled_from([b"\n", b"\r\n", b" ", b"\x00", b'"', b"{", "é".encode()]))
def test_one_foreign_character_refuses_the_whole_id(value: bytes, foreign: bytes) -> None:
    for broken in (foreign + value, value + foreign):
        assert FRESH.fullmatch(accept([(b"x-request-id", broken)]))


def test_two_ids_are_nobodys_id() -> None:
    assert FRESH.fullmatch(accept([(b"x-request-id", b"first-id-0001"), (b"x-request-id", b"second-id-002")]))


def test_fresh_ids_do_not_repeat() -> None:
    ids = [fresh() for _ in range(10_000)]

    assert len(set(ids)) == len(ids)
    assert all(FRESH.fullmatch(each) for each in ids)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_forked_child_does_not_hand_out_its_parents_ids() -> None:
    fresh()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, fresh())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 100) != fresh()

    os.close(reading)
    os.close(writing)


async def test_concurrent_requests_do_not_mix_their_ids() -> None:
    app = FastAPI()
    wrap(app)

    @app.get("/echo")
    async def echo() -> dict[str, str | None]:
        await asyncio.sleep(0.01)
        return {"id": request_id()}

    async with client(app) as asking:
        ids = [f"caller-id-{number:04}" for number in range(50)]
        answers = await asyncio.gather(*(asking.get("/echo", headers={"x-request-id": each}) for each in ids))

    assert [answer.json()["id"] for answer in answers] == ids
    assert [answer.headers.get_list("x-request-id") for answer in answers] == [[each] for each in ids]


async def test_threads_and_background_tasks_know_the_id() -> None:
    app = FastAPI()
    wrap(app)

    @app.get("/thread")
    def thread() -> dict[str, str | None]:
        return {"id": request_id()}

    async with client(app) as asking:
        answer = await asking.get("/thread")

    assert answer.json()["id"] == answer.headers["x-request-id"]
    assert request_id() is None


async def test_an_id_the_application_sets_itself_gives_way() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": [(b"x-request-id", b"own")]})
        await send({"type": "http.response.body"})

    async with client(wrap(app)) as asking:
        answer = await asking.get("/", headers={"x-request-id": "caller-id-0001"})

    assert answer.headers.get_list("x-request-id") == ["caller-id-0001"]
