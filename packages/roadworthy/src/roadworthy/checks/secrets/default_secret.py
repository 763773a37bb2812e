"""A secret has a default that stands in the code.

Where the variable is forgotten, the service starts all the same, and whoever has read the code can sign its sessions.

## Fails

```python title="app/settings.py"
import os

JWT_SECRET = os.getenv("JWT_SECRET", "change-me-in-production")
```

## Passes

```python title="app/settings.py"
import os

JWT_SECRET = os.environ["JWT_SECRET"]
```

## Repair

Give secrets no default: let the service refuse to start without them.
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.secret import SecretDefault
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT, Kind.SECRET_KEY}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for literal defaults of secret settings, one finding for a name; every other setting that is read holds."""
    found = set()
    bare: dict[tuple[str, str], list[tuple[Symbol, SecretDefault]]] = defaultdict(list)
    for symbol in facts.details(Kind.SECRET_KEY, Action.DEFINES, SecretDefault):
        default = symbol.detail
        if not isinstance(default, SecretDefault) or symbol.role is not FileRole.PROD:
            continue
        found.add((symbol.at.path, symbol.at.line))
        if default.refused:
            yield Unknown(f"whether the default of `{symbol.name}` is refused: the module compares with it", symbol.at)
        else:
            bare[symbol.component, str(symbol.name)].append((symbol, default))
    for same in bare.values():
        yield _finding(same)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead):
        if symbol.role is FileRole.PROD and (symbol.at.path, symbol.at.line) not in found:
            yield Held(symbol.at)


def _finding(same: list[tuple[Symbol, SecretDefault]]) -> Finding:
    (symbol, default), *others = same
    what = "a well-known word" if default.weak else "a text"
    return Finding(
        f"`{symbol.name}` falls back on {what} that stands in the code"
        if default.how != "assigned"
        else f"`{symbol.name}` is {what} that stands in the code",
        symbol.at,
        tuple(Related(other.at, f"`{other.name}` here too") for other, _ in others),
        "Read it from the environment, without a default",
        (str(symbol.name),),
    )
