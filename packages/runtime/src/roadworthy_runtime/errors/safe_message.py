"""Words about an invalid value that do not contain the value.

Pydantic's messages mostly speak about the schema, but some quote what they were given. Those whose type is known to
speak of the schema only are kept; any other is kept only when nothing of the input shows in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

GENERIC = "The value is not valid."
HIDDEN = "*"

FIXED = {"uuid_parsing": "Input should be a valid UUID", "url_parsing": "Input should be a valid URL"}
SCHEMA_ONLY = frozenset(
    (
        "missing",
        "extra_forbidden",
        "none_required",
        "finite_number",
        "multiple_of",
        "greater_than",
        "greater_than_equal",
        "less_than",
        "less_than_equal",
        "string_type",
        "string_too_short",
        "string_too_long",
        "string_pattern_mismatch",
        "string_unicode",
        "enum",
        "literal_error",
        "int_type",
        "int_parsing",
        "int_from_float",
        "int_parsing_size",
        "float_type",
        "float_parsing",
        "bool_type",
        "bool_parsing",
        "bytes_type",
        "bytes_too_short",
        "bytes_too_long",
        "list_type",
        "tuple_type",
        "set_type",
        "frozen_set_type",
        "dict_type",
        "mapping_type",
        "iterable_type",
        "too_short",
        "too_long",
        "date_type",
        "date_past",
        "date_future",
        "date_from_datetime_inexact",
        "time_type",
        "datetime_type",
        "datetime_past",
        "datetime_future",
        "timezone_naive",
        "timezone_aware",
        "time_delta_type",
        "decimal_type",
        "decimal_parsing",
        "decimal_max_digits",
        "decimal_max_places",
        "decimal_whole_digits",
        "uuid_type",
        "uuid_version",
        "url_type",
        "url_too_long",
        "model_type",
        "model_attributes_type",
        "dataclass_type",
        "is_instance_of",
        "is_subclass_of",
        "callable_type",
        "frozen_field",
        "frozen_instance",
        "union_tag_not_found",
        "complex_type",
        "missing_argument",
        "date_parsing",
        "time_parsing",
        "datetime_parsing",
        "date_from_datetime_parsing",
        "datetime_from_date_parsing",
        "time_delta_parsing",
    )
)
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]{0,63}\Z").match
_MOST_LEAVES = 1000


def safe_message(error: Mapping[str, Any]) -> str:
    """Given one of pydantic's error dictionaries, return its message, or a general one when it may echo the input."""
    kind, message = str(error.get("type", "")), str(error.get("msg", ""))
    if kind in FIXED:
        return FIXED[kind]
    if kind in SCHEMA_ONLY:
        return message
    if not message or kind == "union_tag_invalid" or "input" not in error or "\n" in message:
        return GENERIC
    for count, leaf in enumerate(_leaves(error["input"])):
        if count > _MOST_LEAVES or _shows(leaf, message):
            return GENERIC
    return message


def safe_location(error: Mapping[str, Any]) -> list[str | int]:
    """Where the value is, with every part hidden that may be a key of the caller's own choice."""
    location = error.get("loc", ())
    parts: list[str | int] = [part if isinstance(part, int) or _FIELD(str(part)) else HIDDEN for part in location]
    if error.get("type") == "extra_forbidden" and parts:
        parts[-1] = HIDDEN
    return parts


def _shows(leaf: object, message: str) -> bool:
    """Whether the message quotes the leaf, whole or by one of its longer words."""
    text = str(leaf)
    if not text:
        return False
    return text in message or any(len(word) > 3 and word in message for word in re.split(r"\W+", text))


def _leaves(value: object) -> Iterator[object]:
    """Every single value in the input, and the keys that cannot be field names."""
    pending: list[object] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Mapping):
            pending.extend(key for key in item if not _FIELD(str(key)))
            pending.extend(item.values())
        elif isinstance(item, Sequence | set | frozenset) and not isinstance(item, str | bytes):
            pending.extend(item)
        else:
            yield item
