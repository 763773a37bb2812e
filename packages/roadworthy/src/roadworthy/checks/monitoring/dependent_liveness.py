"""Liveness asks a dependency.

When the database is slow, the platform restarts every replica at once: a restart mends no database, and the service
that could have waited is gone too.

## Fails

```python title="app/main.py"
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], connect_args={"connect_timeout": 2})


@app.get("/health/live")
def live() -> dict[str, str]:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "alive"}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```yaml title="k8s/deployment.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: app
          image: registry.example/app:1.4.2
          livenessProbe:
            httpGet: {path: /health/live, port: 8000}
```

## Passes

```python title="app/main.py"
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], connect_args={"connect_timeout": 2})


@app.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "alive"}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app /srv/app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```yaml title="k8s/deployment.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: app
          image: registry.example/app:1.4.2
          livenessProbe:
            httpGet: {path: /health/live, port: 8000}
```

## Repair

Let liveness answer from the process alone, and give the question to readiness.

## References

- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterator

from roadworthy.model.detail.health import ProbeAnswered
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.PROBES, since="0.1", needs=frozenset({Kind.PATH}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what answers each live probe; one that readiness asks too is the business of shared-probe."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ProbeAnswered):
        answered = symbol.detail
        if not isinstance(answered, ProbeAnswered) or answered.kind != "live" or not answered.alone:
            continue
        if not answered.what.asks or answered.what.asks_at is None:
            yield Held(symbol.at)
            continue
        sides = [Related(symbol.at, f"answers `{symbol.name}`")]
        if answered.asked_at is not None:
            sides.append(Related(answered.asked_at, f"the live probe asks `{symbol.name}`"))
        yield Finding(
            f"what answers the live probe `{symbol.name}` asks a dependency (`{answered.what.asks[0]}`):"
            " its outage restarts every replica",
            answered.what.asks_at,
            tuple(sides),
            "Answer liveness from the process alone, and ask the dependency in readiness",
            (str(symbol.name),),
            symbol.component,
        )
