"""Fills the {names} of a journey's requests, and reads dotted paths from answers."""

import json
import re
from collections.abc import Mapping

from roadworthy.model.codec import Json

NAME = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
HEADER = "header:"
Values = Mapping[str, Json]


def fill(template: Json, values: Values) -> Json:
    """Replace each {name} that has a value; a text that is nothing but one keeps the value's type."""
    match template:
        case str():
            whole = NAME.fullmatch(template)
            if whole is not None and whole[1] in values:
                return values[whole[1]]
            return fill_text(template, values)
        case list():
            return [fill(item, values) for item in template]
        case dict():
            return {fill_text(key, values): fill(item, values) for key, item in template.items()}
    return template


def fill_text(template: str, values: Values) -> str:
    """Replace each {name} that has a value inside a text."""
    return NAME.sub(lambda match: as_text(values[match[1]]) if match[1] in values else match[0], template)


def as_text(value: Json) -> str:
    """Return a value as it stands in a URL or a header."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def parsed(text: str) -> Json:
    """Return the JSON of an answer, None when it is none."""
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


class Absent:
    """What stands at a path that leads nowhere."""


def lookup(value: Json, path: str) -> Json | Absent:
    """Follow a dotted path such as `items.0.id`; an empty path is the whole."""
    for part in filter(None, path.split(".")):
        match value:
            case dict() if part in value:
                value = value[part]
            case list() if part.lstrip("-").isdigit() and -len(value) <= int(part) < len(value):
                value = value[int(part)]
            case _:
                return Absent()
    return value


def same(found: Json | Absent, wanted: Json) -> bool:
    """Compare as JSON does: 1 is 1.0, but true is not 1, and a decimal may come as text."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return found == wanted
