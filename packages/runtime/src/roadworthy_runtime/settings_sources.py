"""Where the raw text of a setting comes from, and how text becomes a list or an object."""

import json
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

_SEQUENCES = (list, tuple, set, frozenset)


def read_sources(
    settings_class: type[BaseModel], variables: Mapping[str, str], environment: Mapping[str, str], secrets: Path
) -> tuple[dict[str, object], dict[str, str]]:
    """Return the values found, under the key the model knows, and what could not be read, by variable."""
    values: dict[str, object] = {}
    faults: dict[str, str] = {}
    for name, field in settings_class.model_fields.items():
        variable = variables[name]
        try:
            text = _text(variable, environment, secrets)
        except OSError as error:
            faults[variable] = f"the file it is read from cannot be read ({error.strerror or type(error).__name__})"
            continue
        except UnicodeDecodeError:
            faults[variable] = "the file it is read from is not UTF-8 text"
            continue
        if text is None:
            continue
        key = field.validation_alias if isinstance(field.validation_alias, str) else name
        try:
            values[key] = _parse(text, field.annotation)
        except ValueError:
            faults[variable] = "expected JSON"
    return values, faults


def _text(variable: str, environment: Mapping[str, str], secrets: Path) -> str | None:
    """The first source that has something to say."""
    direct = environment.get(variable)
    if direct:
        return direct
    named = environment.get(f"{variable}_FILE")
    if named:
        return Path(named).read_text("utf-8").rstrip("\r\n") or None
    for candidate in (secrets / variable, secrets / variable.lower()):
        if candidate.is_file():
            return candidate.read_text("utf-8").rstrip("\r\n") or None
    return None


def _parse(text: str, annotation: Any) -> object:
    """Text stays text unless the field holds several values: then it is JSON, or a list separated by commas."""
    kind = _container(annotation)
    if kind is None:
        return text
    if text.lstrip().startswith(("[", "{")):
        return json.loads(text)
    if kind in _SEQUENCES:
        return [part.strip() for part in text.split(",") if part.strip()]
    raise ValueError


def _container(annotation: Any) -> type | None:
    """The kind of container a field holds, None for a single value."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _container(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        found = [_container(option) for option in get_args(annotation) if option is not type(None)]
        return found[0] if len(found) == 1 else None
    kind = origin or annotation
    if isinstance(kind, type) and (kind in _SEQUENCES or issubclass(kind, dict | BaseModel)):
        return kind
    return None
