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

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead, OriginsAllowed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


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
                elif (everyone is None and credentials is not False) or (everyone and credentials is None):
                    yield Unknown("which origins may call with credentials: they are computed", symbol.at)
