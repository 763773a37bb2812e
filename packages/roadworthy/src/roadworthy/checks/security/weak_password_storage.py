"""Passwords are stored in a way that makes them quick to guess.

A fast hash of a password falls to millions of guesses a second on one graphics card. When the table leaks, so do the
passwords.

## Fails

```python title="app/users.py"
import hashlib


def store(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
```

## Passes

```python title="app/users.py"
from argon2 import PasswordHasher


def store(password: str) -> str:
    return PasswordHasher().hash(password)
```

## Repair

Use argon2, bcrypt or scrypt through a maintained library.
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


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what becomes of passwords."""
    found: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if not isinstance(construct, Construct) or construct.kind != "password" or symbol.role is not FileRole.PROD:
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
                "Hash passwords with argon2, bcrypt or scrypt",
                (str(symbol.name),),
                symbol.component,
            )
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)
