"""What looking a reference up can show, and the ladder of near misses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from roadworthy.model.symbol import Exact, Open, Symbol


class Rung(StrEnum):
    """How the nearest definition differs from the name asked for."""

    CASE = "other case"
    SEPARATOR = "other separators"
    SUFFIX = "other suffix"
    PREFIX = "other prefix"
    SPELLING = "other spelling"
    NONE = "nothing like it"


@dataclass(frozen=True, slots=True)
class Met:
    """The reference is defined here."""

    by: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """The set is closed and holds no such name."""

    nearest: tuple[Symbol, ...]
    rung: Rung


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The set may hold names that were not seen."""

    opening: Open


Resolution = Met | Missing | CannotTell

_MANY = 200  # candidates that are all compared letter by letter


def nearest(name: str, candidates: Sequence[Symbol]) -> Missing:
    """Find the definitions most like `name`, first by rung, then by likeness (difflib ratio at least 0.75)."""
    exact = [(symbol, symbol.name.text) for symbol in candidates if isinstance(symbol.name, Exact)]
    if len(exact) > _MANY:
        exact = [(symbol, text) for symbol, text in exact if _begins_or_ends_alike(name, text)][:_MANY]
    for rung, alike in _LADDER:
        found = tuple(symbol for symbol, text in exact if alike(name, text))
        if found:
            return Missing(found[:3], rung)
    scored = sorted(((_likeness(name, text), text, symbol) for symbol, text in exact), key=_order)
    bound = max(0.75, scored[0][0] - 0.03) if scored else 1.0
    close = tuple(symbol for ratio, _, symbol in scored if ratio >= bound)[:3]
    return Missing(close, Rung.SPELLING if close else Rung.NONE)


def _begins_or_ends_alike(a: str, b: str) -> bool:
    """Tell, at little cost, whether two names may be alike: the work stays bounded where thousands miss thousands."""
    return a[:3].lower() == b[:3].lower() or a[-4:].lower() == b[-4:].lower()


def _likeness(a: str, b: str) -> float:
    """Return difflib's ratio, or 0 where its upper bounds show that it is too small to count."""
    matcher = SequenceMatcher(None, a, b)
    return matcher.ratio() if matcher.real_quick_ratio() >= 0.75 and matcher.quick_ratio() >= 0.75 else 0.0


def _order(entry: tuple[float, str, Symbol]) -> tuple[float, str, str, int]:
    ratio, text, symbol = entry
    return (-ratio, text, symbol.at.path, symbol.at.line)


@lru_cache(maxsize=8192)
def _flat(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _extends(shorter: str, longer: str, *, at_start: bool) -> bool:
    if len(shorter) < 4:
        return False
    if at_start:
        return longer.startswith(shorter) and longer[len(shorter)] in "_-./:"
    return longer.endswith(shorter) and longer[-len(shorter) - 1] in "_-./:"


def _suffix(a: str, b: str) -> bool:
    return a != b and (_extends(a, b, at_start=True) or _extends(b, a, at_start=True))


def _prefix(a: str, b: str) -> bool:
    return a != b and (_extends(a, b, at_start=False) or _extends(b, a, at_start=False))


_LADDER: tuple[tuple[Rung, Callable[[str, str], bool]], ...] = (
    (Rung.CASE, lambda a, b: a.lower() == b.lower()),
    (Rung.SEPARATOR, lambda a, b: _flat(a) == _flat(b)),
    (Rung.SUFFIX, _suffix),
    (Rung.PREFIX, _prefix),
)
