"""A container may take all the memory of its node.

One leak, one large request, and the node kills whatever it likes, as a rule a neighbour.

## Fails

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
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {memory: 256Mi}
```

## Repair

Set `resources.requests` and a memory limit from what the service was measured to need.
"""

from collections.abc import Iterator

from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE}))

_LASTING = ("deployment", "statefulset", "daemonset", "sidecar", "rollout")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a memory limit on every container that stays."""
    defaults = [s for s in facts.definitions(Kind.SETTING) if str(s.name) == "LimitRange"]
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload = symbol.detail
        if not isinstance(workload, Workload) or workload.artifact != "kubernetes" or symbol.role is not FileRole.PROD:
            continue
        if workload.form not in _LASTING or not workload.image:
            continue
        opening = next(iter(facts.openings(Kind.SERVICE, symbol.component)), None)
        if workload.resources.memory_limit:
            yield Held(symbol.at)
        elif defaults:
            yield Unknown(f"which memory limit {symbol.name} gets: a LimitRange sets defaults", defaults[0].at)
        elif opening is not None:
            yield Unknown(f"which memory limit {symbol.name} gets: {opening.reason}", opening.at)
        else:
            yield Finding(
                f"{symbol.name} has no memory limit",
                symbol.at,
                (),
                "Set `resources.limits.memory`",
                (str(symbol.name),),
                symbol.component,
            )
