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
_CHANGING = frozenset({"PUT", "PATCH", "DELETE"})
_PUBLIC = re.compile(
    r"log-?in|log-?out|sign-?(in|up|out)|regist|token|refresh|webhook|callback|health|ready|live|public|contact|forgot|"
    r"reset|recover|password|verif|confirm|subscri|track|event|metric|oauth|sso|saml|ping|auth|session|activate|invite|"
    r"open-?id|captcha|share|feedback|report|search|graphql|csp|beacon|ingest|collect|upload/chunk|hook",
    re.IGNORECASE,
)
_RESOURCES = re.compile(
    r"subscri(?:bers?|ptions?)|track(?:s|ings?)?|events?|metrics?|reports?|searches|sessions?|contacts?|feedbacks?|shares?|"
    r"invites?|accounts?|registrations?|uploads?|collections?|webhooks?|hooks?",
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
    kept = [routes for routes in routers.values() if _is_kept(routes)]
    for routes in routers.values():
        yield from _router(routes, guarded_somewhere)
        if not any(detail.guards for _, detail in routes):
            yield from _forgotten(routes, kept)


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


def _is_kept(routes: list[_Route]) -> bool:
    """Tell whether every route of a router asks who calls, by one name."""
    shared = set.intersection(*(set(detail.guards) for _, detail in routes))
    return bool(shared) and any(set(detail.methods) & _WRITING for _, detail in routes)


def _forgotten(routes: list[_Route], kept: list[list[_Route]]) -> Iterator[Finding]:
    """Compare a router that asks nobody with those beside it that ask everybody: files of one folder, under one path.

    What changes or removes a thing by its name, or adds to what is also listed, is no way in: only such a route shows
    that the router was forgotten.
    """
    bare = [(s, d) for s, d in routes if not d.hidden and not _is_public(s, d) and set(d.methods) & _WRITING]
    changing = [(s, d) for s, d in bare if set(d.methods) & _CHANGING and re.search(r"[:{<]", d.path or "")]
    listed = {d.path for _, d in routes if "GET" in d.methods and not d.hidden}
    changing = changing or [(s, d) for s, d in bare if "POST" in d.methods and d.path in listed]
    if not changing or any(d.hidden for _, d in routes if set(d.methods) & _WRITING):
        return
    symbol, detail = changing[0]
    beside = [
        one
        for others in kept
        for one in others[:1]
        if _beside(symbol, detail, *one) and one[0].component == symbol.component
    ]
    if beside:
        yield _finding(symbol, detail, beside[:2])


def _beside(symbol: Symbol, detail: HandlerGuarded, other: Symbol, sibling: HandlerGuarded) -> bool:
    folder = symbol.at.path.rpartition("/")[0]
    first, second = detail.served.split("/")[1:-1], sibling.served.split("/")[1:-1]
    return (
        other.at.path != symbol.at.path
        and other.at.path.rpartition("/")[0] == folder
        and bool(detail.served and sibling.served)
        and (first[:1] == second[:1] or not (first and second))
    )


def _is_public(symbol: Symbol, detail: HandlerGuarded) -> bool:
    told = (detail.path or "", detail.served, str(symbol.name), symbol.at.path.rpartition("/")[2])
    joining = detail.methods == ("POST",) and _JOINING.fullmatch(detail.path or "") is not None
    # Whoever changes or removes one thing by its id does not join or report: the word names the things.
    by_id = set(detail.methods) <= _CHANGING and re.search(r"[<{:]\w*(?::\w+)?", detail.path or "") is not None
    return joining or any(_PUBLIC.search(_RESOURCES.sub("", text) if by_id else text) for text in told)


def _finding(symbol: Symbol, detail: HandlerGuarded, siblings: list[_Route]) -> Finding:
    method = "/".join(detail.methods)
    guard = siblings[0][1].guards[0]
    return Finding(
        f"`{symbol.name}` ({method} {detail.served or detail.path}) asks nobody who calls; its siblings ask with `{guard}`",
        symbol.at,
        tuple(Related(s.at, f"`{s.name}` asks with `{d.guards[0]}`") for s, d in siblings),
        f"Put `{guard}` before it",
        (str(symbol.name), guard),
        symbol.component,
    )
