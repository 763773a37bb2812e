"""A log line carries a secret.

Logs go to more people and more machines than the service, and are kept longer. Whoever reads them has the password or
the token; changing it is the only repair, once it is out.

## Fails

```python title="app/client.py"
import logging
import os

logger = logging.getLogger(__name__)
API_TOKEN = os.environ["API_TOKEN"]


def connect() -> None:
    logger.info("connecting with %s", API_TOKEN)
```

## Passes

```python title="app/client.py"
import logging
import os

logger = logging.getLogger(__name__)
API_TOKEN = os.environ["API_TOKEN"]


def connect() -> None:
    logger.info("connecting, token given: %s", bool(API_TOKEN))
```

## Repair

Log that there is a secret, or its identifier, never the secret. Change the one that was logged.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.privacy import SecretLogged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.LOGS, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for secrets among the arguments of logging calls."""
    variables: dict[str, Symbol] = {}
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead):
        if symbol.role is FileRole.PROD:
            variables.setdefault(str(symbol.name).lower(), symbol)
    found = False
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, SecretLogged):
        if symbol.role is not FileRole.PROD or not isinstance(symbol.detail, SecretLogged):
            continue
        found = True
        variable = variables.get(str(symbol.name).lower())
        yield Finding(
            f"`{symbol.detail.call}` writes `{symbol.name}` into the log",
            symbol.at,
            (Related(variable.at, f"the variable `{variable.name}` holds it"),) if variable is not None else (),
            "Log that there is one, never what it is; change the one that was logged",
            (str(symbol.name), symbol.detail.call),
            symbol.component,
        )
    if not found:
        read = next(facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead), None)
        if read is not None:
            yield Held(read.at)
