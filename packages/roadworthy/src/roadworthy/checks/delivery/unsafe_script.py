"""A release goes on after an error, and announces success.

The migration or the rollout fails in the middle, the next line runs all the same, and what is reported is that all went well.

## Fails

```bash title="scripts/deploy.sh"
#!/usr/bin/env bash
kubectl --namespace shop apply -f deploy/
kubectl --namespace shop rollout status deployment/shop --timeout=180s
echo "Deployed successfully"
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

```bash title="scripts/deploy.sh"
#!/usr/bin/env bash
set -euo pipefail
kubectl --namespace shop apply -f deploy/
kubectl --namespace shop rollout status deployment/shop --timeout=180s
echo "Deployed successfully"
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

Begin the script with `set -euo pipefail`, and take `|| true` and `continue-on-error` away from what must not fail.

## References

- https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import ReleaseFound, UnsafeLine
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.COMMAND, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Report each line of a release whose failure is lost; a release without one holds."""
    unsafe: set[str] = set()
    for symbol in facts.details(Kind.COMMAND, Action.DEFINES, UnsafeLine):
        found = symbol.detail
        if not isinstance(found, UnsafeLine) or symbol.role is not FileRole.PROD:
            continue
        unsafe.add(symbol.at.path)
        announces = f", and `{found.says}` announces success" if found.says else ""
        stops = "set -e" in found.how
        yield Finding(
            f"The failure of `{found.command}` is lost: {found.how}{announces}",
            symbol.at,
            (Related(found.says_at, "success is announced here, whatever happened"),) if found.says_at else (),
            "Begin the script with `set -euo pipefail`" if stops else "Let the failure end the release",
            (str(symbol.name), found.how),
        )
    for symbol in facts.details(Kind.PIPELINE, Action.REFERS, ReleaseFound):
        if symbol.role is FileRole.PROD and symbol.at.path not in unsafe:
            yield Held(symbol.at)
