"""A manifest is written and nothing puts it on the cluster, or something names a manifest that is not there.

The budget, the autoscaler or the policy everybody reads in the review does not exist where it would count.

## Fails

```yaml title="deploy/kustomization.yaml"
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - app.yaml
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

```yaml title="deploy/budget.yaml"
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: shop
  namespace: shop
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: shop
```

## Passes

```yaml title="deploy/kustomization.yaml"
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - app.yaml
  - budget.yaml
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

```yaml title="deploy/budget.yaml"
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: shop
  namespace: shop
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: shop
```

## Repair

List the file under `resources` of the kustomization, or apply the folder instead of single files.

## References

- https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import ManifestApplied
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.STEP, Kind.FILE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the manifests there are with those that kustomizations and commands name."""
    for symbol in facts.details(Kind.FILE, Action.REFERS, ManifestApplied):
        found = symbol.detail
        if not isinstance(found, ManifestApplied) or symbol.role is not FileRole.PROD:
            continue
        name = str(symbol.name)
        match found.state:
            case "applied":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether `{name}` is applied: {found.why}", symbol.at)
            case "absent":
                yield Finding(
                    f"`{found.by}` names `{name}`, which is not in the repository",
                    symbol.at,
                    (),
                    "Name a file that is there, or add it",
                    (name, found.by),
                )
            case _:
                yield Finding(
                    f"`{name}` is applied by nothing: `{found.by}` names others of its folder and not this one",
                    symbol.at,
                    (Related(found.by_at, "its neighbours are applied from here"),),
                    f"Add `{name.rpartition('/')[2]}` to {found.by}",
                    (name, found.by),
                )
