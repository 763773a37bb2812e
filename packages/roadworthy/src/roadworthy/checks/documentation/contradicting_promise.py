"""A document promises one number, and another document, an alert or a schedule has another.

People plan with the number they read. When it counts, the backup is a day old instead of an hour, and the alert rings at
half a second where the contract says three tenths.

## Fails

```markdown title="docs/operations.md"
# Operations

The database is backed up every night at 02:30; backups are kept for 30 days.
```

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file="/backups/$(date +%F).dump"
pg_restore --list "/backups/$(date +%F).dump" > /dev/null
find /backups -name '*.dump' -mtime +7 -delete
```

```text title="crontab"
30 2 * * * /srv/scripts/backup.sh
```

## Passes

```markdown title="docs/operations.md"
# Operations

The database is backed up every night at 02:30; backups are kept for 7 days.
```

```sh title="scripts/backup.sh"
#!/bin/bash
set -euo pipefail
pg_dump --format=custom "$DATABASE_URL" --file="/backups/$(date +%F).dump"
pg_restore --list "/backups/$(date +%F).dump" > /dev/null
find /backups -name '*.dump' -mtime +7 -delete
```

```text title="crontab"
30 2 * * * /srv/scripts/backup.sh
```

## Repair

Find out which of the two is meant, and write it in both places; better, write it in one and link to it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.backups import backups
from roadworthy.model.cron import fields, longest_gap_seconds
from roadworthy.model.detail.document import DocumentRead
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead
from roadworthy.model.detail.expression import Comparison
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.promise import Promise
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.DOCUMENTS, since="0.1", needs=frozenset({Kind.DOCUMENT}))

_DAY = 86400
_COUNTED = frozenset({FileRole.PROD, FileRole.DOCUMENT})
_BETWEEN = frozenset({"availability", "RPO", "RTO", "backup retention", "p95", "p99", "backup time", "backup interval"})
_AGE = re.compile(r"-mtime\s+\+(?:\$\{?(\w+)(?::-(\d+)\})?\}?|(\d+))")
_KEEP = re.compile(r"--keep-(?:daily|within|last)[ =](\d+)d?\b")
_RETENTION = re.compile(
    r"(?:BACKUP_|DB_BACKUP_|DUMP_)?(?:RETENTION|KEEP|KEEP_DAYS|RETENTION_DAYS|KEEP_DAILY)(?:_DAYS)?"
)
_BURN = (14.4, 6.0, 3.0, 1.0)
_BUDGETS = (0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0001)

Value = tuple[float, Span, str]


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare promises with one another, and with what schedules, scripts and alerts say."""
    promises: dict[str, list[tuple[float, Symbol]]] = defaultdict(list)
    for symbol in facts.details(Kind.DOCUMENT, Action.DEFINES, Promise):
        if isinstance(symbol.detail, Promise) and symbol.role in _COUNTED:
            promises[symbol.detail.topic].append((symbol.detail.value, symbol))
    told = False
    kept, scheduled = list(_kept(facts)), list(_scheduled(facts))
    for topic, made in sorted(promises.items()):
        sides: list[Value] = []
        if topic == "backup retention":
            sides = kept
        elif topic in ("backup time", "backup interval", "RPO"):
            sides = list(_of_schedule(topic, scheduled))
        elif topic.startswith("p"):
            sides = list(_latencies(facts, float(topic[1:]) / 100))
        elif topic == "availability":
            sides = list(_budgets(facts))
        for value, symbol in made:
            told = True
            other = _against(topic, value, sides)
            yield _finding(topic, value, symbol, other) if other is not None else Held(symbol.at)
        yield from _between(topic, made)
    if not told:
        document = next(facts.details(Kind.DOCUMENT, Action.DEFINES, DocumentRead), None)
        if document is not None:
            yield Held(document.at)


def _between(topic: str, made: list[tuple[float, Symbol]]) -> Iterator[Finding]:
    """Compare the documents that each name one value."""
    by_path: dict[str, dict[float, Symbol]] = defaultdict(dict)
    for value, symbol in made:
        by_path[symbol.at.path].setdefault(value, symbol)
    single = [(next(iter(values.items()))) for _, values in sorted(by_path.items()) if len(values) == 1]
    single = [(v, s) for v, s in single if s.at.path.count("/") <= 2]
    if topic in _BETWEEN and len({value for value, _ in single}) == 2 and len(single) == len(by_path):
        first = single[0]
        other = next((value, symbol) for value, symbol in single if value != first[0])
        yield _finding(topic, other[0], other[1], (first[0], first[1].at, f"{first[1].at.path} says"))


def _against(topic: str, value: float, sides: list[Value]) -> Value | None:
    """Return the first thing that says otherwise, None where one agrees."""
    if not sides or any(_agree(topic, value, side[0]) for side in sides):
        return None
    return sides[0]


def _agree(topic: str, promised: float, found: float) -> bool:
    match topic:
        case "backup retention":
            return abs(promised - found) <= _DAY
        case "RPO":
            return found <= promised * 1.1
        case "backup interval":
            return 0.5 < found / promised < 1.5
        case "backup time":
            return abs(promised - found) < 1
        case "availability":
            return abs(promised - found) < 0.001
    return found <= promised * 1.01


def _kept(facts: Facts) -> Iterator[Value]:
    """Yield how long backups are kept, in seconds, as scripts and their variables say."""
    given = _variables(facts)
    for backup in backups(facts):
        for step in backup.whole:
            if step.act != "delete":
                continue
            if found := _AGE.search(step.text):
                name, default, number = found.groups()
                if number or default or name in given:
                    days, at = (
                        given.get(name, (float(number or default or 0), step.at)) if name else (float(number), step.at)
                    )
                    yield days * _DAY, at, "backups are deleted after"
            elif found := _KEEP.search(step.text):
                yield float(found[1]) * _DAY, step.at, "backups are kept for"
        names = [need for need in given if _RETENTION.fullmatch(need)]
        for name in names:
            days, at = given[name]
            yield days * _DAY, at, f"`{name}` keeps them for"


def _variables(facts: Facts) -> dict[str, tuple[float, Span]]:
    found: dict[str, tuple[float, Span]] = {}
    for symbol in facts.references(Kind.ENVIRONMENT):
        read = symbol.detail
        if isinstance(read, EnvironmentRead) and read.how == "shell" and read.default and read.default.isdecimal():
            found[str(symbol.name)] = (float(read.default[:6]), symbol.at)
    for symbol in facts.definitions(Kind.SECRET_KEY):
        key = symbol.detail
        name = str(symbol.name).rpartition("/")[2]
        if isinstance(key, ObjectKey) and key.value and key.value.isdecimal():
            found[name] = (float(key.value[:6]), symbol.at)
    for symbol in facts.definitions(Kind.ENVIRONMENT):
        given = symbol.detail
        if not isinstance(given, EnvironmentGiven) or symbol.role is not FileRole.PROD or given.by == "ARG":
            continue
        if given.value and given.value.isdecimal():
            found[str(symbol.name)] = (float(given.value[:6]), symbol.at)
    return found


def _scheduled(facts: Facts) -> Iterator[tuple[str, Span]]:
    for backup in backups(facts):
        for symbol, run in backup.active:
            if run.schedule:
                yield run.schedule, symbol.at


def _of_schedule(topic: str, scheduled: list[tuple[str, Span]]) -> Iterator[Value]:
    for schedule, at in scheduled:
        if topic == "backup time":
            read = fields(schedule)
            if read is not None and len(read[0]) == 1 and len(read[1]) == 1:
                yield next(iter(read[1])) * 60.0 + next(iter(read[0])), at, f"`{schedule}` makes them at"
        elif (gap := longest_gap_seconds(schedule)) is not None:
            yield float(gap), at, f"`{schedule}` makes them every"


def _latencies(facts: Facts, quantile: float) -> Iterator[Value]:
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, Comparison):
        one = symbol.detail
        if not isinstance(one, Comparison) or one.purpose != "alert" or symbol.role is not FileRole.PROD:
            continue
        measure = one.measure
        if (
            measure.form == "quantile"
            and measure.quantile == quantile
            and one.operator in (">", ">=")
            and measure.factor
        ):
            seconds = (one.number - measure.offset) / measure.factor
            if "millisecond" in measure.metric or measure.metric.endswith(("_ms", "_ms_bucket")):
                seconds /= 1000
            yield seconds, symbol.at, f"{one.user} rings above"


def _budgets(facts: Facts) -> Iterator[Value]:
    """Yield the availability that burn-rate alerts stand for, where only one can be meant."""
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, Comparison):
        one = symbol.detail
        if not isinstance(one, Comparison) or one.measure.form != "share" or one.operator not in (">", ">="):
            continue
        said = " ".join(prose.text for prose in one.prose)
        spoken = re.search(r"(?<![\d.])(99(?:\.\d+)?)\s?%", said)
        if spoken is not None:
            yield float(spoken[1]), symbol.at, f"{one.user} stands for"
            continue
        meant = {b for b in _BUDGETS for burn in _BURN[:2] if abs(one.number / burn - b) < b / 1000}
        if len(meant) == 1 and one.purpose == "alert" and symbol.role is FileRole.PROD:
            yield 100 * (1 - meant.pop()), symbol.at, f"{one.user} stands for"


def _finding(topic: str, value: float, symbol: Symbol, other: Value) -> Finding:
    found, at, says = other
    return Finding(
        f"{symbol.at.path} promises {_named(topic)} {_shown(topic, value)}; {says} {_shown(topic, found)}",
        symbol.at,
        (Related(at, f"{says} {_shown(topic, found)}"),),
        "Find out which is meant, and write it in both places",
        (topic, at.path),
    )


def _named(topic: str) -> str:
    return {"p50": "a p50 of", "p90": "a p90 of", "p95": "a p95 of", "p99": "a p99 of"}.get(
        topic,
        {"RPO": "an RPO of", "RTO": "an RTO of", "availability": "an availability of"}.get(topic, f"a {topic} of"),
    )


def _shown(topic: str, value: float) -> str:
    if topic == "availability":
        return f"{round(value, 4):g} %"
    if topic == "backup time":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    if topic.startswith("p"):
        return f"{round(value * 1000):d} ms"
    for unit, seconds in (("days", _DAY), ("hours", 3600), ("minutes", 60)):
        if value >= 2 * seconds or value == seconds:
            return f"{value / seconds:g} {unit if value != seconds else unit[:-1]}"
    return f"{value:g} seconds"
