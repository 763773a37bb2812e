"""A command names a workload that no manifest defines.

The rollout is waited for, restarted or undone under a name the cluster does not know: the step fails, or, behind `|| true`,
never did anything.

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
      - run: kubectl --namespace shop rollout status deployment/shop-api --timeout=180s
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

Name the workload as its manifest does.
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
    """Look up each workload that a command names among those of the manifests."""
    for symbol in facts.details(Kind.SERVICE, Action.REFERS, ClusterCommand):
        found = symbol.detail
        if not isinstance(found, ClusterCommand) or symbol.role is not FileRole.PROD:
            continue
        match found.state:
            case "unclear":
                yield Unknown(f"whether `{symbol.name}` is on the cluster: {found.why}", symbol.at)
            case "unknown" if found.there is not None:
                yield Finding(
                    f"`{found.command}` names `{symbol.name}`, which no manifest defines; the nearest is `{found.why}`",
                    symbol.at,
                    (Related(found.there, f"`{found.why}` is defined here"),),
                    f"Name `{found.why}`",
                    (str(symbol.name), found.why),
                )
            case _:
                yield Held(symbol.at)
