"""Nothing keeps enough pods alive while nodes are drained, or what does lets none go.

Without a budget an upgrade of the cluster may take all pods at once; with one that leaves no slack it cannot take any, and
the drain hangs until somebody deletes the budget.

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

```yaml title="k8s/budget.yaml"
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: api
spec:
  minAvailable: 2
  selector:
    matchLabels: {app: api}
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

```yaml title="k8s/budget.yaml"
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: api
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: api}
```

```dockerfile title="api/Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Give every workload that runs several pods a PodDisruptionBudget with `maxUnavailable: 1`, or `minAvailable` below the
smallest number of replicas.

## References

- https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

from collections.abc import Iterator

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.release import ManifestApplied
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare budgets with the replicas of what they protect, and look for what none protects."""
    unapplied = {
        str(s.name): s.at
        for s in facts.details(Kind.FILE, Action.REFERS, ManifestApplied)
        if isinstance(s.detail, ManifestApplied) and s.detail.state == "unapplied"
    }
    chosen = [
        (s, s.detail)
        for s in facts.details(Kind.SERVICE, Action.REFERS, WorkloadChosen)
        if isinstance(s.detail, WorkloadChosen) and s.role is FileRole.PROD and s.at.path not in unapplied
    ]
    budgets = [(s, d) for s, d in chosen if d.by == "PodDisruptionBudget"]
    scalers = [(s, d) for s, d in chosen if d.by == "HorizontalPodAutoscaler"]
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload, component = symbol.detail, facts.component(symbol.component)
        if not isinstance(workload, Workload) or symbol.role is not FileRole.PROD or workload.pod:
            continue
        if workload.artifact != "kubernetes" or workload.form not in ("deployment", "statefulset"):
            continue
        mine = [(s, d) for s, d in budgets if d.labels and set(d.labels) <= set(workload.labels)]
        scaled = [(s, d) for s, d in scalers if str(s.name) == str(symbol.name)]
        least = min([d.minimum or 1 for _, d in scaled] or [1 if workload.replicas is None else workload.replicas])
        if mine:
            yield _budget(symbol, *mine[0], least, scaled)
        elif (
            (scaled or any(_beside(s, symbol) for s, _ in (*budgets, *scalers)))
            and workload.form == "deployment"
            and least > 1
            and component is not None
            and component.kind is ComponentKind.SERVICE
        ):
            opening = next(iter(facts.openings(Kind.SERVICE)), None)
            meant = next((s for s, _ in budgets if str(s.name).startswith(str(symbol.name))), None)
            if opening is not None or meant is not None:
                yield Unknown(
                    f"whether a budget protects {symbol.name}", opening.at if opening is not None else symbol.at
                )
                continue
            yield Finding(
                f"no disruption budget protects the {least} pods of {symbol.name}",
                symbol.at,
                tuple(Related(s.at, f"keeps {d.minimum or 1} or more of it") for s, d in scaled[:1]),
                "Add a PodDisruptionBudget with `maxUnavailable: 1`",
                (str(symbol.name),),
                symbol.component,
            )


def _beside(one: Symbol, other: Symbol) -> bool:
    """Tell whether two manifests are applied together: they stand in one folder, or in one below the other."""
    first, second = one.at.path.rpartition("/")[0] + "/", other.at.path.rpartition("/")[0] + "/"
    return first.startswith(second) or second.startswith(first)


def _budget(
    workload: Symbol, symbol: Symbol, budget: WorkloadChosen, least: int, scaled: list[tuple[Symbol, WorkloadChosen]]
) -> Finding | Held:
    blocked = ""
    if budget.unavailable in ("0", "0%"):
        blocked = f"allows {budget.unavailable} to be unavailable"
    elif budget.share == "100%":
        blocked = "wants all of them"
    elif budget.minimum is not None and budget.minimum >= max(least, 1):
        blocked = f"wants {budget.minimum}"
    if not blocked:
        return Held(symbol.at)
    number = "one pod" if least == 1 else f"{least} pods"
    return Finding(
        f"the budget {symbol.name} {blocked} of {workload.name}, which may run {number}: no node of it can be drained",
        symbol.at,
        (
            Related(workload.at, f"runs {number}"),
            *(Related(s.at, f"keeps {d.minimum or 1} or more") for s, d in scaled[:1]),
        ),
        "Set `maxUnavailable: 1` instead, or run more replicas",
        (str(symbol.name), str(workload.name)),
        workload.component,
    )
