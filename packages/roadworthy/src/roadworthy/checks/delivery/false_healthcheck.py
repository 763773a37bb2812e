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

from roadworthy.model.detail.release import HealthJudged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
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
                    (),
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
