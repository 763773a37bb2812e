"""Reads a repository: index, collect, link, check."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from roadworthy.engine.catalogue import checks
from roadworthy.engine.collect import collect
from roadworthy.engine.configuration import find_configuration, read_subject
from roadworthy.engine.fold import fold
from roadworthy.engine.index import UNLISTED, Entry, index
from roadworthy.engine.revision import commit_of
from roadworthy.engine.tracked import environment_files, tracked, with_kept
from roadworthy.link.link import link
from roadworthy.model.error import RoadworthyError
from roadworthy.model.facts import Facts
from roadworthy.model.place import Span
from roadworthy.model.result import Result
from roadworthy.model.shape import Shape
from roadworthy.model.subject import Subject
from roadworthy.model.symbol import Kind, Open, Pattern


def gather(root: Path, progress: Callable[[str], None] = lambda path: None) -> Facts:
    """Return the linked facts of the repository at `root`. Nothing of it is run, imported or changed.

    Raise RoadworthyError where `root` cannot be inspected at all, or describes its service wrongly.
    """
    entries = index(root)
    with _without_cycle_search():
        return _gather(root.resolve(), entries, progress)


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """Keep Python from looking for cycles while trees are made by the thousand: they hold none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _gather(root: Path, entries: tuple[Entry, ...], progress: Callable[[str], None]) -> Facts:
    kept = tracked(root)
    entries = with_kept(root, entries, environment_files(root, kept))
    subject = read_subject(root) if find_configuration(root) else None
    said = collect(root, entries, progress)
    files = tuple(entry.path for entry in entries if entry.size != UNLISTED)
    name = subject.service.name if subject else root.name
    opens = [*said.opens, *(_declared_elsewhere(subject) if subject else ())]
    facts = link(name, commit_of(root), files, said.artifacts, said.problems, said.symbols, opens, kept)
    return replace(facts, shape=_with_declared(facts.shape, subject)) if subject else facts


def _declared_elsewhere(subject: Subject) -> Iterator[Open]:
    """Yield a doubt for every name the owner says something outside the repository defines: it earns nothing, but what
    refers to it is no finding."""
    for provided in subject.defines:
        if provided.kind not in list(Kind):
            raise RoadworthyError(
                f"{subject.source}: [[defines]] kind: '{provided.kind}' is no kind of name; one of {', '.join(Kind)}"
            )
        reason = f"{subject.source} says that {provided.by} defines `{provided.name}`; nothing here shows it"
        yield Open(Kind(provided.kind), "", reason, Span(subject.source), Pattern(provided.name))


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
