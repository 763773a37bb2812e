"""A TOML table that is read key by key and remembers every mistake."""

import difflib
import re
from typing import Any

from roadworthy.model.error import RoadworthyError

SHOWN = 60


class Mistakes:
    """Everything wrong with one file, told at once."""

    def __init__(self, file: str) -> None:
        """Start with none."""
        self.file = file
        self._lines: list[str] = []

    def add(self, where: str, says: str) -> None:
        """Note one mistake: `where` is a table and key, `says` what is wrong and what is right."""
        line = f"{self.file}: {where}: {says}"
        if line not in self._lines:
            self._lines.append(line)

    def raise_if_any(self) -> None:
        """Raise RoadworthyError with one line per mistake."""
        if self._lines:
            raise RoadworthyError("\n".join(self._lines))


class Table:
    """One table. Each `take_…` returns the value of a key, or None after noting why there is none."""

    def __init__(self, data: dict[str, Any], path: str, mistakes: Mistakes, *, title: str | None = None) -> None:
        """Wrap a parsed table; `path` is what stands in its brackets, ending with a dot for the root.

        `title` is what messages call it, where that is not its path in brackets.
        """
        self.mistakes = mistakes
        self._data = data
        self._path = path
        self._title = title
        self._known: list[str] = []

    @property
    def title(self) -> str:
        """The table as the file writes its head."""
        if self._title is not None:
            return f"{self._title} "
        name = self._path.rstrip(".")
        return f"[{name}] " if name else ""

    def wrong(self, key: str, says: str) -> None:
        """Note a mistake at a key of this table."""
        self.mistakes.add(f"{self.title}{key}".strip(), says)

    def take(self, key: str, expected: str, kinds: tuple[type, ...], *, required: bool = False) -> Any:
        """Return the raw value of `key` if it is one of `kinds`."""
        self._known.append(key)
        if key not in self._data:
            if required:
                self.wrong(key, f"missing; expected {expected}")
            return None
        value = self._data[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.wrong(key, f"expected {expected}, found {shown(value)}")
            return None
        return value

    def take_text(self, key: str, expected: str = "a text", *, required: bool = False) -> str | None:
        """Return a text that is not empty."""
        value: str | None = self.take(key, expected, (str,), required=required)
        if value is not None and not value.strip():
            self.wrong(key, f"empty; expected {expected}")
            return None
        return value

    def take_path(self, key: str) -> str | None:
        """Return a URL path."""
        value = self.take_text(key, 'a path such as "/healthz"')
        if value is not None and (not value.startswith("/") or re.search(r"\s", value)):
            self.wrong(key, f'expected a path such as "/healthz", found {shown(value)}')
            return None
        return value

    def take_number(self, key: str, expected: str, low: float, high: float) -> float | None:
        """Return a number between the bounds."""
        value = self.take(key, expected, (int, float))
        if value is not None and not low <= value <= high:
            self.wrong(key, f"expected {expected} from {low:g} to {high:g}, found {shown(value)}")
            return None
        return None if value is None else float(value)

    def take_flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.take(key, "true or false", (bool,))
        return default if value is None else bool(value)

    def take_texts(self, key: str, expected: str) -> tuple[str, ...]:
        """Return one text or a list of texts as a tuple."""
        value = self.take(key, expected, (str, list))
        if value is None:
            return ()
        texts = [value] if isinstance(value, str) else value
        if not all(isinstance(text, str) and text for text in texts):
            self.wrong(key, f"expected {expected}, found {shown(value)}")
            return ()
        return tuple(texts)

    def take_pairs(self, key: str, expected: str) -> tuple[tuple[str, str], ...]:
        """Return an inline table of texts as pairs."""
        value = self.take(key, expected, (dict,))
        pairs = []
        for name, text in (value or {}).items():
            if isinstance(text, str):
                pairs.append((name, text))
            else:
                self.wrong(f"{key}.{name}", f"expected a text, found {shown(text)}")
        return tuple(pairs)

    def take_table(self, key: str, *, required: bool = False) -> "Table | None":
        """Return a table below this one."""
        value = self.take(key, "a table", (dict,), required=required)
        return None if value is None else Table(value, self._below(key), self.mistakes)

    def take_tables(self, key: str, title: str | None = None) -> "list[Table]":
        """Return the members of an array of tables; messages call each by its title and number, else by its name."""
        path = self._below(key)
        value = self.take(key, f"tables, each begun with [[{path}]]", (list,))
        tables = []
        for number, member in enumerate(value or [], 1):
            if isinstance(member, dict):
                name = member.get("name")
                called = (
                    f"{title} {number}" if title else f"[[{path}]]" + (f" {name!r}" if isinstance(name, str) else "")
                )
                tables.append(Table(member, path, self.mistakes, title=called))
            else:
                self.wrong(f"{key}[{number - 1}]", f"expected a table, found {shown(member)}")
        return tables

    def keys(self) -> list[str]:
        """Return the keys that stand in the file."""
        return list(self._data)

    def refuse_unknown(self, kind: str = "key") -> None:
        """Note every key nobody took, with the nearest that exists."""
        for key in self._data:
            if key not in self._known:
                self.wrong(key, f"unknown {kind}; {nearest(key, self._known)}")

    def _below(self, key: str) -> str:
        return f"{self._path.rstrip('.')}.{key}".lstrip(".")


def nearest(name: str, known: list[str]) -> str:
    """Return which of `known` may have been meant."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    return "expected one of " + ", ".join(f"'{each}'" for each in known) if known else "nothing belongs here"


def shown(value: object) -> str:
    """Return a value as a message may quote it: short, one line, nothing of a secret's length."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "a table"
        case list():
            return "a list"
    text = " ".join(repr(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
