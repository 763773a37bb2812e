"""A real credential stands in the repository.

Everyone who can read the code, and every copy ever made of it, can use it. Programs look for such texts in public
repositories and find them within minutes.

## Fails

```python title="app/storage.py"
ACCESS_KEY = "AKIAQ3EGRTPWZ5K7V2MN"
```

## Passes

```python title="app/storage.py"
import os

ACCESS_KEY = os.environ["AWS_ACCESS_KEY_ID"]
```

## Repair

Revoke the credential first; then read it from the environment, and only then clean the history.
"""

from collections.abc import Iterator

from roadworthy.model.detail.secret import SecretCommitted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

# A file that does not parse hides nothing from a search of its text, and must not cap as if it did.
RULE = Rule(Severity.DANGEROUS, Family.SOURCE, since="0.1")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for texts of the form of a credential in source and configuration files."""
    found = set()
    for symbol in facts.details(Kind.SECRET_KEY, Action.DEFINES, SecretCommitted):
        if isinstance(symbol.detail, SecretCommitted) and symbol.role is FileRole.PROD:
            found.add(symbol.at.path)
            yield Finding(
                f"{symbol.at.path} holds what has the form of {symbol.detail.form}",
                symbol.at,
                repair="Revoke it, and read it from the environment",
                names=(symbol.detail.form,),
            )
    for artifact in facts.artifacts_of("secret-text"):
        if artifact.role is FileRole.PROD and artifact.path not in found:
            yield Held(Span(artifact.path))
