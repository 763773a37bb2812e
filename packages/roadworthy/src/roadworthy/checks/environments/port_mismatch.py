"""A port that something expects is not the one the process listens on.

The container starts, the logs look right, and every request, probe or scrape goes to a port where nobody answers: the
release never becomes ready, or the proxy answers 502.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    ports:
      - "80:8080"
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
    ports:
      - "80:8000"
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
```

## Repair

Decide on one port inside the container and write it in every place: start command, EXPOSE, the container side of
`ports:`, containerPort, targetPort, probes. In Kubernetes name the port once and refer to it by name.
"""

from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import HostName, Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.PORT}))

_CERTAIN = frozenset({"command", "code", "image"})
_CLAIMS = frozenset({"expose", "containerPort"})
_EXPECTING = {
    "ports": "publishes",
    "targetPort": "sends requests to",
    "probe": "probes",
    "healthcheck": "asks",
    "scrape": "scrapes",
    "proxy": "passes requests to",
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare, for each component, the ports that are expected with those its processes listen on."""
    for component in facts.components:
        if component.role is FileRole.PROD:
            yield from _component(facts, component)
    yield from _routed(facts)


def _let_in(
    facts: Facts, component: Component, certain: list[Symbol], claims: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    """Compare the ports network policies let requests in to with those the pods open: one that nobody opens is wrong where
    one that is open lets nobody in."""
    policies = [s for s in _ports(facts, Action.REFERS, component.id) if _by(s) == "networkPolicy"]
    opened = [s for s in claims if _by(s) == "containerPort"]
    if not policies or not opened or facts.openings(Kind.PORT, component.id):
        return
    let_in = {str(s.name) for s in policies}
    shut = [s for s in opened if not {str(s.name), _name(s)} & let_in]
    known = {str(s.name) for s in (*certain, *claims)} | {_name(s) for s in opened}
    for policy in policies:
        if str(policy.name) in known or not shut:
            yield Held(policy.at)
            continue
        yield Finding(
            f"the network policy lets requests in to port {policy.name} of {component.id}, which listens on "
            + " and ".join(sorted({str(s.name) for s in shut})),
            policy.at,
            tuple(Related(s.at, f"{_by(s)} says {s.name}, and no policy lets requests in to it") for s in shut),
            f"Write {shut[0].name} here",
            ("networkPolicy", str(policy.name), str(shut[0].name)),
            component.id,
        )


def _component(facts: Facts, component: Component) -> Iterator[Finding | Unknown | Held]:
    mates = _pod(facts, component)
    defined = [s for id_ in mates for s in _ports(facts, Action.DEFINES, id_) if s.phase == "run"]
    certain = [s for s in defined if _by(s) in _CERTAIN]
    claims = [s for s in defined if _by(s) in _CLAIMS]
    expecting = [s for s in _ports(facts, Action.REFERS, component.id) if _by(s) in _EXPECTING]
    checks_elsewhere = any(_by(s) == "healthcheck" and s.at.path not in component.dockerfiles for s in expecting)
    for reference in expecting:
        if checks_elsewhere and _by(reference) == "healthcheck" and reference.at.path in component.dockerfiles:
            continue
        yield from _reference(facts, component, reference, certain, claims)
    yield from _let_in(facts, component, certain, claims)
    if component.kind is ComponentKind.SERVICE:
        yield from _declared(facts, component, certain, claims)


def _reference(
    facts: Facts, component: Component, reference: Symbol, certain: list[Symbol], claims: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    if not isinstance(reference.name, Exact):
        return
    port = reference.name.text
    if not port.isdecimal():
        yield from _named(facts, component, reference, claims)
        return
    listening = {str(s.name) for s in certain}
    claimed = {str(s.name) for s in claims}
    doubt = _doubt(facts, component, port)
    if port in listening or (not certain and port in claimed):
        yield Held(reference.at)
    elif doubt is not None:
        if claims or certain:
            yield doubt
    elif any(port in ports and listening & ports for ports in _by_artifact(claims)):
        # An artifact that knows the start command's port says that there are more.
        yield Held(reference.at)
    elif certain:
        yield _finding(component, reference, certain)
    elif claims and any(_by(s) == "containerPort" for s in claims) and _by(reference) in ("targetPort", "probe"):
        yield _finding(component, reference, claims)
    elif claims:
        yield Unknown(
            f"whether {component.id} listens on {port}: no start command that is read names a port", reference.at
        )


def _by_artifact(claims: list[Symbol]) -> list[set[str]]:
    return [{str(s.name) for s in claims if s.at.path == path} for path in {s.at.path for s in claims}]


def _finding(component: Component, reference: Symbol, defined: list[Symbol]) -> Finding:
    ports = sorted({str(s.name) for s in defined}, key=int)
    says = _EXPECTING[_by(reference)]
    return Finding(
        f"{_by(reference)} {says} port {reference.name} of {component.id}, which listens on {' and '.join(ports)}",
        reference.at,
        tuple(dict.fromkeys(Related(s.at, _stated(s)) for s in defined)),
        f"Write {ports[0]} here, or start {component.id} on port {reference.name}",
        (_by(reference), str(reference.name), *ports),
        component.id,
    )


def _stated(symbol: Symbol) -> str:
    detail = symbol.detail
    if isinstance(detail, PortUse) and detail.by == "command":
        return f"{detail.name} listens on {symbol.name}"
    if isinstance(detail, PortUse) and detail.by == "image":
        return f"{detail.name} listens on {symbol.name}"
    return f"{_by(symbol)} says {symbol.name}"


def _named(
    facts: Facts, component: Component, reference: Symbol, claims: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    names = {s.detail.name: s for s in claims if isinstance(s.detail, PortUse) and s.detail.by == "containerPort"}
    name = str(reference.name)
    if name in names:
        yield Held(reference.at)
        return
    for opening in facts.openings(Kind.PORT, component.id):
        yield Unknown(f"whether {component.id} names a port `{name}`: {opening.reason}", opening.at)
        return
    ports = [s for s in claims if _by(s) == "containerPort"]
    if ports or _workloads(facts, component):
        said = ", ".join(f"`{known}`" for known in sorted(names) if known)
        yield Finding(
            f"{_by(reference)} {_EXPECTING[_by(reference)]} the port named `{name}` of {component.id}, whose container "
            + (f"names only {said}" if said else "names no port"),
            reference.at,
            tuple(
                Related(s.at, f"port {s.name} is called `{_name(s)}`" if _name(s) else f"port {s.name} has no name")
                for s in ports
            )
            or tuple(Related(s.at, "declares no port") for s in _workloads(facts, component)),
            f"Name the container's port `{name}`, or write its number here",
            (_by(reference), name),
            component.id,
        )


def _declared(
    facts: Facts, component: Component, certain: list[Symbol], claims: list[Symbol]
) -> Iterator[Finding | Unknown | Held]:
    """Compare what an image or pod says it opens with what its start command opens."""
    listening = {str(s.name) for s in certain}
    if not certain or facts.openings(Kind.PORT, component.id):
        return
    for path in sorted({s.at.path for s in claims}):
        here = [s for s in claims if s.at.path == path and s.component == component.id]
        own = [s for s in certain if s.at.path == path or s.at.path not in _deployments(facts)]
        if not here or not own:
            continue
        others = _listening_too(facts, component, path)
        if others is None or any(str(s.name) in listening | others for s in here):
            yield Held(here[0].at)
        elif not any(_given(facts, component, str(s.name)) for s in here):
            ports = sorted({str(s.name) for s in own}, key=int)
            yield Finding(
                f"{_by(here[0])} says {here[0].name}, and {component.id} listens on {' and '.join(ports)}",
                here[0].at,
                tuple(dict.fromkeys(Related(s.at, _stated(s)) for s in own)),
                f"Write {ports[0]} here",
                (_by(here[0]), str(here[0].name), *ports),
                component.id,
            )


def _listening_too(facts: Facts, component: Component, path: str) -> set[str] | None:
    """Return what the other services that run the image of a Dockerfile listen on: it says what it opens once for all.
    None where that is not known of one of them."""
    found: set[str] = set()
    for other in facts.components:
        shares = other.id != component.id and path in other.dockerfiles
        if not shares or other.role is not FileRole.PROD or other.kind is not ComponentKind.SERVICE:
            continue
        ports = {
            str(s.name) for s in _ports(facts, Action.DEFINES, other.id) if s.phase == "run" and _by(s) in _CERTAIN
        }
        if not ports:
            return None
        found |= ports
    return found


def _routed(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the ports ingresses name with those their Services open."""
    services: dict[str, list[Symbol]] = {}
    for symbol in facts.definitions(Kind.PORT):
        if isinstance(symbol.detail, PortUse) and symbol.detail.by == "service port":
            services.setdefault(symbol.detail.host, []).append(symbol)
    selecting = {
        str(s.name)
        for s in facts.details(Kind.HOST, Action.DEFINES, HostName)
        if getattr(s.detail, "by", "") == "Service"
    }
    for reference in facts.references(Kind.PORT):
        detail = reference.detail
        if not isinstance(detail, PortUse) or detail.by != "ingress" or reference.role is not FileRole.PROD:
            continue
        ports = services.get(detail.host, [])
        if not ports or detail.host not in selecting:
            continue
        if any(str(reference.name) in (str(s.name), _name(s)) for s in ports):
            yield Held(reference.at)
            continue
        opened = [f"{s.name} (`{_name(s)}`)" if _name(s) else str(s.name) for s in ports]
        yield Finding(
            f"an ingress sends requests to port {reference.name} of the Service {detail.host}, which opens "
            + " and ".join(opened),
            reference.at,
            tuple(Related(s.at, f"{detail.host} opens {s.name}") for s in ports),
            f"Write {ports[0].name} here",
            ("ingress", detail.host, str(reference.name)),
        )


def _doubt(facts: Facts, component: Component, port: str) -> Unknown | None:
    for opening in facts.openings(Kind.PORT, component.id):
        return Unknown(f"which ports {component.id} listens on: {opening.reason}", opening.at)
    given = _given(facts, component, port)
    if given is not None:
        return Unknown(f"whether {component.id} listens on {port}, which it is given as `{given.name}`", given.at)
    return None


def _given(facts: Facts, component: Component, port: str) -> Symbol | None:
    return next(
        (
            s
            for s in facts.definitions(Kind.ENVIRONMENT, component.id)
            if s.component == component.id
            and isinstance(s.detail, EnvironmentGiven)
            and s.detail.value == port
            and "PORT" in str(s.name).upper()
        ),
        None,
    )


def _pod(facts: Facts, component: Component) -> list[str]:
    """Return the ids of a component and of what shares its pod, and so its ports."""
    own = {str(s.name) for s in _workloads(facts, component)}
    mates = [
        s.component
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if isinstance(s.detail, Workload) and s.detail.pod in own and s.detail.form == "sidecar"
    ]
    return list(dict.fromkeys([component.id, *mates]))


def _workloads(facts: Facts, component: Component) -> list[Symbol]:
    return [
        s
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if s.component == component.id and isinstance(s.detail, Workload) and s.detail.artifact == "kubernetes"
    ]


def _deployments(facts: Facts) -> set[str]:
    return {s.at.path for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)}


def _ports(facts: Facts, action: Action, component: str) -> list[Symbol]:
    found = (
        facts.definitions(Kind.PORT, component) if action is Action.DEFINES else facts.references(Kind.PORT, component)
    )
    return [
        s
        for s in found
        if s.component == component
        and s.role is FileRole.PROD
        and isinstance(s.detail, PortUse)
        and s.detail.protocol == "tcp"
    ]


def _by(symbol: Symbol) -> str:
    return symbol.detail.by if isinstance(symbol.detail, PortUse) else ""


def _name(symbol: Symbol) -> str:
    return symbol.detail.name if isinstance(symbol.detail, PortUse) else ""
