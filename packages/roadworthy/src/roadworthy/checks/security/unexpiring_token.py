"""A token never ends, or its end or signature is not examined.

A token that leaked once opens the door for ever; one whose signature nobody examines can be written by anybody.

## Fails

```python title="app/tokens.py"
import jwt

from app.settings import KEY


def token(user: str) -> str:
    return jwt.encode({"sub": user}, KEY, algorithm="HS256")
```

## Passes

```python title="app/tokens.py"
from datetime import UTC, datetime, timedelta

import jwt

from app.settings import KEY


def token(user: str) -> str:
    end = datetime.now(UTC) + timedelta(minutes=15)
    return jwt.encode({"sub": user, "exp": end}, KEY, algorithm="HS256")
```

## Repair

Give every token an end (`exp`, `expiresIn`), examine it and the signature, and name the algorithm.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))

_KINDS = ("token", "kept-token")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every token that is made or read."""
    constructs = list(facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct))
    read = any(isinstance(s.detail, Construct) and s.detail.kind == "token-read" for s in constructs)
    found: set[str] = set()
    for symbol in constructs:
        construct = symbol.detail
        if not isinstance(construct, Construct) or construct.kind not in _KINDS or symbol.role is not FileRole.PROD:
            continue
        found.add(symbol.component)
        if construct.sound is None:
            yield Unknown(f"whether {construct.says}", symbol.at)
        elif construct.kind == "kept-token" and not read:
            yield Unknown(
                "whether the token is read as one: it is kept, and no code that was read decodes it", symbol.at
            )
        elif construct.sound:
            yield Held(symbol.at)
        else:
            yield Finding(
                construct.says,
                symbol.at,
                (),
                "Give the token an end, and examine end and signature",
                (str(symbol.name),),
                symbol.component,
            )
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)
