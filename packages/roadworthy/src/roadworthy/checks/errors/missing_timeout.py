"""A call to another service may wait for ever.

When the other side stops answering, each such call keeps a worker until none is left: somebody else's outage becomes
yours. `requests` and `urllib` wait without end unless they are told how long.

## Fails

```python title="app/rates.py"
import requests


def rate(currency):
    return requests.get(f"https://rates.example/{currency}").json()
```

## Passes

```python title="app/rates.py"
import requests


def rate(currency):
    return requests.get(f"https://rates.example/{currency}", timeout=3).json()
```

## Repair

Give every call a timeout, shorter than the one your own caller has.

## References

- https://requests.readthedocs.io/en/latest/user/advanced/#timeouts
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.code import ClientCall, TimeoutsNamed
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.OUTGOING_CALLS, since="0.1", needs=frozenset({Kind.CONSTRUCT}))

_PYTHON = "Add `timeout=` in seconds, shorter than the caller's own"
_SIGNAL = "Add `signal: AbortSignal.timeout(milliseconds)`, shorter than the caller's own"
_ASIDE = frozenset({"healthcheck", "probe", "run"})
# The part of a path that is told: what a variable holds before it is not.
_SCRIPT = re.compile(r"(?:\$\{?\w+\}?/)?([\w.-]+(?:/[\w.-]+)*\.(?:py|js|mjs|cjs|ts))\b")
_REPAIRS = {"requests": _PYTHON, "urllib": _PYTHON, "httpx": _PYTHON, "aiohttp": _PYTHON}
_REPAIRS |= dict.fromkeys(("fetch", "node-fetch", "undici", "cross-fetch", "isomorphic-fetch"), _SIGNAL)
_REPAIRS |= {
    "axios": "Add `timeout` in milliseconds to the call or to `axios.create`, shorter than the caller's own",
    "got": "Add `timeout: {request: milliseconds}`, shorter than the caller's own",
    "django": "Set `connect_timeout` in the `OPTIONS` of the database, `socket_timeout` in those of the cache, in seconds",
    "pg": "Set `connectionTimeoutMillis`, and `statement_timeout` for the queries",
    "ioredis": "Set `commandTimeout` in milliseconds",
    "aws-sdk": "Set `requestHandler: {connectionTimeout: milliseconds, requestTimeout: milliseconds}`",
    "superagent": "Add `.timeout(milliseconds)`, shorter than the caller's own",
}

_REPAIRS |= dict.fromkeys(("redis", "aioredis"), "Add `socket_connect_timeout=` and `socket_timeout=` in seconds")
_REPAIRS |= dict.fromkeys(
    ("psycopg", "psycopg2", "psycopg_pool", "sqlalchemy", "sqlmodel"),
    "Add `connect_timeout` in seconds (`connect_args` of SQLAlchemy, `kwargs` of a pool), and a `statement_timeout`",
)
# Which packages speak to PostgreSQL by libpq, which waits for ever; others have a limit of their own.
_LIBPQ = frozenset({"psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "psycopg-c"})
_ASYNCHRONOUS = frozenset({"asyncpg", "aiosqlite", "aiomysql", "asyncmy"})
_SAME = {
    "connect_timeout": ("connect_timeout", "statement_timeout"),
    "commandtimeout": ("commandtimeout", "sockettimeout"),
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for calls that leave the process without a bound on their wait, library by library."""
    for opening in facts.openings(Kind.CONSTRUCT):
        yield Unknown(f"what the code calls: {opening.reason}", opening.at)
    aside = _run_aside(facts)
    named = _named(facts)
    endless: dict[str, list[tuple[Symbol, ClientCall]]] = defaultdict(list)
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ClientCall):
        if symbol.role is not FileRole.PROD or not isinstance(symbol.detail, ClientCall):
            continue
        if symbol.at.path in aside:
            continue
        match symbol.detail.bounded:
            case True:
                yield Held(symbol.at)
            case None if symbol.detail.option and (said := _default(facts, symbol.detail, named)) is not None:
                if said:
                    yield Held(symbol.at)
                else:
                    endless[symbol.detail.library].append((symbol, symbol.detail))
            case None:
                yield Unknown(
                    f"whether `{symbol.name}` can wait for ever: no timeout stands here (errors/dependency-hangs tries it)",
                    symbol.at,
                )
            case False:
                endless[symbol.detail.library].append((symbol, symbol.detail))
    for found in endless.values():
        yield _finding(found)


def _run_aside(facts: Facts) -> set[str]:
    """Return the scripts that only a health check or the build of an image runs: both end what takes too long."""
    aside: set[str] = set()
    running = ""
    for symbol in facts.references(Kind.COMMAND):
        if isinstance(symbol.detail, CommandUse):
            text = " ".join(symbol.detail.words)
            if symbol.detail.purpose in _ASIDE:
                aside |= {found.removeprefix("./") for found in _SCRIPT.findall(text)}
            else:
                running += f"{text}\n"
    return {
        file
        for file in facts.files
        for script in aside
        if f"/{file}".endswith(f"/{script}") and script.rpartition("/")[2] not in running
    }


def _named(facts: Facts) -> frozenset[str]:
    """Return the options that an address sets, or code that itself makes no client."""
    making = {s.at.path for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, ClientCall)}
    found: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, TimeoutsNamed):
        if isinstance(symbol.detail, TimeoutsNamed) and symbol.role in (FileRole.PROD, FileRole.EXAMPLE):
            found |= symbol.detail.address
            if symbol.at.path not in making and symbol.role is FileRole.PROD:
                found |= symbol.detail.code
    return frozenset(found)


def _default(facts: Facts, call: ClientCall, named: frozenset[str]) -> bool | None:
    """Tell whether a library that is not told how long to wait stops by itself; None where that depends on what is not seen."""
    option = call.option.lower()
    if named & set(_SAME.get(option, (option,))):
        return None
    if option == "timeout" and "setdefaulttimeout" in named:
        return None
    packages = {
        str(s.name): s.detail
        for s in facts.definitions(Kind.PACKAGE)
        if isinstance(s.detail, Dependency) and s.phase == "run" and not s.detail.group
    }
    match call.library:
        case "django" | "redis" if option == "socket_timeout":
            return _redis(packages.get("redis"))
        case "sqlalchemy" | "sqlmodel" | "django":
            if not _LIBPQ & set(packages) or _ASYNCHRONOUS & set(packages):
                return None
    told = any(str(s.name) == "PGCONNECT_TIMEOUT" for s in facts.definitions(Kind.ENVIRONMENT))
    return option == "connect_timeout" and told


def _redis(asked: Dependency | None) -> bool | None:
    """Tell whether the version of redis-py is one that waits five seconds (8.0), not for ever (before)."""
    if asked is None:
        return None
    bounds = {sign: int(major) for sign, major in re.findall(r"(===?|~=|<=?|>=?|\^)\s*v?(\d+)", asked.specifier)}
    least = max((n for sign, n in bounds.items() if sign in ("==", "===", "~=", ">=", ">", "^")), default=0)
    if least >= 8:
        return True
    most = min((n for sign, n in bounds.items() if sign in ("==", "===", "~=", "<=", "^")), default=None)
    below = bounds.get("<")
    return False if (most is not None and most < 8) or (below is not None and below <= 8) else None


def _finding(found: list[tuple[Symbol, ClientCall]]) -> Finding:
    (symbol, call), *others = found
    files = {symbol.at.path, *(other.at.path for other, _ in others)}
    where = "of this file" if len(files) == 1 else f"in {len(files)} files"
    more = f"; nor have {len(others)} more calls {where}" if len(others) > 1 else ""
    more = f"; nor has `{others[0][0].name}` in {others[0][0].at}" if len(others) == 1 else more
    return Finding(
        f"`{symbol.name}` has no timeout: it waits as long as the other side likes{more}",
        symbol.at,
        tuple(Related(other.at, f"`{other.name}` has none either") for other, _ in others[:8]),
        _REPAIRS.get(call.library, "Add a timeout, shorter than the caller's own"),
        (str(symbol.name),),
    )
