"""Nothing says how long personal data is kept, and nothing deletes it when the time is over.

What is kept for ever is lost for ever on the day of the breach; the law asks for a period and for what enforces it.

## Fails

```sql title="migrations/001.sql"
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL, email text NOT NULL);
```

```python title="app/patients.py"
def erase(connection, patient):
    connection.execute("DELETE FROM patients WHERE id = %s", (patient,))
```

## Passes

```sql title="migrations/001.sql"
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL, email text NOT NULL);
```

```python title="app/patients.py"
def purge_expired(connection):
    connection.execute("DELETE FROM patients WHERE last_seen < now() - interval '2 years'")
```

## Repair

Write down a period for each kind of data, and let a scheduled job delete what is older.

## References

- https://gdpr-info.eu/art-5-gdpr/
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.promise import Promise
from roadworthy.model.detail.table import CallsMade, TableDefined
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.ADVISORY,
    Family.PERSONAL_DATA,
    since="0.1",
    needs=frozenset({Kind.TABLE, Kind.CONSTRUCT}),
    effort=Effort.DAYS,
)

_PERSON = re.compile(
    r"(?:(?:auth|app|core|tbl)_)?(?:users?|subjects?|patients?|customers?|members?|persons?|people|participants?|clients?|"
    r"employees?|students?|respondents?|guests?|donors?)"
)
_PERIOD = re.compile(
    r"retention|retain|purge|expire|prune|clean_?up|older_than|outdated|stale|inactive|housekeep", re.IGNORECASE
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a period and for what deletes when it is over."""
    persons = [
        s
        for s in facts.details(Kind.TABLE, Action.DEFINES, TableDefined)
        if s.role is FileRole.PROD and _PERSON.fullmatch(str(s.name).lower())
    ]
    if not persons:
        return
    found = _found(facts)
    if found is not None:
        yield Held(found.at)
        return
    for opening in facts.openings(Kind.TABLE):
        yield Unknown(f"whether anything deletes old data: {opening.reason}", opening.at)
        return
    yield Finding(
        f"`{persons[0].name}` holds persons, and nothing says how long or deletes what is older",
        persons[0].at,
        repair="Write down a period, and let a scheduled job delete what is older",
        names=(str(persons[0].name),),
    )


def _found(facts: Facts) -> Symbol | None:
    for symbol in facts.symbols:
        named = isinstance(symbol.detail, CallsMade | EnvironmentRead | Workload) and symbol.role is FileRole.PROD
        if named and _PERIOD.search(str(symbol.name)):
            return symbol
        if isinstance(symbol.detail, Promise) and symbol.detail.topic == "data retention":
            return symbol
    return None
