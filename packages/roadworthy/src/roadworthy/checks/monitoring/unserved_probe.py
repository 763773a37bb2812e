"""A probe asks a path the service does not serve.

The orchestrator gets 404 for ever: it restarts a healthy service, or never sends it a request.

## Fails

```python title="app/main.py"
from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/health")


@router.get("/ready")
def ready() -> dict[str, str]:
    return {"status": "ready"}


app = FastAPI()
app.include_router(router, prefix="/api")
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
HEALTHCHECK CMD curl -fsS http://localhost:8000/health/ready
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Passes

```python title="app/main.py"
from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/health")


@router.get("/ready")
def ready() -> dict[str, str]:
    return {"status": "ready"}


app = FastAPI()
app.include_router(router, prefix="/api")
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
HEALTHCHECK CMD curl -fsS http://localhost:8000/api/health/ready
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Repair

Ask a path that a route serves, prefixes included, or add the route. Keep the paths of probes free of versions and
prefixes that may change.

## References

- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterator
from dataclasses import replace

from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.route import RouterDeclared, RouteServed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROBES, since="0.1", needs=frozenset({Kind.PATH}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look every probe's path up among the routes of the component it asks."""
    for reference in facts.references(Kind.PATH):
        probe = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(probe, ProbeUse):
            continue
        asked = _plain(reference)
        match facts.resolve(asked):
            case Met(by):
                yield from _answered(reference, asked, probe, by)
            case CannotTell(opening):
                yield Unknown(f"whether `{asked.name}` is served: {opening.reason}", opening.at)
            case Missing(nearest, rung):
                yield _unserved(facts, asked, probe, nearest, str(rung))


def _plain(reference: Symbol) -> Symbol:
    """Return the reference without its query and fragment, and with the slash a path starts with."""
    if not isinstance(reference.name, Exact):
        return reference
    text = reference.name.text.partition("?")[0].partition("#")[0]
    return replace(reference, name=Exact(text if text.startswith("/") else f"/{text}"))


def _answered(reference: Symbol, asked: Symbol, probe: ProbeUse, by: tuple[Symbol, ...]) -> Iterator[Finding | Held]:
    served = [(s, s.detail) for s in by if isinstance(s.detail, RouteServed)]
    methods = sorted({method for _, detail in served for method in detail.methods})
    if served and all(detail.methods for _, detail in served) and not {"GET", "HEAD"} & set(methods):
        listed = ", ".join(methods)
        yield Finding(
            f"the {probe.kind} probe asks `{asked.name}` with GET, which answers only {listed}",
            reference.at,
            tuple(Related(symbol.at, f"serves `{symbol.name}` for {listed}") for symbol, _ in served[:3]),
            "Answer GET on this path, or ask another one",
            (str(asked.name), "GET"),
            reference.component,
        )
    else:
        yield Held(reference.at)


def _unserved(facts: Facts, asked: Symbol, probe: ProbeUse, nearest: tuple[Symbol, ...], rung: str) -> Finding:
    near = _distinct(nearest) or _same_ending(facts, asked)
    names = ", ".join(f"`{symbol.name}`" for symbol in near)
    applications = [
        s
        for s in facts.definitions(Kind.CONSTRUCT, asked.component)
        if isinstance(s.detail, RouterDeclared) and s.detail.form == "application" and s.role is FileRole.PROD
    ]
    sides = tuple(Related(symbol.at, f"serves `{symbol.name}`") for symbol in near)
    return Finding(
        f"the {probe.kind} probe asks `{asked.name}`, which no route serves"
        + (f"; the nearest is {names}" + (f" ({rung})" if nearest else "") if near else ""),
        asked.at,
        sides or tuple(Related(s.at, "the application whose routes were read") for s in applications[:1]),
        f"Ask `{near[0].name}`" if near else f"Serve `{asked.name}`, or ask a path that is served",
        (str(asked.name),),
        asked.component,
    )


def _distinct(symbols: tuple[Symbol, ...]) -> list[Symbol]:
    """Leave out the twin with a slash at its end."""
    return list({(str(s.name).rstrip("/"), s.at): s for s in reversed(symbols)}.values())[::-1]


def _same_ending(facts: Facts, asked: Symbol) -> list[Symbol]:
    """Return routes that end as the path asked for does: a prefix was forgotten or is too much."""
    last = str(asked.name).rstrip("/").rpartition("/")[2]
    if len(last) < 3:
        return []
    found = [s for s in facts.definitions(Kind.PATH, asked.component) if str(s.name).endswith("/" + last)]
    return found[:2]
