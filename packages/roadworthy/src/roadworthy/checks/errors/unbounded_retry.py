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

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.OUTGOING_CALLS, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at how often things are tried."""
    return judged(facts, "endless-retry", repair="Give up after a few tries")
