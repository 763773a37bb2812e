"""What a mutant is, and how it is read from `mutants/<criterion>.toml`."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
TWINS = HERE / "twins"
MUTANTS = HERE / "mutants"
KEYS = frozenset({"rule", "name", "twin", "file", "old", "new", "append", "create", "remove", "also", "why", "alone"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect planted in one file of one twin.

    Exactly one of these is said: `old` (the text that `new` replaces), `append`, `create` (the text of a new file) or
    `remove`. `also` names other rules that the same edit truly breaks, and `why` says how. `alone` says why only one side of
    the contradiction exists, where the rule otherwise is about two artifacts: the other one is an absence.
    """

    rule: str
    name: str
    twin: str
    file: str
    old: str | None = None
    new: str = ""
    append: str | None = None
    create: str | None = None
    remove: bool = False
    also: tuple[str, ...] = ()
    why: str = ""
    alone: str = ""

    @property
    def id(self) -> str:
        """Return what `--only` takes."""
        return f"{self.twin}:{self.rule.partition('/')[2]}:{re.sub(r'[^a-z0-9]+', '-', self.name.lower()).strip('-')}"

    def apply(self, root: Path) -> tuple[int, int]:
        """Plant the defect in the tree below `root`; return the first and the last line that differ.

        Raise ValueError where the edit does not fit the twin: a mutant that changes nothing would count as missed.
        """
        path = root / self.file
        if self.create is not None:
            if path.exists():
                raise ValueError(f"{self.id}: {self.file} is there already")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.create, encoding="utf-8")
            return 1, self.create.count("\n")
        if not path.is_file():
            raise ValueError(f"{self.id}: there is no {self.file}")
        if self.remove:
            path.unlink()
            return 1, 1
        text = path.read_text(encoding="utf-8")
        if self.append is not None:
            path.write_text(text + self.append, encoding="utf-8")
            return text.count("\n") + 1, text.count("\n") + self.append.count("\n")
        if self.old is None or text.count(self.old) != 1:
            raise ValueError(f"{self.id}: its text stands {text.count(self.old or '')} times in {self.file}, not once")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")
        first = text[: text.index(self.old)].count("\n") + 1
        return first, first + max(self.new.count("\n"), 0)


def mutants() -> tuple[Mutant, ...]:
    """Return every mutant, in the order of their ids; raise ValueError where one is described wrongly."""
    found = sorted((mutant for path in sorted(MUTANTS.glob("*.toml")) for mutant in _read(path)), key=lambda m: m.id)
    for one, next_ in pairwise(found):
        if one.id == next_.id:
            raise ValueError(f"two mutants are called {one.id}")
    return tuple(found)


def _read(path: Path) -> Iterator[Mutant]:
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", []):
        where = f"{path.name}: {entry.get('rule')} {entry.get('name')!r}"
        if unknown := sorted(set(entry) - KEYS):
            raise ValueError(f"{where}: unknown key {', '.join(unknown)}")
        if len({"old", "append", "create", "remove"} & set(entry)) != 1:
            raise ValueError(f"{where}: says not exactly one of old, append, create, remove")
        if not entry["rule"].startswith(f"{path.stem}/"):
            raise ValueError(f"{where}: belongs to another criterion")
        if not (TWINS / entry["twin"]).is_dir():
            raise ValueError(f"{where}: there is no twin {entry['twin']}")
        if bool(entry.get("also")) != bool(entry.get("why")):
            raise ValueError(f"{where}: `also` and `why` belong together")
        yield Mutant(**{**entry, "also": tuple(entry.get("also", ()))})


def twins() -> tuple[str, ...]:
    """Return the names of the sound services."""
    return tuple(sorted(path.name for path in TWINS.iterdir() if path.is_dir()))


def digest() -> str:
    """Name the mutants and the twins by a short digest: results of other ones do not compare."""
    whole = sha256()
    for path in sorted(path for folder in (TWINS, MUTANTS) for path in folder.rglob("*") if path.is_file()):
        if not {"__pycache__", ".roadworthy"} & set(path.parts):
            whole.update(f"{path.relative_to(HERE).as_posix()}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:12]
