"""What is cached is kept for ever.

The cache fills until it throws away what is needed or refuses to write, and an answer that was right a year ago is still
given.

## Fails

```python title="app/cache.py"
import redis

cache = redis.Redis(socket_timeout=1)


def remember(key: str, value: bytes) -> None:
    cache.set(key, value)
```

## Passes

```python title="app/cache.py"
import redis

cache = redis.Redis(socket_timeout=1)


def remember(key: str, value: bytes) -> None:
    cache.set(key, value, ex=60)
```

## Repair

Give every entry an end (`ex=`, `setex`), and the server a limit with a policy (`maxmemory-policy`).
"""

from collections.abc import Iterator

from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at everything that is kept in a cache."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if not isinstance(construct, Construct) or construct.kind != "cache-end" or symbol.role is not FileRole.PROD:
            continue
        if construct.sound is None:
            yield Unknown(f"whether {construct.says}", symbol.at)
        elif construct.sound:
            yield Held(symbol.at)
        else:
            yield Finding(
                construct.says,
                symbol.at,
                (),
                "Give it an end (`ex=`)",
                (str(symbol.name),),
                symbol.component,
            )
