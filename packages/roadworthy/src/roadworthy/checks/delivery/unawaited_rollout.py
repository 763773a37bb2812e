"""A release applies the new version and does not wait for it.

The pipeline is green as soon as the cluster has taken the manifest; the pods that then crash are seen by the customers.

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
      - run: kubectl --namespace shop rollout status deployment/shop --timeout=180s
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

Wait with a deadline, and let the job fail with it: `kubectl rollout status deployment/NAME --timeout=180s`,
`helm upgrade --wait`, `aws ecs wait services-stable`.

## References

- https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import ReleaseFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE, Kind.STEP}))
_INSTEAD = {"helm": "--wait --timeout 5m", "argocd": "argocd app wait", "aws": "aws ecs wait services-stable"}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look behind each command that changes what runs for one that waits."""
    for symbol in facts.details(Kind.PIPELINE, Action.REFERS, ReleaseFound):
        found = symbol.detail
        if not isinstance(found, ReleaseFound) or symbol.role is not FileRole.PROD:
            continue
        if found.waits is not None:
            yield Held(symbol.at)
        elif found.doubt:
            yield Unknown(f"whether `{symbol.name}` waits for the new version: {found.doubt}", symbol.at)
        else:
            workload = f"deployment/{found.workload}" if found.workload else "deployment/NAME"
            instead = _INSTEAD.get(found.tool, f"kubectl rollout status {workload} --timeout=180s")
            yield Finding(
                f"`{symbol.name}` runs `{found.by}` and nothing waits for the new version to become ready",
                symbol.at,
                (Related(found.workload_at, f"`{found.workload}` is rolled out"),) if found.workload_at else (),
                f"Add `{instead}` behind it",
                (str(symbol.name), found.tool),
            )
