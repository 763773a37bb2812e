"""Prometheus or Alertmanager keeps its state in its container.

With the next start all silences, the alerts already sent and the measured history are gone: people are woken twice, and the
days before the outage cannot be looked at.

## Fails

```yaml title="compose.yaml"
services:
  alertmanager:
    image: prom/alertmanager:v0.27.0
    volumes:
      - ./alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro
```

## Passes

```yaml title="compose.yaml"
services:
  alertmanager:
    image: prom/alertmanager:v0.27.0
    volumes:
      - ./alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro
      - alertmanager-data:/alertmanager

volumes:
  alertmanager-data:
```

## Repair

Mount a volume at `/prometheus`, `/alertmanager` and, where people edit dashboards by hand, `/var/lib/grafana`.

## References

- https://prometheus.io/docs/prometheus/latest/storage/
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.dashboard import DashboardProvider
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.COMPOSE, since="0.1", needs=frozenset({Kind.VOLUME, Kind.SERVICE}))

_KEPT = (
    (re.compile(r"(?:^|/)(?:prom|prometheus|bitnami)/prometheus(?:[:@]|$)"), "/prometheus", "the measured history"),
    (
        re.compile(r"(?:^|/)(?:prom|prometheus|bitnami)/alertmanager(?:[:@]|$)"),
        "/alertmanager",
        "silences and what was sent",
    ),
    (
        re.compile(r"(?:^|/)grafana/grafana(?:-oss|-enterprise)?(?:[:@]|$)"),
        "/var/lib/grafana",
        "dashboards made by hand",
    ),
)
_LASTING = frozenset({"volume", "bind", "claim", "claim-template", "hostpath", "other"})
_FOLDER = re.compile(r"--storage\.(?:tsdb\.)?path[= ](\S+)")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a lasting volume where each of them keeps its state."""
    provisioned = any(True for _ in facts.details(Kind.DASHBOARD, Action.REFERS, DashboardProvider))
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        workload = symbol.detail
        if not isinstance(workload, Workload) or symbol.role is not FileRole.PROD:
            continue
        for image, folder, what in _KEPT:
            if image.search(workload.image) and not (provisioned and "grafana" in folder):
                yield _judged(facts, symbol, folder, what)


def _judged(facts: Facts, symbol: Symbol, folder: str, what: str) -> Finding | Unknown | Held:
    named = [
        found[1]
        for command in facts.references(Kind.COMMAND, symbol.component)
        if isinstance(command.detail, CommandUse) and command.component == symbol.component
        if (found := _FOLDER.search(" ".join(command.detail.words)))
    ]
    folders = [text.rstrip("/") for text in named] or [folder]
    mounts = [
        s
        for s in facts.references(Kind.VOLUME, symbol.component)
        if isinstance(s.detail, Mount) and s.component == symbol.component and s.at.path == symbol.at.path
    ]
    for mount in mounts:
        detail = mount.detail
        covers = isinstance(detail, Mount) and any(
            place == detail.target.rstrip("/") or place.startswith(detail.target.rstrip("/") + "/") for place in folders
        )
        if covers and isinstance(detail, Mount) and detail.form in _LASTING:
            return Held(mount.at)
    opening = next(iter(facts.openings(Kind.VOLUME, symbol.component)), None)
    if opening is not None:
        return Unknown(f"what `{symbol.name}` mounts at {folders[0]}: {opening.reason}", opening.at)
    return Finding(
        f"`{symbol.name}` keeps {what} in {folders[0]} of its container: they are lost with it",
        symbol.at,
        tuple(Related(s.at, "mounted, and not there") for s in mounts[:1]),
        f"Mount a volume at {folders[0]}",
        (str(symbol.name), folders[0]),
        symbol.component,
    )
