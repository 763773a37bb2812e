"""A pipeline builds the image that is deployed, and never pushes it.

It is gone with the machine that built it: the cluster cannot pull it, or pulls the one of last time.

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
          push: false
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

Set `push: true` (or run `docker push`) where the image is built for a release.

## References

- https://github.com/docker/build-push-action#inputs
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import ImageWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.IMAGE, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what becomes of each image that is built here and deployed from a registry."""
    for symbol in facts.details(Kind.IMAGE, Action.DEFINES, ImageWanted):
        found = symbol.detail
        if not isinstance(found, ImageWanted):
            continue
        match found.state:
            case "made" | "mistagged":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether `{symbol.name}` is pushed: {found.why}", symbol.at)
            case "unpushed":
                yield Finding(
                    f"`{symbol.name}` is deployed from a registry, and `{found.by}` builds it and pushes it nowhere",
                    symbol.at,
                    (Related(found.other_at, f"`{found.other}` is built here"),) if found.other_at else (),
                    "Set `push: true`" if "action" in found.by else f"Run `docker push {found.other}` behind the build",
                    (str(symbol.name), found.other),
                )
