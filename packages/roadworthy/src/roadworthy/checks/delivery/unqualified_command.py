"""A command speaks to the cluster about a workload and not in the namespace the manifest puts it in.

It finds nothing, or the namesake in another namespace: whichever the kubeconfig of that day points to.

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
      - run: kubectl rollout status deployment/shop --timeout=180s
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

Write `--namespace` (and `--context`) in every command of pipelines, scripts and runbooks.

## References

- https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import ClusterCommand
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.SERVICE, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Hold the namespace of each command against that of the manifest."""
    for symbol in facts.details(Kind.SERVICE, Action.REFERS, ClusterCommand):
        found = symbol.detail
        if not isinstance(found, ClusterCommand) or symbol.role is not FileRole.PROD:
            continue
        if found.state == "qualified":
            yield Held(symbol.at)
        elif found.state == "unqualified" and found.there is not None:
            yield Finding(
                f"`{found.command}`: {found.why}, and the manifest puts `{symbol.name}` into `{found.namespace}`",
                symbol.at,
                (Related(found.there, f"`{symbol.name}` stands in `{found.namespace}`"),),
                f"Add `--namespace {found.namespace}`",
                (str(symbol.name), found.namespace),
            )
