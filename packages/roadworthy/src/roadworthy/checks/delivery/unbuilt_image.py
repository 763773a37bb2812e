"""A deployment asks for an image of ours that no pipeline builds.

The pods wait for ever in `ImagePullBackOff`, or run what somebody pushed by hand last year.

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

```yaml title="deploy/worker.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: worker
  template:
    metadata:
      labels:
        app: worker
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/mailer:1.4.2
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
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: ghcr.io/acme/mailer:1.4.2
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

```yaml title="deploy/worker.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: worker
  template:
    metadata:
      labels:
        app: worker
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/mailer:1.4.2
```

## Repair

Build and push the image where the others are built, or deploy one that is.
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
    """Look for a step that builds each image of ours that is deployed."""
    for symbol in facts.details(Kind.IMAGE, Action.DEFINES, ImageWanted):
        found = symbol.detail
        if not isinstance(found, ImageWanted):
            continue
        match found.state:
            case "made" | "unpushed" | "mistagged":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether `{symbol.name}` is built: {found.why}", symbol.at)
            case "unbuilt":
                yield Finding(
                    f"No pipeline builds `{symbol.name}`; `{found.by}` builds `{found.other}` only",
                    symbol.at,
                    (Related(found.other_at, f"`{found.other}` is built here"),) if found.other_at else (),
                    f"Build and push `{symbol.name}` there as well",
                    (str(symbol.name), found.other),
                )
