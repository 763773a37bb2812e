"""A selector chooses labels that the pods do not bear.

A Service without pods answers nobody, a Deployment whose selector misses its own template is refused, and a budget or
autoscaler that chooses nothing protects nothing.

## Fails

```yaml title="k8s/api.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 2
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0
---
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  selector: {app: api-server}
  ports:
    - port: 80
      targetPort: 8000
```

## Passes

```yaml title="k8s/api.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 2
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0
---
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  selector: {app: api}
  ports:
    - port: 80
      targetPort: 8000
```

## Repair

Write the same labels in the selector and in the template's metadata.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from roadworthy.model.detail.workload import HostName, Workload, WorkloadChosen
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE, Kind.HOST}))

Labels = tuple[tuple[str, str], ...]
_ALIKE = 0.6


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare selectors with the labels of the pods they are meant for."""
    pods = [
        (s, s.detail)
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if isinstance(s.detail, Workload) and s.detail.artifact == "kubernetes" and not s.detail.pod
    ]
    for symbol, workload in pods:
        if symbol.role is FileRole.PROD and workload.selector and workload.labels:
            if set(workload.selector) <= set(workload.labels):
                yield Held(symbol.at)
            else:
                yield _finding(f"{workload.form} {symbol.name}", workload.selector, symbol, symbol, workload.labels)
    for symbol, says, selector, namespace in _selecting(facts):
        yield from _selector(facts, symbol, says, selector, namespace, pods)


def _selecting(facts: Facts) -> Iterator[tuple[Symbol, str, Labels, str]]:
    for symbol in facts.details(Kind.HOST, Action.DEFINES, HostName):
        host = symbol.detail
        named = isinstance(symbol.name, Exact) and "." not in symbol.name.text
        if not isinstance(host, HostName) or host.by != "Service" or symbol.role is not FileRole.PROD:
            continue
        if host.selector and named:
            yield symbol, f"Service {symbol.name}", host.selector, host.namespace
    for symbol in facts.details(Kind.SERVICE, Action.REFERS, WorkloadChosen):
        chosen = symbol.detail
        if isinstance(chosen, WorkloadChosen) and chosen.labels and symbol.role is FileRole.PROD:
            yield symbol, f"{chosen.by} {symbol.name}", chosen.labels, chosen.namespace


def _selector(
    facts: Facts, symbol: Symbol, says: str, selector: Labels, namespace: str, pods: list[tuple[Symbol, Workload]]
) -> Iterator[Finding | Unknown | Held]:
    here = [(s, w) for s, w in pods if not namespace or not w.namespace or w.namespace == namespace]
    if any(set(selector) <= set(w.labels) for _, w in here):
        yield Held(symbol.at)
        return
    for opening in facts.openings(Kind.SERVICE):
        yield Unknown(f"which pods {says} chooses: {opening.reason}", opening.at)
        return
    meant = max(here, key=lambda pod: _likeness(symbol, selector, pod), default=None)
    if meant is None or _likeness(symbol, selector, meant) < _ALIKE:
        yield Unknown(f"which pods {says} chooses: none of those in the repository", symbol.at)
        return
    yield _finding(says, selector, symbol, meant[0], meant[1].labels)


def _likeness(symbol: Symbol, selector: Labels, pod: tuple[Symbol, Workload]) -> float:
    """Tell how likely a selector is meant for a pod: by the values of shared keys, and by equal names."""
    labels = dict(pod[1].labels)
    shared = [SequenceMatcher(None, value, labels[key]).ratio() for key, value in selector if key in labels]
    if not shared:
        return 0.0
    same_name = str(symbol.name).removesuffix("-service").removesuffix("-svc") == str(pod[0].name)
    return max(sum(shared) / len(selector), 1.0 if same_name else 0.0)


def _finding(says: str, selector: Labels, at: Symbol, pod: Symbol, labels: Labels) -> Finding:
    wrong = [f"{key}={value}" for key, value in selector if (key, value) not in labels]
    borne = ", ".join(f"{key}={value}" for key, value in labels) or "no label"
    return Finding(
        f"{says} chooses {', '.join(wrong)}, and the pods of {pod.name} bear {borne}",
        at.at,
        (Related(pod.at, f"the pods of {pod.name} bear {borne}"),),
        "Write the same labels on both sides",
        (says, *wrong),
        pod.component,
    )
