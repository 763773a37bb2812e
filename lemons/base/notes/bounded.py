"""An upper bound for anything that waits for someone else."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Value = TypeVar("Value")
_left: set[asyncio.Task[Any]] = set()


async def bounded(seconds: float, work: Coroutine[Any, Any, Value]) -> Value:
    """Return what `work` returns, or raise TimeoutError without waiting for its cancellation to be heard.

    A driver that is cancelled in the middle of a query first talks to its server; a silent server would hold us there.
    """
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if done:
        return task.result()
    _left.add(task)
    task.add_done_callback(_forget)
    task.cancel()
    raise TimeoutError


def _forget(task: asyncio.Task[Any]) -> None:
    _left.discard(task)
    if not task.cancelled():
        task.exception()
