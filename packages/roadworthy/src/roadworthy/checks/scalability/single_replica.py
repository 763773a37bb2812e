"""One pod is all there is.

Every node that is drained, every crash and every release takes the service down for as long as a new pod needs.

## Fails

```yaml title="k8s/api.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 1
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0
```

```dockerfile title="api/Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Passes

```yaml title="k8s/api.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 2
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0
```

```dockerfile title="api/Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Run two replicas or more, or let a HorizontalPodAutoscaler keep at least two.
"""

from collections.abc import Iterator

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Count the replicas of every Deployment that serves."""
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload, component = symbol.detail, facts.component(symbol.component)
        if not isinstance(workload, Workload) or workload.form != "deployment" or symbol.role is not FileRole.PROD:
            continue
        budgets = [s for s in _budgets(facts, workload) if component is not None and component.ours]
        if component is None or (component.kind is not ComponentKind.SERVICE and not budgets):
            continue
        scalers = [s for s in _scalers(facts, symbol) if s.role is FileRole.PROD]
        least = [s.detail.minimum for s in scalers if isinstance(s.detail, WorkloadChosen)]
        counts = [n for n in least if n is not None] or [1 if workload.replicas is None else workload.replicas]
        opening = next((o for o in facts.openings(Kind.SERVICE, symbol.component)), None)
        if max(counts) != 1:
            yield Held(symbol.at)
        elif opening is not None:
            yield Unknown(f"how many replicas {symbol.name} has: {opening.reason}", opening.at)
        else:
            yield Finding(
                f"{symbol.name} runs as a single pod",
                symbol.at,
                (
                    *(Related(s.at, "the autoscaler keeps one") for s in scalers),
                    *(Related(s.at, "a disruption budget protects it as one of several") for s in budgets[:1]),
                ),
                "Set `replicas: 2` or more",
                (str(symbol.name),),
                symbol.component,
            )


def _budgets(facts: Facts, workload: Workload) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.SERVICE, Action.REFERS, WorkloadChosen)
        if isinstance(s.detail, WorkloadChosen)
        and s.detail.by == "PodDisruptionBudget"
        and s.detail.labels
        and s.role is FileRole.PROD
        and set(s.detail.labels) <= set(workload.labels)
    ]


def _scalers(facts: Facts, symbol: Symbol) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.SERVICE, Action.REFERS, WorkloadChosen)
        if isinstance(s.detail, WorkloadChosen)
        and s.detail.by in ("HorizontalPodAutoscaler", "kustomize")
        and (s.component == symbol.component or str(s.name) == str(symbol.name))
    ]
