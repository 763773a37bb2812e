"""Nothing says under which terms the code may be used.

Without a licence nobody outside may run or change it, and nobody inside knows what may be combined with it.

## Fails

```markdown title="README.md"
# Orders
```

## Passes

```markdown title="README.md"
# Orders
```

```text title="LICENSE"
Copyright. All rights reserved.
```

## Repair

Add a LICENSE file: the text of an open licence, or one line that says that all rights are reserved.
"""

from collections.abc import Iterator

from roadworthy.model.detail.document import LicenceText
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.DOCUMENTS, since="0.1", needs=frozenset())


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a licence that says what others may do."""
    found = list(facts.details(Kind.DOCUMENT, Action.DEFINES, LicenceText))
    speaking = next((s for s in found if isinstance(s.detail, LicenceText) and s.detail.grants), None)
    if speaking is not None:
        yield Held(speaking.at)
    elif facts.files:
        readme = next((path for path in facts.files if path.lower().startswith("readme")), facts.files[0])
        yield Finding(
            f"{found[0].at.path} says nothing" if found else "There is no LICENSE file",
            found[0].at if found else Span(readme),
            repair="Add a LICENSE file, if only to say that all rights are reserved",
            names=("LICENSE",),
        )
