"""`$VAR`, `${VAR:-default}` and `$$` as compose reads them."""

import re
from dataclasses import dataclass

from roadworthy.model.symbol import Exact, Name, Pattern, Unreadable

_VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-?+])?)")
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """One variable a text takes from the environment; `default` is None where there is none."""

    name: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A text with its variables replaced by their defaults; a piece is None where nothing is known."""

    pieces: tuple[str | None, ...]
    taken: tuple[Taken, ...]

    @property
    def text(self) -> str | None:
        """The whole text, None where a variable has no default."""
        return None if None in self.pieces else "".join(piece for piece in self.pieces if piece is not None)

    @property
    def shown(self) -> str:
        """The text, with `*` for what is not known."""
        return "".join("*" if piece is None else piece for piece in self.pieces)

    @property
    def template(self) -> str:
        """The text, with `${NAME}` for what is not known."""
        unknown = (one.name for one in self.taken if one.default is None)
        return "".join(f"${{{next(unknown, '')}}}" if piece is None else piece for piece in self.pieces)

    @property
    def name(self) -> Name:
        """The text as a name: exact, a pattern, or unreadable where nothing of it is known."""
        if self.text is not None:
            return Exact(self.text)
        if any(self.pieces):
            return Pattern("".join("**" if piece is None else piece for piece in self.pieces))
        return Unreadable(f"taken from ${self.taken[0].name}" if self.taken else "empty")


def interpolate(text: str, depth: int = 0) -> Interpolated:
    """Replace every variable by its default; what is no valid variable stays as written."""
    pieces: list[str | None] = []
    taken: list[Taken] = []
    position = 0
    while match := _VARIABLE.search(text, position):
        pieces.append(text[position : match.start()])
        position = match.end()
        dollar, bare, braced, operator = match.groups()
        if dollar:
            pieces.append("$")
        elif bare:
            pieces.append(None)
            taken.append(Taken(bare, None))
        else:
            end = _closing(text, position)
            if end is None:
                pieces.append(match.group())
                continue
            word = text[position:end]
            position = end + 1
            _braced(braced, operator, word, depth, pieces, taken)
    pieces.append(text[position:])
    return Interpolated(tuple(piece for piece in pieces if piece != ""), tuple(taken))


def _braced(
    name: str, operator: str | None, word: str, depth: int, pieces: list[str | None], taken: list[Taken]
) -> None:
    if operator not in ("-", ":-"):
        pieces.append(None)
        taken.append(Taken(name, "" if operator in ("+", ":+") else None))
        return
    inner = interpolate(word, depth + 1) if depth < _DEPTH else Interpolated((None,), ())
    taken.append(Taken(name, inner.text))
    taken += inner.taken
    pieces += inner.pieces or ("",)


def _closing(text: str, start: int) -> int | None:
    depth = 0
    for index in range(start, len(text)):
        if text.startswith("${", index):
            depth += 1
        elif text[index] == "}":
            if depth == 0:
                return index
            depth -= 1
    return None
