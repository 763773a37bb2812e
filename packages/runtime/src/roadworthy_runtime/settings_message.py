"""What is wrong with the configuration, all of it, in one message without a single value."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from roadworthy_runtime.errors.safe_message import safe_message


def describe_faults(
    settings_class: type[BaseModel],
    variables: Mapping[str, str],
    error: ValidationError | None,
    unreadable: Mapping[str, str],
    environment: Mapping[str, str],
) -> str:
    """Given what validation and the sources complained about, return the message."""
    faults = dict(unreadable)
    for each in error.errors() if error is not None else ():
        variable, place = _variable_of(each, variables)
        if variable not in unreadable:
            sentence = _sentence(each, variable, settings_class, variables, environment)
            text = f"{place}: {sentence}" if place else sentence
            faults[variable] = f"{faults[variable]}; {text}" if variable in faults else text
    width = max(map(len, faults))
    count = f"{len(faults)} of {len(variables)} settings are wrong" if len(faults) > 1 else "1 setting is wrong"
    lines = [f"configuration: {count}; the service does not start"]
    lines += [f"  {variable:<{width}}  {faults[variable]}" for variable in sorted(faults)]
    return "\n".join(lines)


def _variable_of(error: ErrorDetails, variables: Mapping[str, str]) -> tuple[str, str]:
    """The variable an error is about, and the place inside its value."""
    location = [str(part) for part in error["loc"]]
    if not location:
        return "(all together)", ""
    head, rest = location[0], ".".join(location[1:])
    return variables.get(head, head), rest


def _sentence(
    error: ErrorDetails,
    variable: str,
    settings_class: type[BaseModel],
    variables: Mapping[str, str],
    environment: Mapping[str, str],
) -> str:
    if error["type"] == "missing" and len(error["loc"]) == 1:
        how = "set but empty" if variable in environment else "missing"
        return (
            f"{how}; expected {_expected(settings_class, variables, variable)}{_near(variable, variables, environment)}"
        )
    message = safe_message(error)
    expected = _expected(settings_class, variables, variable)
    return f"not valid: {message}" if expected == "a value" else f"not valid; expected {expected}: {message}"


def _expected(settings_class: type[BaseModel], variables: Mapping[str, str], variable: str) -> str:
    """What a field takes, from its description when it has one, otherwise from its type."""
    for name, field in settings_class.model_fields.items():
        if variables[name] == variable:
            kind = _kind(field.annotation)
            return f"{kind} ({field.description})" if field.description else kind
    return "a value"


def _kind(annotation: Any) -> str:
    words = {str: "text", int: "a whole number", float: "a number", bool: "true or false", SecretStr: "a secret"}
    if annotation in words:
        return words[annotation]
    name = getattr(annotation, "__name__", "") if isinstance(annotation, type) else str(annotation)
    return name.replace("typing.", "") or "a value"


def _near(variable: str, variables: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """The name of a set variable that looks like a slip of the pen."""
    others = [name for name in environment if name not in variables.values()]
    nearest = get_close_matches(variable, others, n=1, cutoff=0.85)
    return f" (did you mean it by {nearest[0]}, which is set and read by nothing here?)" if nearest else ""
