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

import re
from collections.abc import Iterator

from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.DOCUMENTS, since="0.1")

_LICENCE = re.compile(
    r"(?:licen[cs]es?/.+|(?:.*[-_])?(?:licen[cs]e|copying|unlicense|copyright|notice)(?:[-_.].*)?)", re.IGNORECASE
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a licence at the root of the repository."""
    found = next((path for path in facts.files if _LICENCE.fullmatch(path) and path.count("/") < 2), None)
    if found is not None:
        yield Held(Span(found))
    elif facts.files:
        readme = next((path for path in facts.files if path.lower().startswith("readme")), facts.files[0])
        yield Finding(
            "There is no LICENSE file",
            Span(readme),
            repair="Add a LICENSE file, if only to say that all rights are reserved",
            names=("LICENSE",),
        )
