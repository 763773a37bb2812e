"""A request that changes something is sent again when no answer came.

The first one may have arrived: the second charges the card twice, sends the mail twice, creates the order twice.

## Fails

```python title="app/payments.py"
import httpx
from tenacity import retry, stop_after_attempt


@retry(stop=stop_after_attempt(3))
def charge(amount: int) -> None:
    httpx.post("https://payments.example.com/charges", json={"amount": amount}, timeout=5)
```

## Passes

```python title="app/payments.py"
import uuid

import httpx
from tenacity import retry, stop_after_attempt


@retry(stop=stop_after_attempt(3))
def charge(amount: int, key: uuid.UUID) -> None:
    headers = {"Idempotency-Key": str(key)}
    httpx.post("https://payments.example.com/charges", json={"amount": amount}, headers=headers, timeout=5)
```

## Repair

Send a key by which the receiver knows the second one, or retry reading only.
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
    """Look at what is sent again."""
    return judged(facts, "retry", repair="Send an idempotency key, or do not repeat it")
