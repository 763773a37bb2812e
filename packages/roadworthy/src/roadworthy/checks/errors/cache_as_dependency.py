"""A request fails because the cache is lost, although the code beside it goes on without.

A cache makes answers quicker. When its loss fails requests it has become a second database, without backup and without
anybody on call for it.

## Fails

```python title="app/cache.py"
import redis

cache = redis.Redis(socket_timeout=1)


def remembered(key: str) -> bytes | None:
    return cache.get(key)


def remember(key: str, value: bytes) -> None:
    try:
        cache.set(key, value, ex=60)
    except redis.RedisError:
        return
```

## Passes

```python title="app/cache.py"
import redis

cache = redis.Redis(socket_timeout=1)


def remembered(key: str) -> bytes | None:
    try:
        return cache.get(key)
    except redis.RedisError:
        return None


def remember(key: str, value: bytes) -> None:
    try:
        cache.set(key, value, ex=60)
    except redis.RedisError:
        return
```

## Repair

Catch the error of the cache's library where it is asked, count it, and go on as if nothing were cached.
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the uses of the cache within each module: those whose failure is caught with those whose is not."""
    modules: dict[str, list[tuple[Symbol, Construct]]] = defaultdict(list)
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        alone = isinstance(construct, Construct) and construct.kind == "cache-alone" and symbol.role is FileRole.PROD
        if isinstance(construct, Construct) and alone:
            yield _alone(symbol, construct)
        elif isinstance(construct, Construct) and construct.kind == "cache-read" and symbol.role is FileRole.PROD:
            modules[symbol.at.path].append((symbol, construct))
    for uses in modules.values():
        caught = [symbol for symbol, construct in uses if construct.sound]
        bare = [(symbol, construct) for symbol, construct in uses if not construct.sound]
        for symbol in caught:
            yield Held(symbol.at)
        if caught and bare:
            symbol, construct = bare[0]
            yield Finding(
                construct.says,
                symbol.at,
                (Related(caught[0].at, f"`{caught[0].name}` goes on without the cache"),),
                "Catch the error and go on without the cache",
                (str(symbol.name),),
                symbol.component,
            )
        elif bare:
            yield Unknown(f"whether callers of `{bare[0][0].name}` go on when the cache is lost", bare[0][0].at)


def _alone(symbol: Symbol, construct: Construct) -> Finding | Held:
    """Judge what is told by itself to go on without the cache, or not to."""
    if construct.sound:
        return Held(symbol.at)
    return Finding(
        construct.says,
        symbol.at,
        (),
        "Let the service go on while the cache is away",
        (str(symbol.name),),
        symbol.component,
    )
