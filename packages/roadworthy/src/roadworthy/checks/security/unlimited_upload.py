"""A handler takes files of any size, and nothing before it bounds them.

One request fills the memory or the disk of the process; a handful of them take the service down.

## Fails

```python title="app/main.py"
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/photos")
async def add(photo: UploadFile) -> dict[str, int]:
    content = await photo.read()
    return {"size": len(content)}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Passes

```python title="app/main.py"
from fastapi import FastAPI, HTTPException, UploadFile

MAX_UPLOAD_BYTES = 5 * 1024 * 1024
app = FastAPI()


@app.post("/photos")
async def add(photo: UploadFile) -> dict[str, int]:
    content = await photo.read(MAX_UPLOAD_BYTES + 1)
    if len(content) > MAX_UPLOAD_BYTES:
        raise HTTPException(413, "too large")
    return {"size": len(content)}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Repair

Bound the body at the proxy (`client_max_body_size`) and in the service: read at most the limit and answer 413
(`limits: { fileSize }` for multer, `MAX_CONTENT_LENGTH` for Flask).
"""

from collections.abc import Iterator

from roadworthy.model.detail.limit import BodyLimit, UploadTaken
from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.proxies import proxies_of
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.HOST}))

_FOR_ALL = frozenset({"MAX_CONTENT_LENGTH", "Content-Length", "bodyLimit"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, for every handler that takes a file, for a bound in the code and at the proxy."""
    boundless: dict[str, list[Symbol]] = {}
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, UploadTaken):
        taken = symbol.detail
        if not isinstance(taken, UploadTaken) or symbol.role is not FileRole.PROD:
            continue
        bounds = [s for s in _limits(facts, symbol.component) if str(s.name) in _FOR_ALL]
        proxies = proxies_of(facts, symbol.component)
        if taken.bounded or bounds or (proxies and all(_bounds(s) for s in proxies)):
            yield Held(symbol.at)
        elif taken.bounded is None:
            yield Unknown(f"whether `{symbol.name}` bounds the files it takes", symbol.at)
        elif any(_bounds(s) is None for s in proxies):
            yield Unknown("whether the proxy bounds the size of requests", proxies[0].at)
        else:
            boundless.setdefault(symbol.component, []).append(symbol)
    for component, symbols in boundless.items():
        yield _finding(symbols, proxies_of(facts, component))


def _finding(symbols: list[Symbol], proxies: list[Symbol]) -> Finding:
    first, *others = symbols
    how = first.detail.how if isinstance(first.detail, UploadTaken) else ""
    related = [Related(s.at, "passes requests of any size on") for s in proxies]
    related += [Related(s.at, f"`{s.name}` does so too") for s in others]
    return Finding(
        f"`{first.name}` takes files of any size: {how}",
        first.at,
        tuple(dict.fromkeys(related)),
        "Bound the size where the file is read, and at the proxy",
        (str(first.name),),
        first.component,
    )


def _limits(facts: Facts, component: str) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, BodyLimit)
        if s.component in ("", component) and s.role is FileRole.PROD
    ]


def _bounds(symbol: Symbol) -> bool | None:
    """Tell whether a proxy bounds the size of requests; nginx does unless it is told otherwise."""
    if not isinstance(symbol.detail, ProxyTarget):
        return None
    route = symbol.detail.route
    if route.body_bytes is not None:
        return route.body_bytes > 0
    return {"nginx": True, "ingress": None, "caddy": False, "traefik": None if route.limited is None else False}[
        route.proxy
    ]
