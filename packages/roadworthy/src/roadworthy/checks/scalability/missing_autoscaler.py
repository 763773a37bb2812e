"""An autoscaler scales nothing.

It names a workload that does not exist, or measures a share of a request that no container makes: under load the number
of pods stays what it was, and the object says only "unknown".

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
          resources:
            requests: {cpu: 100m, memory: 128Mi}
```

```yaml title="k8s/autoscaler.yaml"
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: api
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: orders-api
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: 70}
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
          resources:
            requests: {cpu: 100m, memory: 128Mi}
```

```yaml title="k8s/autoscaler.yaml"
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: api
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: api
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: 70}
```

```dockerfile title="api/Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Name the workload as it is called, in the same namespace, and give its containers requests for what is measured.

## References

- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
"""

from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.model.detail.release import ManifestApplied
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE}))

_KNOWN = frozenset({"deployment", "statefulset", "replicaset", "replicationcontroller"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what autoscalers name and measure with the workloads there are."""
    pods = [
        s
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if isinstance(s.detail, Workload) and s.detail.artifact == "kubernetes"
    ]
    unapplied = {
        str(s.name): s.detail
        for s in facts.details(Kind.FILE, Action.REFERS, ManifestApplied)
        if isinstance(s.detail, ManifestApplied) and s.detail.state == "unapplied"
    }
    for symbol in facts.details(Kind.SERVICE, Action.REFERS, WorkloadChosen):
        scaler = symbol.detail
        if not isinstance(scaler, WorkloadChosen) or symbol.role is not FileRole.PROD:
            continue
        if scaler.by == "HorizontalPodAutoscaler" and (left := unapplied.get(symbol.at.path)):
            yield Finding(
                f"the autoscaler of {symbol.name} is applied by nothing",
                symbol.at,
                (Related(left.by_at, f"`{left.by}` names its neighbours and not {symbol.at.path.rpartition('/')[2]}"),),
                f"Add `{symbol.at.path.rpartition('/')[2]}` to {left.by}",
                (str(symbol.name), left.by),
                symbol.component,
            )
        elif scaler.by == "HorizontalPodAutoscaler" and scaler.target in _KNOWN:
            yield from _scaler(facts, symbol, scaler, pods)


def _scaler(
    facts: Facts, symbol: Symbol, scaler: WorkloadChosen, pods: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    named = [s for s in pods if str(s.name) == str(symbol.name)]
    meant = [s for s in named if isinstance(s.detail, Workload) and s.detail.form == scaler.target]
    here = [s for s in meant if _same_space(s, scaler)]
    if here:
        yield _requests(symbol, scaler, here[0], pods)
        return
    for opening in facts.openings(Kind.SERVICE):
        yield Unknown(f"what the autoscaler of {symbol.name} scales: {opening.reason}", opening.at)
        return
    names = {str(s.name): s for s in pods if isinstance(s.detail, Workload) and s.detail.form in _KNOWN}
    near = named or [names[name] for name in get_close_matches(str(symbol.name), names, 1, 0.5)]
    near = near or (list(names.values()) if len(names) == 1 else [])
    if not near:
        yield Unknown(f"what the autoscaler of {symbol.name} scales: it is not in the repository", symbol.at)
        return
    other = near[0].detail
    form, space = (other.form, other.namespace) if isinstance(other, Workload) else ("", "")
    told = f"{form} `{near[0].name}`" + (f" in the namespace {space}" if meant else "")
    yield Finding(
        f"the autoscaler scales the {scaler.target} `{symbol.name}`"
        + (f" in the namespace {scaler.namespace}" if meant else "")
        + f", which does not exist; there is the {told}",
        symbol.at,
        (Related(near[0].at, f"the {told}"),),
        f"Let it name the {told}",
        (str(symbol.name), str(near[0].name), form),
        near[0].component,
    )


def _same_space(symbol: Symbol, scaler: WorkloadChosen) -> bool:
    space = symbol.detail.namespace if isinstance(symbol.detail, Workload) else ""
    return not space or not scaler.namespace or space == scaler.namespace


def _requests(symbol: Symbol, scaler: WorkloadChosen, workload: Symbol, pods: list[Symbol]) -> Finding | Held:
    """Compare what is measured with what the containers of the pod request."""
    containers = [workload] + [
        s
        for s in pods
        if isinstance(s.detail, Workload) and s.detail.pod == str(workload.name) and s.detail.form == "sidecar"
    ]
    for container in containers:
        detail = container.detail
        if not isinstance(detail, Workload) or not detail.image:
            continue
        asked = {
            "cpu": detail.resources.cpu_request or detail.resources.cpu_limit,
            "memory": detail.resources.memory_request or detail.resources.memory_limit,
        }
        missing = next((name for name in scaler.measures if name in asked and not asked[name]), None)
        if missing is not None:
            return Finding(
                f"the autoscaler compares {missing} with what the pods request, and {container.name} requests none",
                container.at,
                (Related(symbol.at, f"scales by the share of {missing}"),),
                f"Add `resources.requests.{missing}` to the container",
                (str(container.name), missing),
                container.component,
            )
    return Held(symbol.at)
