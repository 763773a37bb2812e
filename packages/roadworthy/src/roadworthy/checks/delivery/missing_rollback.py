"""Nothing says how the old version comes back.

The release that fails at night is repaired by whoever happens to be awake, from memory, while the customers wait.

## Fails

```yaml title=".github/workflows/release.yml"
name: release
on: [push]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl --namespace shop apply -f deploy/
      - run: kubectl --namespace shop rollout status deployment/shop --timeout=180s
      - run: curl --fail https://shop.example.org/health
```

```yaml title="deploy/app.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4.2
```

## Passes

```yaml title=".github/workflows/release.yml"
name: release
on: [push]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl --namespace shop apply -f deploy/
      - run: kubectl --namespace shop rollout status deployment/shop --timeout=180s || (kubectl --namespace shop rollout undo deployment/shop && exit 1)
      - run: curl --fail https://shop.example.org/health
```

```yaml title="deploy/app.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4.2
```

## Repair

Undo the rollout when it does not become ready (`kubectl rollout undo`, `helm upgrade --atomic`), or keep the command in
a script or in the runbook.

## References

- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import ReleaseFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a way back in each release, in the scripts and in the documents."""
    for symbol in facts.details(Kind.PIPELINE, Action.REFERS, ReleaseFound):
        found = symbol.detail
        if not isinstance(found, ReleaseFound) or symbol.role is not FileRole.PROD:
            continue
        if found.undoes is not None:
            yield Held(found.undoes)
        elif found.doubt and "rollback" in found.doubt:
            yield Unknown(f"whether `{symbol.name}` can go back: {found.doubt}", symbol.at)
        else:
            workload = f"deployment/{found.workload}" if found.workload else "deployment/NAME"
            instead = "helm upgrade --atomic" if found.tool == "helm" else f"kubectl rollout undo {workload}"
            yield Finding(
                f"`{symbol.name}` runs `{found.by}`, and neither it nor a script or document says how the old version "
                "comes back",
                symbol.at,
                (Related(found.waits, "here it would be known that the new version is not ready"),)
                if found.waits
                else (),
                f"Undo it when it does not become ready: `{instead}`",
                (str(symbol.name), found.tool),
            )
