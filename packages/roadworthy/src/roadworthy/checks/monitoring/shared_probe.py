"""Liveness and readiness ask the same question.

When a dependency fails, readiness should take the service out of traffic; asked by liveness as well, it restarts every
replica at once and turns a short outage into a long one.

## Fails

```yaml title="k8s/deployment.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: registry.example/api:1.4.2
          livenessProbe:
            httpGet: {path: /health, port: 8000}
          readinessProbe:
            httpGet: {path: /health, port: 8000}
```

## Passes

```yaml title="k8s/deployment.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: registry.example/api:1.4.2
          livenessProbe:
            httpGet: {path: /health/live, port: 8000}
          readinessProbe:
            httpGet: {path: /health/ready, port: 8000}
```

## Repair

Give liveness a path of its own that asks nothing but the process itself, and leave dependencies to readiness.

## References

- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.facts import Facts
from roadworthy.model.file_servers import hands_out_files
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the two questions of each container."""
    asked: dict[tuple[str, str, str], list[tuple[Symbol, ProbeUse]]] = defaultdict(list)
    for symbol in facts.references(Kind.PATH):
        probe = symbol.detail
        if isinstance(probe, ProbeUse) and symbol.role is FileRole.PROD and probe.kind in ("live", "ready"):
            asked[symbol.component, symbol.at.path, probe.kind].append((symbol, probe))
    only_files = {c.id for c in facts.components if hands_out_files(facts, c)} if asked else set()
    for (component, path, kind), live in sorted(asked.items()):
        ready = asked.get((component, path, "ready"), [])
        if kind != "live" or not ready:
            continue
        for symbol, probe in live:
            same = next((o for o, other in ready if o.name == symbol.name and other.port == probe.port), None)
            # What hands out files waits for nobody: there is nothing that makes it unready and would be worse for a restart.
            if same is None or not isinstance(symbol.name, Exact) or component in only_files:
                yield Held(symbol.at)
                continue
            yield Finding(
                f"the live and the ready probe both ask `{symbol.name}`: what makes the service unready restarts it",
                symbol.at,
                (Related(same.at, f"the ready probe asks `{same.name}`"),),
                "Give the live probe a path that asks nothing but the process itself",
                (str(symbol.name),),
                component,
            )
