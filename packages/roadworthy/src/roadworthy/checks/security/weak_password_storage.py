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

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what becomes of passwords."""
    return judged(facts, "password", repair="Hash passwords with argon2, bcrypt or scrypt")
