"""Runs every collector over every file it wants."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from roadworthy.engine.catalogue import collectors
from roadworthy.engine.index import UNLISTED, Entry
from roadworthy.engine.kustomized import NAMES, Overlays
from roadworthy.model.collector import Collector
from roadworthy.model.facts import Artifact, Problem
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

MAXIMUM_BYTES = 2 * 1024 * 1024
# Python reads no decimal number of more than 4,300 digits.
_LONG_NUMBER = re.compile(r"(?<!\d)\d{4001}")
# What is looked for in every file, whatever else the file is.
_EVERYWHERE = frozenset({"secret-text"})
UNREAD_ROLES = frozenset({FileRole.VENDORED, FileRole.GENERATED})


@dataclass(slots=True)
class Collected:
    """What single files say."""

    artifacts: list[Artifact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    opens: list[Open] = field(default_factory=list)


def collect(root: Path, entries: tuple[Entry, ...], progress: Callable[[str], None]) -> Collected:
    """Read and collect every indexed file; what cannot be read becomes a problem with its place."""
    collected = Collected()
    for entry in entries:
        if entry.role in UNREAD_ROLES:
            continue
        if entry.size == UNLISTED:
            anything = frozenset[Kind]().union(*(collector.provides for collector in collectors()))
            collected.problems.append(Problem(Span(entry.path), "a folder that cannot be listed", anything, entry.role))
            continue
        wanting = [collector for collector in collectors() if collector.wants(entry.path)]
        claiming = [collector for collector in wanting if collector.claims(entry.path)]
        if wanting:
            progress(entry.path)
            chosen = [*claiming, *(c for c in wanting if c.name in _EVERYWHERE and c not in claiming)]
            _collect_file(root, entry, chosen if claiming else wanting, collected, claimed=bool(claiming))
    _assemble(root, entries, collected)
    return collected


def _assemble(root: Path, entries: tuple[Entry, ...], collected: Collected) -> None:
    """Read patched manifests as they are deployed."""
    paths = [entry.path for entry in entries if entry.path.rpartition("/")[2] in NAMES]
    if not paths:
        return
    by_path = {entry.path: entry for entry in entries if entry.role not in UNREAD_ROLES and entry.size != UNLISTED}
    read: dict[str, SourceFile | None] = {}

    def source(path: str) -> SourceFile | None:
        if path not in read:
            entry = by_path.get(path)
            try:
                read[path] = SourceFile(path, _read(root, entry), entry.role, entry.executable) if entry else None
            except SyntaxProblem:
                read[path] = None
        return read[path]

    Overlays(paths, source).apply(collected.symbols, collected.opens)


def _collect_file(root: Path, entry: Entry, wanting: list[Collector], collected: Collected, *, claimed: bool) -> None:
    hidden = frozenset[Kind]().union(*(collector.provides for collector in wanting))
    try:
        file = SourceFile(entry.path, _read(root, entry), entry.role, entry.executable)
        recognising = [collector for collector in wanting if collector.recognises(file)]
    except SyntaxProblem as problem:
        collected.problems.append(_problem(entry, problem, hidden))
        return
    unread: dict[tuple[int, str], Problem] = {}
    for collector in recognising:
        # What looks into a file that is another's does not say what the file is.
        if collector.name not in _EVERYWHERE or not claimed:
            collected.artifacts.append(Artifact(entry.path, collector.name, entry.role))
        try:
            for statement in collector.collect(file):
                match statement:
                    case Symbol():
                        collected.symbols.append(statement)
                    case Open():
                        collected.opens.append(statement)
                    case Problem():
                        collected.problems.append(statement)
        except SyntaxProblem as problem:
            _note(unread, _problem(entry, problem, collector.provides))
        except RecursionError:
            _note(unread, _problem(entry, SyntaxProblem("nested too deeply"), collector.provides))
    collected.problems += unread.values()


def _problem(entry: Entry, problem: SyntaxProblem, hides: frozenset[Kind]) -> Problem:
    return Problem(Span(entry.path, problem.line, problem.column), problem.why, hides, entry.role)


def _note(unread: dict[tuple[int, str], Problem], problem: Problem) -> None:
    key = (problem.at.line, problem.why)
    known = unread.get(key, problem)
    unread[key] = replace(known, hides=known.hides | problem.hides)


def _read(root: Path, entry: Entry) -> str:
    if entry.size > MAXIMUM_BYTES:
        limit = MAXIMUM_BYTES // 1024 // 1024
        raise SyntaxProblem(f"too large to read ({entry.size / 1024 / 1024:.1f} MB; the limit is {limit} MB)")
    try:
        data = (root / entry.path).read_bytes()
    except OSError as problem:
        raise SyntaxProblem(f"cannot be opened ({problem.strerror})") from problem
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SyntaxProblem("UTF-16 text; save it as UTF-8")
    if b"\0" in data:
        raise SyntaxProblem("a binary file where text was expected")
    try:
        text = data.decode("utf-8-sig")
        if number := _LONG_NUMBER.search(text):
            line = text.count("\n", 0, number.start()) + 1
            raise SyntaxProblem("a number of more than 4,000 digits", line)
        return text
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8", errors="replace")
        column = len(before) - before.rfind("\n")
        raise SyntaxProblem("not valid UTF-8", before.count("\n") + 1, column) from problem
