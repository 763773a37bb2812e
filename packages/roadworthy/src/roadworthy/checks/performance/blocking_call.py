"""An asynchronous function makes a blocking call.

While it blocks, the event loop serves nobody: one slow call stops every other request of the process, and its probes.

## Fails

```python title="app/main.py"
import time


async def wait():
    time.sleep(5)
```

## Passes

```python title="app/main.py"
import asyncio


async def wait():
    await asyncio.sleep(5)
```

## Repair

Use the asynchronous form, or hand the call to a thread (`asyncio.to_thread`, `starlette.concurrency.run_in_threadpool`).
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import BlockingCall, ModuleRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for known blocking calls directly inside asynchronous functions."""
    for opening in facts.openings(Kind.CONSTRUCT):
        yield Unknown(f"what the code calls: {opening.reason}", opening.at)
    for symbol in facts.definitions(Kind.CONSTRUCT):
        if symbol.role is not FileRole.PROD:
            continue
        match symbol.detail:
            case ModuleRead():
                yield Held(symbol.at)
            case BlockingCall(function, instead):
                python = symbol.at.path.endswith(".py")
                thread = "in a thread with `asyncio.to_thread`" if python else "in a worker thread"
                yield Finding(
                    f"`{symbol.name}` blocks the event loop in `{'async def ' if python else ''}{function}`",
                    symbol.at,
                    repair=f"Use `{instead}`, or run the call {thread}",
                    names=(str(symbol.name), function),
                )
