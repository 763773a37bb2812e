"""Something is tried again for ever.

A dependency that is down gets all requests of all callers without end, and cannot come back; the caller never learns
that it failed.

## Fails

```python title="app/prices.py"
import httpx
from tenacity import retry


@retry
def price() -> str:
    return httpx.get("https://prices.example.com", timeout=5).text
```

## Passes

```python title="app/prices.py"
import httpx
from tenacity import retry, stop_after_attempt, wait_random_exponential


@retry(stop=stop_after_attempt(3), wait=wait_random_exponential(max=5))
def price() -> str:
    return httpx.get("https://prices.example.com", timeout=5).text
```

## Repair

Give up after a few tries, wait longer each time, and by chance.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.OUTGOING_CALLS, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at how often things are tried."""
    found: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if (
            not isinstance(construct, Construct)
            or construct.kind != "endless-retry"
            or symbol.role is not FileRole.PROD
        ):
            continue
        found.add(symbol.component)
        if construct.sound is None:
            yield Unknown(f"whether {construct.says}", symbol.at)
        elif construct.sound:
            yield Held(symbol.at)
        else:
            yield Finding(
                construct.says,
                symbol.at,
                (),
                "Give up after a few tries",
                (str(symbol.name),),
                symbol.component,
            )
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)
