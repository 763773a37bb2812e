"""Schedules of cron: how often they come, and whether they come at all."""

import re

_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_NAMED = {"@hourly": 3600, "@daily": 86400, "@midnight": 86400, "@weekly": 7 * 86400, "@monthly": 31 * 86400}
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec sun mon tue wed thu fri sat".split()
_STEPPED = re.compile(r"(\*|\d+|\d+-\d+)(?:/(\d+))?")


def fields(schedule: str) -> list[frozenset[int]] | None:
    """Return the values of the five fields, None where one cannot be read."""
    parts = schedule.split()
    if len(parts) != 5:
        return None
    found: list[frozenset[int]] = []
    for part, (low, high) in zip(parts, _RANGES, strict=True):
        values: set[int] = set()
        for piece in part.lower().split(","):
            for number, name in enumerate(_NAMES):
                piece = re.sub(rf"\b{name}\b", str(number % 12 + 1 if number < 12 else number - 12), piece)
            match = _STEPPED.fullmatch(piece)
            if match is None:
                return None
            first, _, last = match[1].partition("-")
            start, end = (low, high) if first == "*" else (int(first), int(last or (high if match[2] else first)))
            values.update(range(start, min(end, high) + 1, max(int(match[2] or 1), 1)))
        found.append(frozenset(values))
    return found


def never(schedule: str) -> bool:
    """Tell whether a schedule is readable and names no day there is."""
    read = fields(schedule)
    if read is None:
        return False
    minutes, hours, days, months, weekdays = read
    if not all((minutes, hours, days, months, weekdays)):
        return True
    if schedule.split()[4] != "*":
        return False
    return not any(day <= _LONGEST.get(month, 0) for month in months for day in days)


def longest_gap_seconds(schedule: str) -> int | None:
    """Return the longest time between two runs, None where the schedule cannot be read."""
    if schedule in _NAMED:
        return _NAMED[schedule]
    read = fields(schedule)
    if read is None or never(schedule):
        return None
    minutes, hours, _, months, weekdays = read
    parts = schedule.split()
    if len(months) < 12:
        return 365 * 86400
    if parts[2] != "*":
        return 31 * 86400 if parts[4] == "*" else None
    if parts[4] != "*":
        return _gap(frozenset(day % 7 for day in weekdays), 7) * 86400
    if len(hours) < 24:
        return _gap(hours, 24) * 3600
    return _gap(minutes, 60) * 60


def _gap(values: frozenset[int], around: int) -> int:
    ordered = sorted(values)
    if not ordered:
        return around
    following = [*ordered[1:], ordered[0] + around]
    return max(after - before for before, after in zip(ordered, following, strict=True))
