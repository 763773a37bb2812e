"""A health check passes while the service refuses to serve, or asks another service.

Nothing restarts what is ill, the proxy keeps sending it requests, and the release is called a success.

## Fails

```yaml title="compose.yaml"
services:
  web:
    image: nginx:1.27
    ports: ["80:80"]
    healthcheck:
      test: ["CMD", "curl", "http://localhost/health"]
```

## Passes

```yaml title="compose.yaml"
services:
  web:
    image: nginx:1.27
    ports: ["80:80"]
    healthcheck:
      test: ["CMD", "curl", "--fail", "http://localhost/health"]
```

## Repair

Let the command fail with the answer: `curl --fail`, `wget --spider`, `urllib.request.urlopen`, `process.exit(r.ok ? 0 : 1)`;
and ask the service, not its process.

## References

- https://docs.docker.com/reference/dockerfile/#healthcheck
"""

from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.release import HealthJudged
from roadworthy.model.detail.route import RouteServed
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROBES, since="0.1", needs=frozenset({Kind.COMMAND, Kind.STAGE}))
_SAYS = {"healthcheck": "health check", "probe": "probe"}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at how each health command decides."""
    for symbol in facts.details(Kind.COMMAND, Action.DEFINES, HealthJudged):
        found = symbol.detail
        if not isinstance(found, HealthJudged) or symbol.role is not FileRole.PROD:
            continue
        what = _SAYS.get(found.purpose, "command")
        match found.state:
            case "blind":
                yield Finding(
                    f"The {what} `{found.command}` passes while the service refuses: {found.why}",
                    symbol.at,
                    _sides(facts, symbol),
                    f"{found.instead[:1].upper()}{found.instead[1:]}",
                    (found.purpose, found.why),
                    symbol.component,
                )
            case "elsewhere":
                yield Finding(
                    f"The {what} of `{symbol.component}` asks `{found.why}`, which is another service",
                    symbol.at,
                    (Related(found.there, f"`{found.why}` is defined here"),),
                    f"{found.instead[:1].upper()}{found.instead[1:]}",
                    (found.purpose, found.why),
                    symbol.component,
                )
            case _:
                yield Held(symbol.at)


def _sides(facts: Facts, judged: Symbol) -> tuple[Related, ...]:
    """Return the handler whose answer is not listened to, or what the health command stands for."""
    for symbol in facts.details(Kind.PATH, Action.REFERS, ProbeUse):
        if symbol.at == judged.at and isinstance(met := facts.resolve(symbol), Met):
            routes = [s for s in met.by if isinstance(s.detail, RouteServed) and s.role is FileRole.PROD]
            if routes:
                return (Related(routes[0].at, f"`{routes[0].name}` answers it, and is not listened to"),)
    for symbol in facts.details(Kind.SERVICE, Action.DEFINES, Workload):
        if judged.component and symbol.component == judged.component and symbol.at.line != judged.at.line:
            return (Related(symbol.at, f"`{symbol.name}` is taken for healthy"),)
    for symbol in facts.references(Kind.COMMAND):
        use = symbol.detail
        starts = isinstance(use, CommandUse) and use.purpose in ("command", "entrypoint")
        if starts and symbol.at.path == judged.at.path and symbol.component == judged.component:
            return (Related(symbol.at, "is taken for healthy as long as it runs"),)
    return ()
