"""Steady load in the open model: requests start when they are due, whether or not earlier ones were answered."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from roadworthy.rig.client import Client, Record, Request


@dataclass(frozen=True, slots=True)
class Load:
    """What a load came to: its records in the order they were due."""

    records: tuple[Record, ...]

    @property
    def succeeded(self) -> tuple[Record, ...]:
        """The requests that were answered below 400."""
        return tuple(record for record in self.records if record.succeeded)

    @property
    def worst_lateness_seconds(self) -> float:
        """How late the latest request started: how far this host kept to the rate."""
        return max((record.started - record.planned for record in self.records), default=0.0)


async def steady_load(
    client: Client,
    factory: Callable[[int], Request],
    *,
    per_second: float,
    seconds: float,
    most: int = 10_000,
    stop: asyncio.Event | None = None,
) -> Load:
    """Send `factory(0)`, `factory(1)`, … at a steady rate until the time, the count, or `stop`; wait for every answer.

    Latency that counts the wait of an overloaded host is `ended - planned`.
    """
    begun = time.monotonic()
    tasks: list[asyncio.Task[Record]] = []
    for index in range(min(most, int(per_second * seconds))):
        due = begun + index / per_second
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if stop is not None and stop.is_set():
            break
        tasks.append(asyncio.create_task(client.send(factory(index), planned=due)))
    try:
        return Load(tuple(await asyncio.gather(*tasks)))
    finally:
        for task in tasks:
            task.cancel()
