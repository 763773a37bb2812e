"""A route lacks the proof of who calls that its siblings have.

The routes beside it ask for a user; this one was forgotten, and anybody on the network may call it.

## Fails

```python title="app/orders.py"
from fastapi import APIRouter, Depends

from app.users import current_user

router = APIRouter()


@router.get("/orders")
def orders(user: str = Depends(current_user)) -> list[str]:
    return []


@router.post("/orders")
def add(name: str, user: str = Depends(current_user)) -> str:
    return name


@router.delete("/orders/{number}")
def remove(number: int) -> None:
    return None
```

## Passes

```python title="app/orders.py"
from fastapi import APIRouter, Depends

from app.users import current_user

router = APIRouter()


@router.get("/orders")
def orders(user: str = Depends(current_user)) -> list[str]:
    return []


@router.post("/orders")
def add(name: str, user: str = Depends(current_user)) -> str:
    return name


@router.delete("/orders/{number}")
def remove(number: int, user: str = Depends(current_user)) -> None:
    return None
```

## Repair

Put the same dependency or middleware before it; better, before the whole router, with the public routes on one of their
own.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.construct import HandlerGuarded
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PUBLIC = re.compile(
    r"log-?in|log-?out|sign-?(in|up|out)|regist|token|refresh|webhook|callback|health|ready|live|public|contact|forgot|"
    r"reset|recover|password|verif|confirm|subscri|track|event|metric|oauth|sso|saml|ping|auth|session|activate|invite|"
    r"open-?id|captcha|share|feedback|report|search|graphql|csp|beacon|ingest|collect|upload/chunk|hook",
    re.IGNORECASE,
)
# Whoever joins is nobody yet.
_JOINING = re.compile(r"(/api)?(/v\d+)?/(users?|accounts?|customers?|members?)?/?", re.IGNORECASE)
_ADMIN = re.compile(r"(^|[/_.-])admin", re.IGNORECASE)

_Route = tuple[Symbol, HandlerGuarded]


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare each route that changes something with the others of its router."""
    routers: dict[str, list[_Route]] = defaultdict(list)
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, HandlerGuarded):
        if isinstance(symbol.detail, HandlerGuarded) and symbol.role is FileRole.PROD:
            routers[symbol.detail.router].append((symbol, symbol.detail))
    guarded_somewhere = [one for routes in routers.values() for one in routes if one[1].guards]
    for routes in routers.values():
        yield from _router(routes, guarded_somewhere)


def _router(routes: list[_Route], elsewhere: list[_Route]) -> Iterator[Finding | Unknown | Held]:
    guarded = [one for one in routes if one[1].guards]
    writing = [one for one in routes if set(one[1].methods) & _WRITING]
    bare = [(s, d) for s, d in writing if not d.guards and not d.hidden and not _is_public(s, d)]
    for symbol, detail in writing:
        if detail.guards:
            yield Held(symbol.at)
    siblings = [one for one in guarded if set(one[1].methods) & _WRITING]
    for symbol, detail in bare:
        same = [one for one in guarded if one[1].path == detail.path and set(one[1].methods) & _WRITING]
        few = len(guarded) >= 2 and siblings and len(bare) <= max(1, len(guarded) // 3)
        if few or same:
            yield _finding(symbol, detail, (same or siblings)[:2])
    if not guarded and routes and all(not d.hidden for _, d in routes) and elsewhere:
        admin = [(s, d) for s, d in routes if _ADMIN.search(d.path or "") or _ADMIN.search(s.at.path)]
        if admin and not _is_public(*admin[0]):
            yield _finding(*admin[0], elsewhere[:1])


def _is_public(symbol: Symbol, detail: HandlerGuarded) -> bool:
    told = (detail.path or "", str(symbol.name), symbol.at.path.rpartition("/")[2])
    joining = detail.methods == ("POST",) and _JOINING.fullmatch(detail.path or "") is not None
    return joining or any(_PUBLIC.search(text) for text in told)


def _finding(symbol: Symbol, detail: HandlerGuarded, siblings: list[_Route]) -> Finding:
    method = "/".join(detail.methods)
    guard = siblings[0][1].guards[0]
    return Finding(
        f"`{symbol.name}` ({method} {detail.path}) asks nobody who calls; its siblings ask with `{guard}`",
        symbol.at,
        tuple(Related(s.at, f"`{s.name}` asks with `{d.guards[0]}`") for s, d in siblings),
        f"Put `{guard}` before it",
        (str(symbol.name), guard),
        symbol.component,
    )
