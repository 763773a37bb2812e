"""A server's administrator has a password that anyone tries first.

Lists of default passwords are tried within minutes of a port being reachable, by a forgotten firewall rule or from any
other container that was broken into.

## Fails

```yaml title="compose.yaml"
services:
  grafana:
    image: grafana/grafana:12.0.2
    environment:
      GF_SECURITY_ADMIN_PASSWORD: admin
```

## Passes

```yaml title="compose.yaml"
services:
  grafana:
    image: grafana/grafana:12.0.2
    environment:
      GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_ADMIN_PASSWORD:?set it in .env}
```

## Repair

Take the password from a secret, without a default: `${NAME:?}` in compose, `secretKeyRef` in Kubernetes. Change it where
the server already runs.
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.secret import PasswordGuessed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT, Kind.SECRET_KEY}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Report each password once, with every place that gives it."""
    guessed: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    for symbol in facts.details(Kind.SECRET_KEY, Action.DEFINES, PasswordGuessed):
        guessed[symbol.component, str(symbol.name)].append(symbol)
    for (component, name), symbols in guessed.items():
        first, *others = symbols
        given = first.detail
        server = given.server if isinstance(given, PasswordGuessed) else component
        yield Finding(
            f"`{name}` of `{server}` is a password that anyone tries first",
            first.at,
            tuple(Related(other.at, "and here") for other in others),
            "Take it from a secret, without a default",
            (name, component),
            component,
        )
    for symbol in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven):
        name = str(symbol.name)
        secret = name.endswith(("_PASSWORD", "_PASS")) and (symbol.component, name) not in guessed
        if secret and symbol.role is FileRole.PROD and symbol.phase == "run":
            yield Held(symbol.at)
