"""No decision is written down with its reasons.

Whoever changes the service later cannot tell what was chosen on purpose from what happened to be at hand.

## Fails

```markdown title="README.md"
# Orders
```

## Passes

```markdown title="README.md"
# Orders
```

```markdown title="docs/decisions/0001-postgres.md"
# Keep orders in PostgreSQL
```

## Repair

Write half a page for each decision that is hard to take back: what was chosen, instead of what, and why.

## References

- https://adr.github.io
"""

import re
from collections.abc import Iterator

from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.ADVISORY, Family.DOCUMENTS, since="0.1", effort=Effort.HOURS)

_RECORD = re.compile(
    r"(?:.*/)?(?:adrs?|decisions?|decision-records?|rfcs?)/.*\.(?:md|rst|adoc|txt)|(?:.*/)?(?:decisions?|adrs?)\.md",
    re.IGNORECASE,
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for records of decisions."""
    found = next((path for path in facts.files if _RECORD.fullmatch(path)), None)
    if found is not None:
        yield Held(Span(found))
    elif facts.files:
        readme = next((path for path in facts.files if path.lower().startswith("readme")), facts.files[0])
        yield Finding(
            "No decision record is in the repository",
            Span(readme),
            repair="Write down the decisions that are hard to take back, in docs/decisions",
            names=("decisions",),
        )
