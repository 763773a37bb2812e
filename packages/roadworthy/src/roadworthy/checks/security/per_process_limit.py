"""Requests are counted in the memory of one process, and several serve.

Each process has a count of its own: four workers let four times as many guesses of a password through, and every restart
forgets them all.

## Fails

```python title="app/main.py"
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
limiter = Limiter(key_func=get_remote_address, default_limits=["10/minute"])
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000", "--workers", "4"]
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
limiter = Limiter(key_func=get_remote_address, default_limits=["10/minute"], storage_uri="redis://redis:6379/1")
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--port", "8000", "--workers", "4"]
```

## Repair

Count in a store that all processes share: Redis for slowapi and flask-limiter (`storage_uri`), a Redis store for
express-rate-limit and @nestjs/throttler, a shared cache for Django REST framework.
"""

from collections.abc import Iterator

from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.limit import LimitSet, ProcessesRun
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.SETTING}), effort=Effort.HOURS
)

_CURES = {
    "slowapi": 'give the limiter `storage_uri="redis://…"`',
    "flask-limiter": 'give the limiter `storage_uri="redis://…"`',
    "express-rate-limit": "give it `store: new RedisStore(…)` of rate-limit-redis",
    "@nestjs/throttler": "give it `storage: new ThrottlerStorageRedisService(…)`",
    "rate-limiter-flexible": "use `RateLimiterRedis`",
    "@fastify/rate-limit": "give it `redis`",
    "REST framework": "set `CACHES` to a Redis cache",
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare where each component counts requests with how many processes it has."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, LimitSet):
        limit = symbol.detail
        if not isinstance(limit, LimitSet) or symbol.role is not FileRole.PROD or not symbol.component:
            continue
        several = _several(facts, symbol.component)
        elsewhere = _configured(facts, symbol) if limit.storage == "memory" and not limit.shown else []
        if limit.storage == "shared" or not several:
            yield Held(symbol.at)
        elif elsewhere and all(said.sound for _, said in elsewhere):
            yield Held(elsewhere[0][0].at)
        elif elsewhere and all(said.sound is not False for _, said in elsewhere):
            yield Unknown(
                f"where {symbol.name} counts: what its configuration names is not followed", elsewhere[0][0].at
            )
        elif limit.storage == "unknown":
            yield Unknown(f"where {symbol.name} counts: `{limit.shown or 'its options'}` is not followed", symbol.at)
        else:
            yield _finding(symbol, several)


def _configured(facts: Facts, symbol: Symbol) -> list[tuple[Symbol, Construct]]:
    """Return what the configuration of its application says to a limiter that says nothing itself."""
    return [
        (s, s.detail)
        for s in facts.definitions(Kind.CONSTRUCT, symbol.component)
        if isinstance(s.detail, Construct)
        and s.detail.kind == "limit-storage"
        and s.name == symbol.name
        and s.role is FileRole.PROD
    ]


def _several(facts: Facts, component: str) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.SETTING, Action.DEFINES, ProcessesRun)
        if s.component == component and isinstance(s.detail, ProcessesRun) and s.detail.most > 1
    ]


def _finding(symbol: Symbol, several: list[Symbol]) -> Finding:
    number = 1
    for one in several:
        number = max(number, one.detail.most if isinstance(one.detail, ProcessesRun) else 1)
    return Finding(
        f"{symbol.name} counts requests in the memory of one process, and {symbol.component} runs up to {number} {_what(several)}",
        symbol.at,
        tuple(dict.fromkeys(Related(s.at, _says(s)) for s in several)),
        f"Count where all of them look: {_CURES.get(str(symbol.name), 'keep the counters in Redis')}",
        (str(symbol.name),),
        symbol.component,
    )


def _what(several: list[Symbol]) -> str:
    return str(max(several, key=lambda s: s.detail.most if isinstance(s.detail, ProcessesRun) else 0).name)


def _says(symbol: Symbol) -> str:
    runs = symbol.detail
    if not isinstance(runs, ProcessesRun):
        return ""
    return (
        f"runs {runs.count} {symbol.name}"
        if runs.count == runs.most
        else f"runs {runs.count} to {runs.most} {symbol.name}"
    )
