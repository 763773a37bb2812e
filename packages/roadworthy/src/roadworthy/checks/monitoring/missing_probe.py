"""Nothing asks the service whether it is well.

A process that hangs keeps its traffic, and nobody restarts it.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/health/live')"]
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "alive"}
```

## Repair

Serve a path that tells the process is alive and one that tells it is ready, and ask them where the service is deployed:
`livenessProbe` and `readinessProbe` in Kubernetes, `healthcheck` in compose, `HEALTHCHECK` in the image.

## References

- https://docs.docker.com/reference/dockerfile/#healthcheck
"""

from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROBES, since="0.1", needs=frozenset({Kind.SERVICE}), presence=True)

_PLATFORM = (
    "fly.toml",
    "render.yaml",
    "render.yml",
    "railway.json",
    "railway.toml",
    "app.yaml",
    "Chart.yaml",
    "nomad.hcl",
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a probe of each service that is built here."""
    bare = []
    built = {artifact.path for artifact in facts.artifacts_of("dockerfile") if artifact.role is FileRole.PROD}
    for service in facts.services:
        places = [
            s.at
            for s in (*facts.references(Kind.PATH, service.id), *facts.references(Kind.COMMAND, service.id))
            if s.role is FileRole.PROD and s.component == service.id and _probes(s)
        ]
        if places:
            yield Held(places[0])
        elif service.image and not built & set(service.dockerfiles):
            yield Unknown(
                f"whether the image of `{service.id}` has a HEALTHCHECK: nothing here builds it", service.declared[0]
            )
        else:
            bare.append(service)
    elsewhere = next((file for file in facts.files if file.rpartition("/")[2] in _PLATFORM), None)
    if bare and elsewhere:
        yield Unknown(f"whether {elsewhere} has `{bare[0].id}` probed: it is not read", Span(elsewhere))
    elif bare:
        names = ", ".join(f"`{service.id}`" for service in bare[:4]) + (" …" if len(bare) > 4 else "")
        yield Finding(
            f"nothing asks {names} whether it is well",
            bare[0].declared[0],
            tuple(Related(service.declared[0], f"nor `{service.id}`") for service in bare[1:4]),
            "Serve a health path and ask it where the service is deployed",
            tuple(service.id for service in bare),
            bare[0].id,
        )


def _probes(symbol: Symbol) -> bool:
    detail = symbol.detail
    if isinstance(detail, CommandUse):
        return detail.purpose in ("healthcheck", "probe")
    return isinstance(detail, ProbeUse)
