"""A broken hash guards something secret.

MD5 and SHA-1 have collisions that anybody can make, and are fast enough to guess what was hashed.

## Fails

```python title="app/tokens.py"
import hashlib


def reset_token(email: str, salt: str) -> str:
    return hashlib.md5(f"{email}{salt}".encode()).hexdigest()
```

## Passes

```python title="app/tokens.py"
import hmac
import secrets


def reset_token() -> str:
    return secrets.token_urlsafe(32)


def equal(token: str, stored: str) -> bool:
    return hmac.compare_digest(token, stored)
```

## Repair

Make tokens with `secrets` or `crypto.randomBytes`, sign with HMAC-SHA-256. Where the hash guards nothing, say so:
`usedforsecurity=False`.
"""

from collections.abc import Iterator

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every broken hash that guards something."""
    return judged(facts, "hash", repair="Use SHA-256 in an HMAC, or a random token")
