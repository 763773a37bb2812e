"""Nothing tries the service under load.

How many requests it stands, and what breaks first, is learnt on the day they come.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py .
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py .
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()
```

```javascript title="load/orders.js"
import http from "k6/http";

export const options = { vus: 10, duration: "30s", thresholds: { http_req_duration: ["p(95)<300"] } };

export default function () {
  http.get("http://localhost:8000/orders");
}
```

## Repair

Add a script for k6, Locust or Artillery that asks the most used paths, with thresholds that are the service's objectives,
and run it before a release.
"""

from collections.abc import Iterator

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.testing import LoadScript
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}), effort=Effort.HOURS)

_BY_HAND = ("jmx", "gatling", "wrk", "vegeta", "drill", "siege", "loadtest", "load-test", "load_test", "perf", "bench")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a script of any tool that makes load."""
    scripts = list(facts.details(Kind.TEST, Action.DEFINES, LoadScript))
    serving = [
        c
        for c in facts.components
        if c.ours and c.role is FileRole.PROD and c.kind is ComponentKind.SERVICE and c.declared
    ]
    if not serving:
        return
    if scripts:
        yield Held(scripts[0].at)
    elif other := next((f for f in facts.files if any(word in f.lower() for word in _BY_HAND)), None):
        yield Unknown(f"whether {other} tries the service under load", serving[0].declared[0])
    else:
        yield Finding(
            "Nothing in the repository tries the service under load",
            serving[0].declared[0],
            (),
            "Add a k6, Locust or Artillery script with thresholds",
            ("load test",),
        )
