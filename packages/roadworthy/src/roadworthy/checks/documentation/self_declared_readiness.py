"""A document gives the service a score that nothing proves.

A number without a way to reach it again is an opinion, and it outlives the day it was true.

## Fails

```markdown title="READINESS.md"
# Review

Production readiness: 92/100
```

## Passes

```markdown title="READINESS.md"
# Review

The latest certificate is attached to the release.
```

## Repair

Replace the score by a certificate that names the commit, the date and the evidence.
"""

from collections.abc import Iterator

from roadworthy.model.detail.document import DocumentRead, ReadinessClaim
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.DOCUMENTS, since="0.1", needs=frozenset({Kind.DOCUMENT}))

_COUNTED = frozenset({FileRole.DOCUMENT, FileRole.PROD})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for scores of readiness in documents."""
    claimed = set()
    for symbol in facts.details(Kind.DOCUMENT, Action.DEFINES, ReadinessClaim):
        if isinstance(symbol.detail, ReadinessClaim) and symbol.role in _COUNTED:
            claimed.add(symbol.at.path)
            yield Finding(
                f"{symbol.at.path} declares {symbol.detail.score} and names no evidence",
                symbol.at,
                repair="Replace it by a certificate that names commit, date and evidence",
                names=(symbol.detail.score,),
            )
    for symbol in facts.details(Kind.DOCUMENT, Action.DEFINES, DocumentRead):
        if symbol.at.path not in claimed and symbol.role in _COUNTED:
            yield Held(symbol.at)
