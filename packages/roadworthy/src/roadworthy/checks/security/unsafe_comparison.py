"""A secret is compared in a time that tells how much of it is right.

`==` stops at the first character that differs. Whoever can measure the answers finds a token character by character.

## Fails

```python title="app/guard.py"
from app.settings import API_TOKEN


def allowed(token: str) -> bool:
    return token == API_TOKEN
```

## Passes

```python title="app/guard.py"
import hmac

from app.settings import API_TOKEN


def allowed(token: str) -> bool:
    return hmac.compare_digest(token, API_TOKEN)
```

## Repair

Compare with `hmac.compare_digest` (Python) or `crypto.timingSafeEqual` (Node).
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every comparison of secrets."""
    found: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if not isinstance(construct, Construct) or construct.kind != "comparison" or symbol.role is not FileRole.PROD:
            continue
        found.add(symbol.component)
        if construct.sound is None:
            yield Unknown(f"whether {construct.says}", symbol.at)
        elif construct.sound:
            yield Held(symbol.at)
        else:
            yield Finding(
                construct.says,
                symbol.at,
                (),
                "Compare with `hmac.compare_digest` or `crypto.timingSafeEqual`",
                (str(symbol.name),),
                symbol.component,
            )
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)
