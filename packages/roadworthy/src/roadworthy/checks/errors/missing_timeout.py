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

from roadworthy.model.detail.code import ClientCall
from roadworthy.model.detail.command import CommandUse
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
    "superagent": "Add `.timeout(milliseconds)`, shorter than the caller's own",
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for calls that leave the process without a bound on their wait, library by library."""
    for opening in facts.openings(Kind.CONSTRUCT):
        yield Unknown(f"what the code calls: {opening.reason}", opening.at)
    aside = _run_aside(facts)
    endless: dict[str, list[tuple[Symbol, ClientCall]]] = defaultdict(list)
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ClientCall):
        if symbol.role is not FileRole.PROD or not isinstance(symbol.detail, ClientCall):
            continue
        if symbol.at.path in aside:
            continue
        match symbol.detail.bounded:
            case True:
                yield Held(symbol.at)
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
