"""Reads a repository: index, collect, link, check."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from roadworthy.engine.catalogue import checks
from roadworthy.engine.collect import collect
from roadworthy.engine.configuration import find_configuration, read_subject
from roadworthy.engine.fold import fold
from roadworthy.engine.index import index
from roadworthy.engine.revision import commit_of
from roadworthy.link.link import link
from roadworthy.model.facts import Facts
from roadworthy.model.result import Result
from roadworthy.model.shape import Shape
from roadworthy.model.subject import Subject


def gather(root: Path, progress: Callable[[str], None] = lambda path: None) -> Facts:
    """Return the linked facts of the repository at `root`. Nothing of it is run, imported or changed.

    Raise RoadworthyError where `root` cannot be inspected at all, or describes its service wrongly.
    """
    entries = index(root)
    root = root.resolve()
    subject = read_subject(root) if find_configuration(root) else None
    said = collect(root, entries, progress)
    files = tuple(entry.path for entry in entries)
    name = subject.service.name if subject else root.name
    facts = link(name, commit_of(root), files, said.artifacts, said.problems, said.symbols, said.opens)
    return replace(facts, shape=_with_declared(facts.shape, subject)) if subject else facts


def _with_declared(shape: Shape, subject: Subject) -> Shape:
    """Add the traits the owner declares; a declaration can make more be asked of a service, never less."""
    return replace(
        shape,
        store=shape.store or subject.has_store,
        outgoing_calls=shape.outgoing_calls or bool(subject.dependencies),
        personal_data=shape.personal_data or subject.privacy is not None,
    )


def judge(facts: Facts) -> tuple[Result, ...]:
    """Run every check over the facts, however they were obtained."""
    return tuple(fold(check, facts) for check in checks())
