"""The way out, on a real server."""

import asyncio
import os
import sys
import time
from pathlib import Path

import httpx

from moments import moments
from served import serve


async def test_readiness_is_red_at_once_while_new_requests_are_still_served() -> None:
    async with serve(SAMPLE_LINGER_SECONDS="3") as served, served.client() as client:
        await served.wait_for("dependency is up")
        served.read_on()
        before = await client.get("/health/ready")

        served.terminate()
        ready = await _first(client, "/health/ready", 503)
        work = await client.get("/slow", params={"seconds": 0.1})
        live = await client.get("/health/live")

        assert before.status_code == 200
        assert ready.json()["status"] == "draining"
        assert work.status_code == 200
        assert work.headers["connection"] == "close"
        assert live.status_code == 200
        assert await served.ended() == -15


async def test_request_under_way_is_finished_after_the_listener_closed() -> None:
    async with serve(SAMPLE_LINGER_SECONDS="0") as served, served.client() as client:
        request = asyncio.create_task(client.get("/slow", params={"seconds": 2}))
        await _in_flight(client)

        served.terminate()
        answer = await request

        assert answer.status_code == 200
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        await served.ended()


async def test_request_that_overstays_the_deadline_is_told_so() -> None:
    async with serve(SAMPLE_DRAIN_SECONDS="1", SAMPLE_LINGER_SECONDS="0") as served, served.client() as client:
        request = asyncio.create_task(client.get("/slow", params={"seconds": 3600}))
        await _in_flight(client)

        began = time.monotonic()
        served.terminate()
        answer = await request
        await served.ended()

        assert answer.status_code == 503
        assert answer.json()["code"] == "DRAINING"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert time.monotonic() - began < 20


async def test_endless_stream_does_not_prevent_the_exit() -> None:
    async with serve(SAMPLE_DRAIN_SECONDS="1", SAMPLE_LINGER_SECONDS="0") as served, served.client() as client:
        async with client.stream("GET", "/stream", params={"pieces": 1_000_000}) as answer:
            pieces = answer.aiter_bytes()
            await anext(pieces)
            served.terminate()
            cut = False
            try:
                async for _ in pieces:
                    pass
            except httpx.RemoteProtocolError:
                cut = True

        assert cut
        await served.ended()


async def test_shutdown_of_the_application_that_hangs_is_given_up() -> None:
    async with serve(SAMPLE_DRAIN_SECONDS="1", SAMPLE_LINGER_SECONDS="0", SAMPLE_HANGS_ON_CLOSE="1") as served:
        served.terminate()

        await served.ended(20)

        messages = [line["message"] for line in served.lines]
        assert "closing" in messages
        assert any("given up" in message for message in messages)


async def test_second_signal_skips_the_wait() -> None:
    async with serve(SAMPLE_DRAIN_SECONDS="3600", SAMPLE_LINGER_SECONDS="3599") as served, served.client() as client:
        served.terminate()
        await _first(client, "/health/ready", 503)

        served.terminate()

        await served.ended(20)


async def test_requests_of_many_clients_all_succeed_across_a_stop() -> None:
    async with serve(SAMPLE_LINGER_SECONDS="1") as served:
        served.read_on()
        outcomes: list[int] = []
        stop = asyncio.Event()

        async def ask() -> None:
            """Ask on fresh connections until the probe says that no more should come, as a load balancer does."""
            async with served.client(limits=httpx.Limits(max_keepalive_connections=0)) as client:
                while not stop.is_set():
                    outcomes.append((await client.get("/slow", params={"seconds": 0.02})).status_code)

        async def watch() -> None:
            async with served.client(limits=httpx.Limits(max_keepalive_connections=0)) as client:
                await _first(client, "/health/ready", 503)
                stop.set()

        askers = [asyncio.create_task(ask()) for _ in range(8)]
        async for _ in moments():
            if len(outcomes) >= 20:
                break
        watcher = asyncio.create_task(watch())
        served.terminate()
        await asyncio.gather(watcher, *askers)

        assert set(outcomes) == {200}
        await served.ended()


async def test_process_whose_server_handles_no_signal_ends_when_its_work_is_done() -> None:
    environment = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    arguments = (sys.executable, str(Path(__file__).parent / "signal_less_server.py"))

    process = await asyncio.create_subprocess_exec(*arguments, env=environment, stdout=asyncio.subprocess.PIPE)
    printed, _ = await asyncio.wait_for(process.communicate(), 30)

    assert printed.decode().split("\n") == ["503 draining", "200 finished", ""]
    assert process.returncode == -15


async def _first(client: httpx.AsyncClient, path: str, status: int) -> httpx.Response:
    """Ask until the status comes."""
    async for _ in moments():
        answer = await client.get(path)
        if answer.status_code == status:
            break
    return answer


async def _in_flight(client: httpx.AsyncClient) -> None:
    """Wait until the server is busy with one request."""
    async for _ in moments():
        if "\nhttp_requests_in_flight 1\n" in (await client.get("/metrics")).text:
            return
