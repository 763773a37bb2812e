"""The symbols of a draft: a list that finds those of one kind and side without going through all."""

from collections.abc import Iterable
from typing import Any

from roadworthy.model.symbol import Action, Kind, Symbol


class SymbolList(list[Symbol]):
    """A list that keeps what it holds of each kind and side that was asked for.

    What is added is sorted in when it is next asked; a symbol put in the place of another makes it forget the kinds of
    both; any other change makes it forget all.
    """

    __slots__ = ("_found", "_seen")

    def __init__(self, symbols: Iterable[Symbol] = ()) -> None:
        super().__init__(symbols)
        self._found: dict[tuple[Kind, Action], list[Symbol]] = {}
        self._seen = len(self)

    def of(self, kind: Kind, action: Action) -> list[Symbol]:
        """Return the symbols of one kind and side, in order, as a list of the caller's own."""
        if self._found:
            for symbol in self[self._seen :]:
                known = self._found.get((symbol.kind, symbol.action))
                if known is not None:
                    known.append(symbol)
        self._seen = len(self)
        found = self._found.get((kind, action))
        if found is None:
            found = [symbol for symbol in self if symbol.kind is kind and symbol.action is action]
            self._found[kind, action] = found
        return found.copy()

    def __setitem__(self, place: Any, value: Any) -> None:
        if isinstance(place, int) and place >= 0:
            if place < self._seen:
                for symbol in (self[place], value):
                    self._found.pop((symbol.kind, symbol.action), None)
        else:
            self._found.clear()
        super().__setitem__(place, value)

    def __delitem__(self, place: Any) -> None:
        self._found.clear()
        super().__delitem__(place)

    def insert(self, place: Any, symbol: Symbol) -> None:
        """Put a symbol before the one in a place."""
        self._found.clear()
        super().insert(place, symbol)

    def pop(self, place: Any = -1) -> Symbol:
        """Take the symbol out of a place."""
        self._found.clear()
        return super().pop(place)

    def remove(self, symbol: Symbol) -> None:
        """Take a symbol out."""
        self._found.clear()
        super().remove(symbol)

    def clear(self) -> None:
        """Take all symbols out."""
        self._found.clear()
        super().clear()

    def reverse(self) -> None:
        """Turn the order round."""
        self._found.clear()
        super().reverse()

    def sort(self, *, key: Any = None, reverse: bool = False) -> None:
        """Put the symbols in order."""
        self._found.clear()
        super().sort(key=key, reverse=reverse)
