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

from collections.abc import Iterator

from roadworthy.model.detail.code import ClientCall
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.OUTGOING_CALLS, since="0.1", needs=frozenset({Kind.CONSTRUCT}))

_PYTHON = "Add `timeout=` in seconds, shorter than the caller's own"
_SIGNAL = "Add `signal: AbortSignal.timeout(milliseconds)`, shorter than the caller's own"
_REPAIRS = {"requests": _PYTHON, "urllib": _PYTHON, "httpx": _PYTHON, "aiohttp": _PYTHON}
_REPAIRS |= dict.fromkeys(("fetch", "node-fetch", "undici", "cross-fetch", "isomorphic-fetch"), _SIGNAL)
_REPAIRS |= {
    "axios": "Add `timeout` in milliseconds to the call or to `axios.create`, shorter than the caller's own",
    "got": "Add `timeout: {request: milliseconds}`, shorter than the caller's own",
    "superagent": "Add `.timeout(milliseconds)`, shorter than the caller's own",
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for calls that leave the process without a bound on their wait."""
    for opening in facts.openings(Kind.CONSTRUCT):
        yield Unknown(f"what the code calls: {opening.reason}", opening.at)
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ClientCall):
        if symbol.role is not FileRole.PROD or not isinstance(symbol.detail, ClientCall):
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
                yield Finding(
                    f"`{symbol.name}` has no timeout: it waits as long as the other side likes",
                    symbol.at,
                    repair=_REPAIRS.get(symbol.detail.library, "Add a timeout, shorter than the caller's own"),
                    names=(str(symbol.name),),
                )
