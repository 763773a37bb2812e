"""Any website may call the service with its visitors' credentials.

A page that a user merely opens can then act in that user's name.

## Fails

```python title="app/main.py"
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"], allow_credentials=True)
```

## Repair

List the origins of your own pages, or leave credentials out.

## References

- https://www.starlette.io/middleware/#corsmiddleware
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead, OriginsAllowed
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))

_ORIGINS = re.compile(r"(^|_)(CORS|ALLOWED?)(_\w+)?_ORIGINS?$|^CORS_ORIGINS?$", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for CORS set-ups that admit every origin together with credentials."""
    for opening in facts.openings(Kind.CONSTRUCT):
        yield Unknown(f"whom the code admits: {opening.reason}", opening.at)
    for symbol in facts.definitions(Kind.CONSTRUCT):
        if symbol.role is not FileRole.PROD:
            continue
        match symbol.detail:
            case ModuleRead():
                yield Held(symbol.at)
            case OriginsAllowed(everyone, credentials):
                if everyone and credentials:
                    yield Finding(
                        "any origin may call with credentials",
                        symbol.at,
                        repair="Name the origins of your own pages in `allow_origins`, or drop `allow_credentials`",
                        names=("CORS",),
                    )
                elif everyone and (given := _origins(facts, symbol)):
                    yield Finding(
                        f"any origin may call, though `{given[0].name}` names those that may",
                        symbol.at,
                        tuple(dict.fromkeys(Related(s.at, f"gives `{s.name}`") for s in given[:3])),
                        f"Give the middleware the origins that `{given[0].name}` names",
                        ("CORS", str(given[0].name)),
                        symbol.component,
                    )
                elif (everyone is None and credentials is not False) or (everyone and credentials is None):
                    yield Unknown("which origins may call with credentials: they are computed", symbol.at)


def _origins(facts: Facts, symbol: Symbol) -> list[Symbol]:
    """Return where the deployment of a component names the origins that may call."""
    return [
        s
        for s in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven)
        if s.component == symbol.component != ""
        and s.role is FileRole.PROD
        and _ORIGINS.search(str(s.name))
        and isinstance(s.detail, EnvironmentGiven)
        and s.detail.value not in ("*", "")
    ]
