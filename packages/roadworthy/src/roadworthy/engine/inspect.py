"""Reads a repository: index, collect, link, check."""

from collections.abc import Callable
from pathlib import Path

from roadworthy.engine.catalogue import checks
from roadworthy.engine.collect import collect
from roadworthy.engine.fold import fold
from roadworthy.engine.index import index
from roadworthy.engine.revision import commit_of
from roadworthy.link.link import link
from roadworthy.model.facts import Facts
from roadworthy.model.result import Result


def gather(root: Path, progress: Callable[[str], None] = lambda path: None) -> Facts:
    """Return the linked facts of the repository at `root`. Nothing of it is run, imported or changed.

    Raise RoadworthyError where `root` cannot be inspected at all.
    """
    entries = index(root)
    root = root.resolve()
    said = collect(root, entries, progress)
    files = tuple(entry.path for entry in entries)
    return link(root.name, commit_of(root), files, said.artifacts, said.problems, said.symbols, said.opens)


def judge(facts: Facts) -> tuple[Result, ...]:
    """Run every check over the facts, however they were obtained."""
    return tuple(fold(check, facts) for check in checks())
