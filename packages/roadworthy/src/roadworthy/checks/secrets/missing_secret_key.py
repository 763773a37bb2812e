"""A container asks a Secret or ConfigMap for a key that it does not hold.

The manifests apply without complaint; the pod then stays in `CreateContainerConfigError`, and the release never becomes
ready.

## Fails

```yaml title="k8s/deployment.yaml"
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: acme/api:1.0
          env:
            - name: API_TOKEN
              valueFrom: {secretKeyRef: {name: api, key: API_TOKEN}}
```

```yaml title="k8s/secret.yaml"
apiVersion: v1
kind: Secret
metadata: {name: api}
stringData:
  TOKEN: filled-in-by-the-pipeline
```

## Passes

```yaml title="k8s/deployment.yaml"
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: acme/api:1.0
          env:
            - name: API_TOKEN
              valueFrom: {secretKeyRef: {name: api, key: API_TOKEN}}
```

```yaml title="k8s/secret.yaml"
apiVersion: v1
kind: Secret
metadata: {name: api}
stringData:
  API_TOKEN: filled-in-by-the-pipeline
```

## Repair

Write the key as the object spells it, or add it to the object and to whatever creates it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentImported
from roadworthy.model.detail.object_key import ObjectKey, ObjectKeyUse
from roadworthy.model.detail.volume import Mount
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE}))

_UNCOUNTED = frozenset({FileRole.TEST, FileRole.VENDORED})
_IMPORTED = {"configMapRef": "ConfigMap", "secretRef": "Secret"}
_MOUNTED = {"configmap": "ConfigMap", "secret": "Secret"}
_OF_CLUSTER = frozenset({"kube-root-ca.crt", "extension-apiserver-authentication"})
_RUN_SECRETS = "/run/secrets/"
_MANIFESTS = (".yml", ".yaml", "Kustomization")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of an object: `key` is "" where all of it is."""

    object: str
    owner: str
    key: str
    namespace: str
    symbol: Symbol


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look every key that containers are given up in the objects that the repository makes or describes."""
    kept = _Kept(facts)
    for asked in sorted(_asked(facts), key=lambda a: (a.symbol.at, a.key)):
        yield from kept.judge(asked)
    yield from _files(facts)


def _asked(facts: Facts) -> Iterator[_Asked]:
    for symbol in facts.details(Kind.SECRET_KEY, Action.REFERS, ObjectKeyUse):
        use = symbol.detail
        if isinstance(use, ObjectKeyUse) and not use.optional and symbol.role is FileRole.PROD:
            owner, _, key = str(symbol.name).partition("/")
            yield _Asked(use.object, owner, key, use.namespace, symbol)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentImported):
        imported = symbol.detail
        if (
            isinstance(imported, EnvironmentImported)
            and not imported.optional
            and symbol.role is FileRole.PROD
            and imported.by in _IMPORTED
            and isinstance(symbol.name, Exact)
        ):
            yield _Asked(_IMPORTED[imported.by], symbol.name.text, "", imported.namespace, symbol)
    for symbol in facts.details(Kind.VOLUME, Action.REFERS, Mount):
        mount = symbol.detail
        if isinstance(mount, Mount) and mount.form in _MOUNTED and mount.source and symbol.role is FileRole.PROD:
            yield _Asked(_MOUNTED[mount.form], mount.source, mount.sub_path, "", symbol)


class _Kept:
    """Which objects there are, and which keys they hold."""

    def __init__(self, facts: Facts) -> None:
        self._keys: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
        for symbol in facts.details(Kind.SECRET_KEY, Action.DEFINES, ObjectKey):
            if isinstance(symbol.detail, ObjectKey) and symbol.role not in _UNCOUNTED:
                self._keys[symbol.detail.object, str(symbol.name).partition("/")[0]].append(symbol)
        # Code that cannot be read may hide a secret of its own, never a key of a manifest.
        self._opens = [o for o in facts.openings(Kind.SECRET_KEY) if o.at.path.endswith(_MANIFESTS) or o.covers]
        self._used = {(asked.object, asked.owner) for asked in _asked(facts)}
        self._transformed = bool(facts.artifacts_of("kustomization", "helm"))

    def judge(self, asked: _Asked) -> Iterator[Finding | Unknown | Held]:
        """Tell whether what is asked for is there."""
        found = self._keys.get((asked.object, asked.owner), [])
        if asked.owner in _OF_CLUSTER:
            return
        if not found:
            yield from self._absent(asked)
            return
        if elsewhere := self._in_other_namespace(asked, found):
            yield elsewhere
            return
        holding = [s for s in found if not asked.key or _key(s) == asked.key]
        if any(s.role is not FileRole.DEV for s in holding):
            yield Held(asked.symbol.at)
        elif (opening := self._opening(f"{asked.owner}/{asked.key or 'x'}")) is not None:
            yield Unknown(f"whether {asked.object} {asked.owner} holds `{asked.key}`: {opening.reason}", opening.at)
        elif holding or all(s.role is FileRole.DEV for s in found):
            yield Unknown(
                f"whether {asked.object} {asked.owner} is there in production: only files for development make it",
                found[0].at,
            )
        else:
            yield _lacking(asked, found)

    def _in_other_namespace(self, asked: _Asked, found: list[Symbol]) -> Finding | None:
        spaces = {s.detail.namespace for s in found if isinstance(s.detail, ObjectKey)}
        if not asked.namespace or "" in spaces or asked.namespace in spaces or self._transformed:
            return None
        where = " and ".join(sorted(spaces))
        return Finding(
            f"{_component(asked)} runs in the namespace {asked.namespace}, and {asked.object} {asked.owner} is made in {where}",
            asked.symbol.at,
            (Related(found[0].at, f"{asked.object} {asked.owner} is made in {where}"),),
            f"Make {asked.owner} in the namespace {asked.namespace}",
            (asked.owner, asked.namespace, *sorted(spaces)),
            asked.symbol.component,
        )

    def _absent(self, asked: _Asked) -> Iterator[Finding | Unknown]:
        opening = self._opening(f"{asked.owner}/{asked.key or 'x'}")
        if opening is not None:
            yield Unknown(f"whether {asked.object} {asked.owner} is there: {opening.reason}", opening.at)
            return
        meant = self._meant(asked)
        if meant is None and not asked.object.startswith("compose"):
            yield Unknown(
                f"whether {asked.object} {asked.owner} is there: nothing in the repository makes it", asked.symbol.at
            )
            return
        near = f"; there is `{_owner(meant)}`" if meant is not None else ""
        yield Finding(
            f"{_component(asked)} asks for the {asked.object} `{asked.owner}`, which nothing makes{near}",
            asked.symbol.at,
            (Related(meant.at, f"{asked.object} `{_owner(meant)}` is made here"),) if meant is not None else (),
            f"Write `{_owner(meant)}` here" if meant is not None else f"Declare `{asked.owner}` at the top of the file",
            (asked.owner, asked.key),
            asked.symbol.component,
        )

    def _meant(self, asked: _Asked) -> Symbol | None:
        """Return an object of the same kind that has almost this name, or that has the key and that nobody asks for."""
        candidates = [
            keys[0]
            for (kind, owner), keys in sorted(self._keys.items())
            if kind == asked.object and (kind, owner) not in self._used and _beside(keys[0], asked.symbol)
        ]
        named = [_named(symbol, _owner(symbol)) for symbol in candidates]
        close = nearest(asked.owner, named).nearest
        if close:
            return next(s for s in candidates if _owner(s) == str(close[0].name))
        holding = [s for s in candidates if asked.key and asked.key in self._names(s)]
        return holding[0] if len(holding) == 1 else None

    def _names(self, symbol: Symbol) -> set[str]:
        kind = symbol.detail.object if isinstance(symbol.detail, ObjectKey) else ""
        return {_key(s) for s in self._keys[kind, _owner(symbol)]}

    def _opening(self, name: str) -> Open | None:
        return next((o for o in self._opens if o.covers is None or o.covers.matches(name)), None)


def _lacking(asked: _Asked, found: list[Symbol]) -> Finding:
    close = nearest(asked.key, [_named(s, _key(s)) for s in found]).nearest
    near = f"; it holds `{close[0].name}`" if close else ""
    held = list(dict.fromkeys(_key(s) for s in found))
    return Finding(
        f"{_component(asked)} asks {asked.object} `{asked.owner}` for the key `{asked.key}`, which it does not hold{near}",
        asked.symbol.at,
        (Related(close[0].at if close else found[0].at, f"holds {', '.join(f'`{key}`' for key in held[:6])}"),),
        f"Write `{close[0].name}` here, or add `{asked.key}` to {asked.owner}"
        if close
        else f"Add `{asked.key}` to {asked.owner}, or ask for a key that it holds",
        (asked.owner, asked.key),
        asked.symbol.component,
    )


def _files(facts: Facts) -> Iterator[Finding | Held]:
    """Look the secret files that variables name up among those the compose service is given."""
    granted: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    for symbol in facts.details(Kind.SECRET_KEY, Action.REFERS, ObjectKeyUse):
        if isinstance(symbol.detail, ObjectKeyUse) and symbol.detail.path:
            granted[symbol.component, symbol.at.path].append(symbol)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven):
        given = symbol.detail
        if not isinstance(given, EnvironmentGiven) or given.by != "compose" or symbol.role is not FileRole.PROD:
            continue
        if not (given.value or "").startswith(_RUN_SECRETS) or not symbol.component:
            continue
        path = given.value or ""
        own = granted[symbol.component, symbol.at.path]
        if any(isinstance(s.detail, ObjectKeyUse) and s.detail.path == path for s in own):
            yield Held(symbol.at)
        elif own or any(s.at.path == symbol.at.path for uses in granted.values() for s in uses):
            yield _unmounted(symbol, path, own)


def _unmounted(symbol: Symbol, path: str, own: list[Symbol]) -> Finding:
    names = ", ".join(f"`{_owner(s)}`" for s in own) or "none"
    name = path.removeprefix(_RUN_SECRETS)
    return Finding(
        f"`{symbol.name}` of {symbol.component} names {path}, and the service is given the secrets {names}",
        symbol.at,
        tuple(Related(s.at, f"is given as {s.detail.path}") for s in own if isinstance(s.detail, ObjectKeyUse)),
        f"Add `{name}` to the `secrets` of {symbol.component}, or name the file that it is given",
        (str(symbol.name), name),
        symbol.component,
    )


def _beside(one: Symbol, other: Symbol) -> bool:
    """Tell whether two statements stand in the same folder, or one below the folder of the other."""
    a, b = (s.at.path.rpartition("/")[0] + "/" for s in (one, other))
    return a.startswith(b) or b.startswith(a)


def _named(symbol: Symbol, name: str) -> Symbol:
    return Symbol(symbol.kind, symbol.action, Exact(name), symbol.at, role=symbol.role)


def _owner(symbol: Symbol) -> str:
    return str(symbol.name).partition("/")[0]


def _key(symbol: Symbol) -> str:
    return str(symbol.name).partition("/")[2]


def _component(asked: _Asked) -> str:
    return asked.symbol.component or "a container"
