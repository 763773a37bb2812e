"""A release ends without asking the new version anything.

Ready pods say that a process listens. That the address, the certificate and the database behind it work is found out by
the first customer.

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

Ask the released service for something only a working one can answer: `curl --fail https://…/health/ready`, or the
shortest journey of a user.
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
    """Look behind each release for something that asks the new version."""
    for symbol in facts.details(Kind.PIPELINE, Action.REFERS, ReleaseFound):
        found = symbol.detail
        if not isinstance(found, ReleaseFound) or symbol.role is not FileRole.PROD:
            continue
        if found.asks is not None:
            yield Held(found.asks)
        elif found.doubt:
            yield Unknown(f"whether `{symbol.name}` asks the new version: {found.doubt}", symbol.at)
        else:
            yield Finding(
                f"`{symbol.name}` runs `{found.by}` and ends without asking the new version anything",
                symbol.at,
                (Related(found.waits, "this waits, and asks nothing"),) if found.waits else (),
                "Ask it behind the rollout: `curl --fail --retry 5 https://…/health/ready`",
                (str(symbol.name), found.tool),
            )
