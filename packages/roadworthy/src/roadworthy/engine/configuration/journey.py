"""Journeys and credentials: requests, and what their answers must be."""

import re
from collections.abc import Iterator
from typing import Any

from roadworthy.engine.configuration.table import Table, nearest, shown
from roadworthy.model.subject import Auth, Journey, Step

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
UNIQUE = "unique"
STEP = '{ request = "POST /items", json = { name = "{unique}" }, expect = 201 }'


def parse_auth(top: Table, names: set[str]) -> Auth:
    """Read [auth]; `names` are the variables its templates may use."""
    table = top.take_table("auth")
    if table is None:
        return Auth()
    steps = _steps(table, names | {UNIQUE})
    headers = table.take_pairs("headers", 'headers such as { Authorization = "Bearer {API_TOKEN}" }')
    table.refuse_unknown()
    known = names | {UNIQUE} | {name for step in steps for name, _ in step.capture}
    for name, template in headers:
        _require(table, f"headers.{name}", template, known)
    return Auth(headers, steps)


def parse_journeys(top: Table, names: set[str]) -> tuple[Journey, ...]:
    """Read every [[journey]]; `names` are the variables that exist before its first step."""
    journeys: list[Journey] = []
    for table in top.take_tables("journey"):
        name = table.take_text("name", "a name for the reports", required=True)
        steps = _steps(table, names | {UNIQUE}, required=True)
        table.refuse_unknown()
        if name is not None and any(journey.name == name for journey in journeys):
            table.wrong("name", f"{shown(name)} is the name of another journey")
        if name is not None and steps:
            journeys.append(Journey(name, steps))
    return tuple(journeys)


def _steps(table: Table, known: set[str], *, required: bool = False) -> tuple[Step, ...]:
    value = table.take("steps", f"a list of steps such as {STEP}", (list,), required=required)
    if required and value == []:
        table.wrong("steps", f"empty; expected steps such as {STEP}")
    steps = []
    known = set(known)
    for member in table.take_tables("steps", f"{table.title}step") if value else ():
        step = _step(member, known)
        if step is not None:
            known |= {name for name, _ in step.capture}
            steps.append(step)
    return tuple(steps)


def _step(table: Table, known: set[str]) -> Step | None:
    request = table.take_text("request", 'a method and a path such as "POST /items"', required=True)
    json = table.take("json", "a table or a list", (dict, list, str, int, float, bool))
    body = table.take("body", "a text", (str,))
    headers = table.take_pairs("headers", "a table of texts")
    expect = _statuses(table)
    capture = table.take_pairs("capture", 'names and dotted paths such as { id = "data.id" }')
    contains = table.take_texts("contains", "a text or a list of texts")
    equals = table.take("equals", 'dotted paths and values such as { "data.name" = "x" }', (dict,)) or {}
    acknowledges = table.take_flag("acknowledges", default=False)
    table.refuse_unknown()
    if json is not None and body is not None:
        table.wrong("body", "stands beside json; keep one")
    method, path = _request(table, request)
    if method is None or path is None:
        return None
    for key, value in (("request", path), ("json", json), ("body", body), ("headers", list(dict(headers).values()))):
        _require(table, key, value, known)
    after = known | {name for name, _ in capture}
    for key, value in (("contains", list(contains)), ("equals", equals)):
        _require(table, key, value, after)
    pairs = tuple(sorted(equals.items()))
    return Step(method, path, expect, json, body, headers, capture, contains, pairs, acknowledges)


def _request(table: Table, request: str | None) -> tuple[str | None, str | None]:
    if request is None:
        return None, None
    method, _, path = request.strip().partition(" ")
    path = path.strip()
    if method.upper() not in METHODS:
        table.wrong("request", f"{shown(method)} is no method; {nearest(method.upper(), list(METHODS))}")
        return None, None
    if not path.startswith("/") or " " in path:
        table.wrong("request", f'expected a path that begins with "/" after {method.upper()}, found {shown(path)}')
        return None, None
    return method.upper(), path


def _statuses(table: Table) -> tuple[int, ...]:
    value = table.take("expect", "a status such as 200, or a list of them", (int, list))
    statuses = [value] if isinstance(value, int) else value
    if statuses is None:
        return (200, 201, 202, 204)
    good = [each for each in statuses if isinstance(each, int) and not isinstance(each, bool) and 100 <= each <= 599]
    if len(good) != len(statuses) or not good:
        table.wrong("expect", f"expected a status such as 200, or a list of them, found {shown(value)}")
    return tuple(good)


def _require(table: Table, key: str, value: object, known: set[str]) -> None:
    """Note every {name} in a template that nothing provides."""
    for name in _names(value):
        if name not in known:
            table.wrong(
                key,
                f"{{{name}}}: no earlier step captures it and no variable has this name; "
                f"{nearest(name, sorted(known))}",
            )


def _names(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield from PLACEHOLDER.findall(value)
        case list():
            for item in value:
                yield from _names(item)
        case dict():
            for item in value.values():
                yield from _names(item)
