"""Load starts requests when they are due, and keeps every record."""

import asyncio
from itertools import pairwise

from rig.programs_under_test import ENVIRONMENT, python
from rig.waiting import until
from roadworthy.rig.client import Client, Request
from roadworthy.rig.guardian import Guardian
from roadworthy.rig.load import steady_load
from roadworthy.rig.ports import LOOPBACK

SERVICE = """
import asyncio
async def serve(reader, writer):
    line = await reader.readline()
    await asyncio.sleep(0.3)
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(line) + line)
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


async def test_slow_answers_do_not_hold_back_the_next_requests() -> None:
    async with Guardian(deadline_seconds=60) as guardian:
        process = await guardian.spawn("slow", python(SERVICE), environment=ENVIRONMENT)
        await until(lambda: bool(process.lines()))
        async with Client(f"http://{LOOPBACK}:{process.lines()[0].text}", deadline_seconds=30) as client:
            load = await steady_load(client, lambda index: Request("POST", f"/{index}"), per_second=50, seconds=1)

    assert len(load.succeeded) == 50
    assert [record.request.path for record in load.records] == [f"/{index}" for index in range(50)]
    assert {record.body.split()[1].decode() for record in load.records} == {f"/{index}" for index in range(50)}
    assert load.worst_lateness_seconds >= 0
    planned = [record.planned for record in load.records]
    assert [round(later - earlier, 6) for earlier, later in pairwise(planned)] == [0.02] * 49
    overlapping = sum(later.started < earlier.ended for earlier, later in pairwise(load.records))
    assert overlapping > 0


async def test_load_stops_when_told() -> None:
    stop = asyncio.Event()
    stop.set()
    async with Client(f"http://{LOOPBACK}:1") as client:
        load = await steady_load(client, lambda _: Request("GET", "/"), per_second=10, seconds=600, stop=stop)

    assert load.records == ()


async def test_count_bounds_the_load() -> None:
    async with Client(f"http://{LOOPBACK}:1") as client:
        load = await steady_load(client, lambda _: Request("GET", "/"), per_second=1000, seconds=600, most=5)

    assert len(load.records) == 5
    assert load.succeeded == ()
