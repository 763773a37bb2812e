"""An error as text for the log: the whole stack, without the input that some errors carry in their message."""

import traceback
from collections.abc import Mapping

from roadworthy_runtime.errors.safe_message import safe_location, safe_message

_LONGEST = 16_000
_LONGEST_MESSAGE = 1_000
_LONGEST_CHAIN = 5


def error_name(error: BaseException) -> str:
    """The full name of the error's class."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def error_message(error: BaseException) -> str:
    """What the error says; for a validation error only where and why, because its own text quotes the input."""
    errors = getattr(error, "errors", None)
    if callable(errors):
        try:
            found = list(errors())
        except Exception as failure:
            return f"(its message cannot be read: {error_name(failure)})"
        if found and all(isinstance(each, Mapping) and "loc" in each for each in found):
            return "; ".join(f"{'.'.join(map(str, safe_location(e)))}: {safe_message(e)}" for e in found[:20])
    try:
        return str(error)[:_LONGEST_MESSAGE]
    except Exception as failure:
        return f"(its message cannot be read: {error_name(failure)})"


def stack_text(error: BaseException) -> str:
    """The stack of the error and of those that caused it, oldest first."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(parts) < _LONGEST_CHAIN:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{error_name(current)}: {error_message(current)}")
        if isinstance(current, BaseExceptionGroup):
            parts.extend(f"in the group: {error_name(e)}: {error_message(e)}" for e in current.exceptions[:20])
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    text = "\n\nwhich led to:\n\n".join(reversed(parts))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}\n…\n{text[-_LONGEST // 2 :]}"
