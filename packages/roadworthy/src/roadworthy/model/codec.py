"""Frozen dataclasses to plain JSON values and back, by their type hints."""

import types
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from roadworthy.model.error import RoadworthyError

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def encode(value: object) -> Json:
    """Turn a dataclass of dataclasses, tuples, sets, enums and plain values into JSON values.

    A dataclass becomes an object with its class name under "$", so that unions can be told apart; fields that have
    their default are kept, so that a reader needs no defaults of its own.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return str(value.value)
        case str():
            return value
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case frozenset() | set():
            return sorted((encode(item) for item in value), key=str)
        case tuple() | list():
            return [encode(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        out: dict[str, Json] = {"$": type(value).__name__}
        for field in fields(value):
            out[field.name] = encode(getattr(value, field.name))
        return out
    raise TypeError(f"no JSON form for {type(value).__name__}")


def decode(hint: Any, data: Json) -> Any:
    """Turn JSON values back into what `hint` names; raise RoadworthyError when they do not fit."""
    try:
        return _decode(hint, data)
    except (KeyError, TypeError, ValueError) as problem:
        raise RoadworthyError(f"this file was not written by this version of roadworthy: {problem}") from problem


def _decode(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(hint), data)
    if origin is tuple and get_args(hint)[-1] is not Ellipsis:
        return tuple(_decode(inner, item) for inner, item in zip(get_args(hint), data, strict=True))
    if origin in (tuple, frozenset):
        inner = get_args(hint)[0]
        return origin(_decode(inner, item) for item in data)
    if isinstance(hint, type):
        if is_dataclass(hint):
            if data["$"] != hint.__name__:
                raise ValueError(f"{data['$']} where {hint.__name__} was expected")
            return hint(**{name: _decode(kind, data[name]) for name, kind in _hints(hint)})
        if issubclass(hint, Enum) or hint is Fraction:
            return hint(data)
        if hint is float and isinstance(data, int):
            return float(data)
        if isinstance(data, hint):
            return data
    raise ValueError(f"{type(data).__name__} where {hint} was expected")


def _decode_union(members: Iterable[Any], data: Any) -> Any:
    members = tuple(members)
    if data is None and type(None) in members:
        return None
    if isinstance(data, dict):
        for member in members:
            if isinstance(member, type) and member.__name__ == data.get("$"):
                return _decode(member, data)
        for member in members:
            if get_origin(member) in (Union, types.UnionType):
                return _decode_union(get_args(member), data)
    for member in members:
        if member is not type(None):
            try:
                return _decode(member, data)
            except (KeyError, TypeError, ValueError):
                continue
    raise ValueError(f"{data!r:.40} fits none of the types expected")


@lru_cache(maxsize=256)
def _hints(cls: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(cls)
    return tuple((field.name, hints[field.name]) for field in fields(cls))
