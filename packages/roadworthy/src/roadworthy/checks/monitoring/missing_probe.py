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

import re
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import BaseImage
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROBES, since="0.1", needs=frozenset({Kind.PATH}), presence=True)

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


_SERVERS = re.compile(r"(^|/)(nginx|nginx-unprivileged|httpd|caddy|static-web-server)$")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a probe of each service that is built here."""
    services = [c for c in facts.components if c.kind is ComponentKind.SERVICE and c.ours and c.role is FileRole.PROD]
    elsewhere = next((file for file in facts.files if file.rpartition("/")[2] in _PLATFORM), None)
    for service in services:
        places = [
            s.at
            for s in (*facts.references(Kind.PATH, service.id), *facts.references(Kind.COMMAND, service.id))
            if s.role is FileRole.PROD
            and (
                isinstance(s.detail, ProbeUse)
                or (isinstance(s.detail, CommandUse) and s.detail.purpose in ("healthcheck", "probe"))
            )
        ]
        if places:
            yield Held(places[0])
        elif elsewhere:
            yield Unknown(f"whether {elsewhere} has `{service.id}` probed: it is not read", Span(elsewhere))
        else:
            yield Finding(
                f"nothing asks `{service.id}` whether it is well",
                service.declared[0],
                (),
                "Serve a health path and ask it where the service is deployed",
                (service.id,),
                service.id,
            )


def _static(facts: Facts, component: Component) -> bool:
    """Tell whether the component is a web server with files: its image starts from one."""
    return any(
        isinstance(s.detail, BaseImage) and s.detail.final and _SERVERS.search(str(s.name).partition(":")[0])
        for path in component.dockerfiles
        for s in facts.references(Kind.IMAGE)
        if s.at.path == path
    )
