"""An alert fires and nobody is told.

Prometheus shows it in red; Alertmanager sends it to a receiver that is empty, undefined, or has no address.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ServiceDown
        expr: up == 0
        labels: {severity: critical}
```

```yaml title="alertmanager/alertmanager.yml"
route:
  receiver: default
  routes:
    - matchers: ['severity="page"']
      receiver: on-call
receivers:
  - name: default
  - name: on-call
    webhook_configs:
      - url: https://hooks.example/on-call
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ServiceDown
        expr: up == 0
        labels: {severity: critical}
```

```yaml title="alertmanager/alertmanager.yml"
route:
  receiver: default
  routes:
    - matchers: ['severity="critical"']
      receiver: on-call
receivers:
  - name: default
  - name: on-call
    webhook_configs:
      - url: https://hooks.example/on-call
```

## Repair

Route every severity your rules use to a receiver that has an address, and tell Prometheus where Alertmanager is
(`alerting.alertmanagers`). Send a test alert with `amtool alert add` once.

## References

- https://prometheus.io/docs/alerting/latest/configuration/#route
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.alert import AlertDelivery, AlertRoute, AlertRule, ReceiverDefined
from roadworthy.model.detail.metric import Matcher
from roadworthy.model.detail.prometheus import PrometheusConfiguration
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.SEVERITY, Kind.RECEIVER, Kind.RULE_FILE}))

_QUIET = frozenset({"none", "info", "debug", "informational"})
_NOT_FOR_PEOPLE = frozenset({"Watchdog", "InfoInhibitor", "DeadMansSwitch", "DeadMansSnitch"})
_NOBODY = re.compile(r"null|none|black-?_?hole|dev-?_?null|noop|silent|discard|ignore", re.IGNORECASE)

Route = tuple[Symbol, AlertRoute]


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Send every alert through the routing tree and look at the receivers it ends in."""
    alerts = [
        (s, s.detail)
        for s in facts.references(Kind.SEVERITY)
        if isinstance(s.detail, AlertRule) and s.role is FileRole.PROD and s.detail.by == "Prometheus"
    ]
    if not alerts:
        return
    yield from _untold(facts, alerts)
    trees: dict[str, list[Route]] = defaultdict(list)
    for symbol in facts.references(Kind.RECEIVER):
        if isinstance(symbol.detail, AlertRoute) and symbol.role is FileRole.PROD:
            trees[symbol.at.path].append((symbol, symbol.detail))
    if not trees:
        at = alerts[0][0].at
        yield Unknown("who is told when an alert fires: no Alertmanager configuration is in this repository", at)
    for path, tree in sorted(trees.items()):
        receivers = {
            str(s.name): s
            for s in facts.definitions(Kind.RECEIVER)
            if s.at.path == path and isinstance(s.detail, ReceiverDefined)
        }
        yield from _undefined(tree, receivers)
        yield from _unasked(alerts, tree)
        yield from _routed(alerts, sorted(tree, key=lambda route: route[1].index), receivers)


def _untold(facts: Facts, alerts: list[tuple[Symbol, AlertRule]]) -> Iterator[Finding]:
    """Report a Prometheus that loads rules and knows no Alertmanager."""
    configured = [
        (s, s.detail)
        for s in facts.definitions(Kind.CONSTRUCT)
        if isinstance(s.detail, PrometheusConfiguration) and s.role is FileRole.PROD and s.detail.loads
    ]
    if all(detail.alerts_to == () for _, detail in configured):
        for symbol, _ in configured[:1]:
            yield Finding(
                "Prometheus evaluates alerts and tells nobody: its configuration names no Alertmanager",
                symbol.at,
                tuple(Related(s.at, f"alert {d.alert}") for s, d in alerts[:3]),
                "Name the Alertmanager under `alerting.alertmanagers`",
                ("alerting",),
            )
    yield from _delivered(facts)


def _delivered(facts: Facts) -> Iterator[Finding]:
    """Report what stands between Prometheus and the receivers: a wrong address, a configuration nobody mounts."""
    for symbol in facts.details(Kind.RECEIVER, Action.REFERS, AlertDelivery):
        detail = symbol.detail
        if not isinstance(detail, AlertDelivery):
            continue
        sides = (Related(detail.server_at, f"Alertmanager answers as `{detail.server}`"),)
        names = (str(symbol.name), detail.state)
        match detail.state:
            case "no such host":
                message = f"Prometheus sends alerts to `{symbol.name}`, and no service has that name"
                yield Finding(message, symbol.at, sides, f"Write `{detail.server}:9093`", names)
            case "other port":
                message = f"Prometheus sends alerts to `{symbol.name}`, and Alertmanager listens on 9093"
                yield Finding(message, symbol.at, sides, f"Write `{detail.server}:9093`", names)
            case "not mounted":
                message = (
                    f"`{detail.server}` does not see {symbol.name}: nothing mounts it, and the image's own tells nobody"
                )
                repair = "Mount it at /etc/alertmanager/alertmanager.yml"
                yield Finding(message, detail.server_at, (Related(symbol.at, "the receivers"),), repair, names)


def _undefined(tree: list[Route], receivers: dict[str, Symbol]) -> Iterator[Finding]:
    reported: set[str] = set()
    for symbol, _ in tree:
        name = str(symbol.name)
        if isinstance(symbol.name, Exact) and name and name not in receivers and name not in reported:
            reported.add(name)
            known = ", ".join(f"`{receiver}`" for receiver in receivers) or "none"
            yield Finding(
                f"a route sends alerts to `{name}`, which is no receiver of this configuration (receivers: {known})",
                symbol.at,
                tuple(Related(s.at, f"the receiver `{s.name}`") for s in list(receivers.values())[:3]),
                f"Define the receiver `{name}` or name one that exists",
                (name,),
            )


def _unasked(alerts: list[tuple[Symbol, AlertRule]], tree: list[Route]) -> Iterator[Finding]:
    """Report a route for a severity no alert has, where alerts have another that no route asks for."""
    asked: dict[str, Symbol] = {}
    for symbol, route in tree:
        for matcher in route.matchers:
            if matcher.label == "severity":
                if matcher.operator != "=":
                    return
                asked.setdefault(matcher.value, symbol)
    had = {str(s.name): s for s, _ in reversed(alerts) if isinstance(s.name, Exact) and str(s.name)}
    unknown = [value for value in asked if value not in had]
    unmet = [value for value in had if value not in asked and value.lower() not in _QUIET]
    if not unknown or not unmet or len(had) < 2:
        return
    yield Finding(
        f"a route asks for the severity `{unknown[0]}`, which no alert has; alerts have `{unmet[0]}`, which no route asks for",
        asked[unknown[0]].at,
        (Related(had[unmet[0]].at, f"the severity `{unmet[0]}`"),),
        f"Write `{unmet[0]}` in the route",
        (unknown[0], unmet[0]),
    )


def _routed(
    alerts: list[tuple[Symbol, AlertRule]], tree: list[Route], receivers: dict[str, Symbol]
) -> Iterator[Finding | Unknown | Held]:
    reported: set[tuple[str, str]] = set()
    for symbol, alert in alerts:
        labels = dict(alert.labels) | {"alertname": alert.alert}
        severity = str(symbol.name)
        certain, possible = _ends(tree, labels)
        ends = [*certain, *possible]
        silent = [end for end in ends if _silent(receivers.get(str(end[0].name)), end)]
        quiet = severity.lower() in _QUIET or alert.alert in _NOT_FOR_PEOPLE
        if quiet or any(end not in silent for end in certain):
            yield Held(symbol.at)
        elif len(silent) < len(ends):
            yield Unknown(
                f"whether alert {alert.alert} reaches somebody: a route asks for labels its series may have", symbol.at
            )
        elif silent:
            key = (severity, str(silent[0][0].name))
            if key not in reported:
                reported.add(key)
                yield _lost(symbol, alert, severity, silent[0][0], receivers)


def _ends(tree: list[Route], labels: dict[str, str]) -> tuple[list[Route], list[Route]]:
    """Return the nodes at which an alert with these labels ends for certain, and those where it may."""
    below: dict[int, list[Route]] = defaultdict(list)
    for route in tree:
        below[route[1].parent].append(route)
    certain: list[Route] = []
    possible: list[Route] = []
    stack = [(route, True) for route in below[-1][:1]]
    while stack:
        route, sure = stack.pop()
        taken = False
        doubt = False
        for child in below[route[1].index]:
            fits = _fits(child[1].matchers, labels)
            if fits is False:
                continue
            stack.append((child, sure and fits is True and not doubt))
            if fits is None:
                doubt = True
                continue
            taken = True
            if not child[1].continues:
                break
        if not taken:
            (certain if sure and not doubt else possible).append(route)
    return certain, possible


def _fits(matchers: tuple[Matcher, ...], labels: dict[str, str]) -> bool | None:
    """Tell whether an alert satisfies all matchers; None where that depends on labels of its series."""
    result: bool | None = True
    for matcher in matchers:
        if matcher.label not in labels:
            result = None
            continue
        value = labels[matcher.label]
        if matcher.operator in ("=", "!="):
            equal = value == matcher.value
        else:
            try:
                equal = re.fullmatch(matcher.value, value) is not None
            except re.error:
                return None
        if equal is matcher.operator.startswith("!"):
            return False
    return result


def _silent(receiver: Symbol | None, end: Route) -> bool:
    """Tell whether a receiver reaches nobody; one that is made for that and chosen by a route of its own is meant so."""
    if receiver is None or not isinstance(receiver.detail, ReceiverDefined):
        return False
    detail = receiver.detail
    if end[1].matchers and not detail.integrations and _NOBODY.search(str(receiver.name)):
        return False
    return len(detail.unaddressed) == len(detail.integrations)


def _lost(symbol: Symbol, alert: AlertRule, severity: str, end: Symbol, receivers: dict[str, Symbol]) -> Finding:
    receiver = receivers[str(end.name)]
    detail = receiver.detail
    lacks = "has no address" if isinstance(detail, ReceiverDefined) and detail.integrations else "tells nobody"
    level = f" with severity `{severity}`" if severity else " without a severity"
    return Finding(
        f"alert {alert.alert}{level} ends at the receiver `{end.name}`, which {lacks}",
        symbol.at,
        (Related(end.at, "the route it takes"), Related(receiver.at, f"this receiver {lacks}")),
        f"Give `{end.name}` an address, or route "
        + (f"`{severity}`" if severity else "it")
        + " to a receiver that has one",
        (str(end.name), severity),
    )
