"""Nobody is named as responsible.

When an alert rings or a vulnerability is reported, time goes by until somebody feels meant.

## Fails

```markdown title="README.md"
# Orders
```

## Passes

```markdown title="README.md"
# Orders
```

```text title="CODEOWNERS"
* @acme/orders-team
```

## Repair

Add a CODEOWNERS file, or a line in the README that names the team and how to reach it.
"""

import re
from collections.abc import Iterator

from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.ADVISORY, Family.DOCUMENTS, since="0.1")

_OWNER = re.compile(
    r"(?:\.github/|docs/|\.gitlab/)?CODEOWNERS|(?:docs/|\.github/)?(?:MAINTAINERS|OWNERS|AUTHORS|SECURITY|SUPPORT)(?:\.(?:md|txt|rst))?"
    r"|catalog-info\.ya?ml|OWNERS_ALIASES"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a file that says whose the service is."""
    found = next((path for path in facts.files if _OWNER.fullmatch(path)), None)
    if found is not None:
        yield Held(Span(found))
    elif facts.files:
        readme = next((path for path in facts.files if path.lower().startswith("readme")), facts.files[0])
        yield Finding(
            "No file says whose the service is", Span(readme), repair="Add a CODEOWNERS file", names=("CODEOWNERS",)
        )
