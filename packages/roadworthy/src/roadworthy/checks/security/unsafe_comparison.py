"""A secret is compared in a time that tells how much of it is right.

`==` stops at the first character that differs. Whoever can measure the answers finds a token character by character.

## Fails

```python title="app/guard.py"
from app.settings import API_TOKEN


def allowed(token: str) -> bool:
    return token == API_TOKEN
```

## Passes

```python title="app/guard.py"
import hmac

from app.settings import API_TOKEN


def allowed(token: str) -> bool:
    return hmac.compare_digest(token, API_TOKEN)
```

## Repair

Compare with `hmac.compare_digest` (Python) or `crypto.timingSafeEqual` (Node).
"""

from collections.abc import Iterator

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every comparison of secrets."""
    return judged(facts, "comparison", repair="Compare with `hmac.compare_digest` or `crypto.timingSafeEqual`")
