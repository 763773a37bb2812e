"""A consent is asked for and not kept.

Whoever relies on a consent must be able to show that it was given, when, and to what.

## Fails

```python title="app/schemas.py"
from pydantic import BaseModel


class SignUp(BaseModel):
    email: str
    marketing_consent: bool = False
```

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
```

## Passes

```python title="app/schemas.py"
from pydantic import BaseModel


class SignUp(BaseModel):
    email: str
    marketing_consent: bool = False
```

```sql title="migrations/001.sql"
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TABLE consents (
  user_id uuid NOT NULL REFERENCES users (id), kind text NOT NULL, version text NOT NULL, given_at timestamptz NOT NULL
);
```

## Repair

Keep a row for each consent: the person, what for, the version of the text, when it was given and when it was withdrawn.

## References

- https://gdpr-info.eu/art-7-gdpr/
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.privacy import ConsentAsked
from roadworthy.model.detail.table import TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MINOR,
    Family.PERSONAL_DATA,
    since="0.1",
    needs=frozenset({Kind.TABLE, Kind.CONSTRUCT}),
    effort=Effort.HOURS,
)

_KEPT = re.compile(
    r"consent|terms|agree|accept|opt_?in|privacy|permission|gdpr|marketing|newsletter|subscri|preference", re.IGNORECASE
)
_PERSON = re.compile(
    r"(?:\w+_)?(?:users?|subjects?|patients?|customers?|members?|persons?|accounts?|profiles?|participants?)"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the consents that are asked for with the tables and columns that could keep them."""
    tables = [s for s in facts.details(Kind.TABLE, Action.DEFINES, TableDefined) if s.role is FileRole.PROD]
    asked = [s for s in facts.details(Kind.CONSTRUCT, Action.REFERS, ConsentAsked) if s.role is FileRole.PROD]
    kept = next(
        (
            s
            for s in tables
            if isinstance(s.detail, TableDefined)
            and (_KEPT.search(str(s.name)) or any(_KEPT.search(column) for column in s.detail.columns))
        ),
        None,
    )
    if kept is not None:
        yield Held(kept.at)
    elif not asked and tables:
        yield Held(tables[0].at)
    elif tables:
        opening = next(iter(facts.openings(Kind.TABLE)), None)
        person = next((s for s in tables if _PERSON.fullmatch(str(s.name).lower())), tables[0])
        for symbol in asked:
            if opening is not None:
                yield Unknown(f"whether `{symbol.name}` is kept: {opening.reason}", opening.at)
                continue
            holder = symbol.detail.holder if isinstance(symbol.detail, ConsentAsked) else ""
            yield Finding(
                f"`{holder}` asks for `{symbol.name}`, and no table keeps it",
                symbol.at,
                (Related(person.at, f"`{person.name}` has no column for it"),),
                "Keep a row for each consent: who, what for, which text, when",
                (str(symbol.name), holder),
            )
