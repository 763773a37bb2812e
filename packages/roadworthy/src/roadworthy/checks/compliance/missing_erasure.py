"""Nothing erases a person.

Whoever asks for their data to be deleted has a right to it, within a month; by hand, in the database, it is forgotten or
done in part.

## Fails

```sql title="migrations/001_schema.sql"
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL, birth_date date);
```

```python title="app/patients.py"
def rename(connection, patient, name):
    connection.execute("UPDATE patients SET full_name = %s WHERE id = %s", (name, patient))
```

## Passes

```sql title="migrations/001_schema.sql"
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL, birth_date date);
```

```python title="app/patients.py"
def erase(connection, patient):
    connection.execute("DELETE FROM patients WHERE id = %s", (patient,))
```

## Repair

Add an operation that deletes a person from every table, leaves a record that it was done, and is tested against all of them.

## References

- https://gdpr-info.eu/art-17-gdpr/
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.table import CallsMade, ErasureFound, RowsErased, TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR,
    Family.PERSONAL_DATA,
    since="0.1",
    needs=frozenset({Kind.TABLE, Kind.CONSTRUCT}),
    presence=True,
    effort=Effort.DAYS,
)

_PERSON = re.compile(
    r"(?:(?:auth|app|core|tbl)_)?(?:users?|subjects?|patients?|customers?|members?|persons?|people|participants?|clients?|"
    r"employees?|students?|respondents?|guests?|donors?)"
)
_ERASES = re.compile(
    r"(?:delet|eras|remov|purg|forget|anonymi[sz]|destroy|wipe|close).*(?:user|subject|patient|customer|account|member|person|"
    r"participant|client|employee|student|respondent|_me\b|self|personal)|gdpr|right_to_be"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for code that deletes or overwrites the rows of a person."""
    erasures = list(facts.details(Kind.TABLE, Action.REFERS, ErasureFound))
    for symbol in erasures:
        yield Held(symbol.at)
    persons = [
        s
        for s in facts.details(Kind.TABLE, Action.DEFINES, TableDefined)
        if s.role is FileRole.PROD and _PERSON.fullmatch(str(s.name).lower())
    ]
    if erasures or not persons:
        return
    doubts = list(_doubts(facts))
    doubts += [
        Unknown(f"whether anything erases a person: {opening.reason}", opening.at)
        for kind in (Kind.TABLE, Kind.CONSTRUCT)
        for opening in facts.openings(kind)
    ]
    if doubts:
        yield from doubts
        return
    yield Finding(
        f"`{persons[0].name}` holds persons, and nothing deletes one or overwrites who it is",
        persons[0].at,
        repair="Add an operation that erases a person from every table",
        names=(str(persons[0].name),),
    )


def _doubts(facts: Facts) -> Iterator[Unknown]:
    """Yield what may erase a person in a way that was not followed."""
    symbols: list[Symbol] = [s for s in facts.definitions(Kind.CONSTRUCT) if isinstance(s.detail, CallsMade)]
    for symbol in symbols:
        if symbol.role is FileRole.PROD and isinstance(symbol.detail, CallsMade):
            path = symbol.detail.method.partition(" ")[2]
            if _ERASES.search(str(symbol.name).lower()) or _ERASES.search(f"delete {path}"):
                yield Unknown(f"what `{symbol.name}` deletes", symbol.at)
    for symbol in facts.details(Kind.TABLE, Action.REFERS, RowsErased):
        if symbol.role is FileRole.PROD and not isinstance(symbol.name, Exact):
            yield Unknown(f"which rows are deleted: {symbol.name}", symbol.at)
