"""No alert watches the service.

Metrics that nobody looks at at night do not wake anybody.

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
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()
```

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ServiceDown
        expr: up{job="api"} == 0
        for: 2m
        labels: {severity: critical}
```

## Repair

Write alerting rules for what users notice: the service is down, requests fail, requests are slow, backups are old.

## References

- https://sre.google/sre-book/monitoring-distributed-systems/
"""

from collections.abc import Iterator

from roadworthy.model.detail.prometheus import RuleFile
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.RULE_FILE}), presence=True)

_ELSEWHERE = ("Chart.yaml", "datadog.yaml", "sentry.properties", "alerts.tf", "monitoring.tf", "cloudwatch.tf")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for an alerting rule in any format that is read."""
    alerting = [
        s
        for s in facts.definitions(Kind.RULE_FILE)
        if isinstance(s.detail, RuleFile) and s.detail.alerts and s.role is FileRole.PROD
    ]
    if alerting:
        yield from (Held(symbol.at) for symbol in alerting)
        return
    unread = next((p for p in facts.problems if p.role is FileRole.PROD and Kind.RULE_FILE in p.hides), None)
    elsewhere = next((file for file in facts.files if file.rpartition("/")[2] in _ELSEWHERE), None)
    for service in facts.services[:1]:
        if unread is not None:
            yield Unknown(f"whether {unread.at.path} holds alerts: {unread.why}", unread.at)
        elif elsewhere:
            yield Unknown(f"whether {elsewhere} holds alerts: it is not read", Span(elsewhere))
        else:
            yield Finding(
                f"no alert watches `{service.id}`",
                service.declared[0],
                (),
                "Write alerting rules for what users notice: down, failing, slow",
                (service.id,),
                service.id,
            )
