"""The service starts with the example value of a secret.

Whoever copies the example and forgets one line runs a production whose key stands in the repository.

## Fails

```ini title=".env.example"
SECRET_KEY=change-me
```

```python title="app/settings.py"
import os

SECRET_KEY = os.environ["SECRET_KEY"]
if SECRET_KEY == "changeme":
    raise SystemExit("SECRET_KEY still holds the example value")
```

## Passes

```ini title=".env.example"
SECRET_KEY=change-me
```

```python title="app/settings.py"
import os

SECRET_KEY = os.environ["SECRET_KEY"]
if SECRET_KEY == "change-me" or len(SECRET_KEY) < 32:
    raise SystemExit("SECRET_KEY still holds the example value")
```

## Repair

Leave the value in the example empty, or refuse it at the start: by its text, and by a smallest length.
"""

from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.secret import SecretExample
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Try the example value of each secret on the checks of the code that reads it."""
    judged = set()
    for symbol in facts.details(Kind.SECRET_KEY, Action.REFERS, SecretExample):
        example = symbol.detail
        if not isinstance(example, SecretExample):
            continue
        judged.add(symbol.at)
        related = [Related(example.read_at, f"reads `{symbol.name}`")]
        if example.guard_at is not None:
            related.append(Related(example.guard_at, "refuses other values, and lets this one through"))
        match example.accepted:
            case False:
                yield Held(symbol.at)
            case None:
                yield Unknown(f"whether the example of `{symbol.name}` is accepted: {example.why}", symbol.at)
            case True:
                yield Finding(
                    f"the service starts with the value that {symbol.at.path} shows for `{symbol.name}`",
                    symbol.at,
                    tuple(related),
                    f"Leave `{symbol.name}` empty in {symbol.at.path}, or refuse that value at the start",
                    (str(symbol.name),),
                )
    for symbol in facts.definitions(Kind.ENVIRONMENT):
        given = symbol.detail
        if (
            isinstance(given, EnvironmentGiven)
            and symbol.phase == "file"
            and symbol.role is FileRole.EXAMPLE
            and symbol.at not in judged
            and given.secret is None
        ):
            yield Held(symbol.at)
