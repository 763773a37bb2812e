"""The image that is pushed is not the one that is deployed: another name, or another tag.

Every release is green, and the cluster keeps running the old version, or cannot pull anything.

## Fails

```yaml title=".github/workflows/release.yml"
name: release
on: [push]
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: ghcr.io/acme/shop-api:1.4.2
      - run: kubectl --namespace shop apply -f deploy/
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py .
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
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
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: ghcr.io/acme/shop:1.4.2
      - run: kubectl --namespace shop apply -f deploy/
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py .
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
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

Write the same name and the same tag on both sides, or put the tag of the build into the manifest before it is applied
(`kustomize edit set image`, `kubectl set image`).

## References

- https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import ImageWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.IMAGE, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the names and tags that deployments ask for with those that pipelines push."""
    for symbol in facts.details(Kind.IMAGE, Action.DEFINES, ImageWanted):
        found = symbol.detail
        if not isinstance(found, ImageWanted):
            continue
        match found.state:
            case "made" | "unpushed":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether `{symbol.name}` is the image that is pushed: {found.why}", symbol.at)
            case "misnamed" | "mistagged" | "unused":
                yield _finding(symbol, found)


def _finding(symbol: Symbol, found: ImageWanted) -> Finding:
    match found.state:
        case "misnamed":
            message = f"`{symbol.name}` is deployed, and `{found.by}` builds `{found.other}`"
            says, repair = f"`{found.other}` is built here", f"Write `{found.other}` on both sides"
        case "mistagged":
            message = f"`{symbol.name}` is deployed, and `{found.by}` pushes no tag `{found.why}`, only {found.other}"
            says, repair = f"the tags are {found.other}", "Deploy the tag that is pushed"
        case _:
            message = f"{found.by} looks for the image `{symbol.name}`, which no manifest names; the nearest is `{found.other}`"
            says, repair = f"the manifest names `{found.other}`", f"Write `{found.other}`"
    related = (Related(found.other_at, says),) if found.other_at else ()
    return Finding(message, symbol.at, related, repair, (str(symbol.name), found.other))
