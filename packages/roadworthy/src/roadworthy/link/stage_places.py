"""Where a build step stands: its working folder, the variables in force, and what came before it."""

import posixpath
from collections.abc import Iterator

from roadworthy.link.image_stages import Stage
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.image import StageFolder
from roadworthy.model.place import Span
from roadworthy.model.symbol import Symbol

Variables = dict[str, tuple[str | None, Span]]


def before(stage: Stage, step: Symbol | None) -> Iterator[tuple[Stage, Symbol]]:
    """Yield the statements of a stage and those it continues, the last first; only those before a step where one is given."""
    for link in reversed(stage.chain()):
        for symbol in reversed(link.statements):
            if step is None or link is not stage or symbol.at < step.at:
                yield link, symbol


def folder_of(stage: Stage, step: Symbol) -> str | None:
    """Return the folder of the image a step runs in; None where it cannot be told."""
    folder = stage.absolute(".")
    for _, symbol in before(stage, step):
        if isinstance(symbol.detail, StageFolder):
            folder = stage.absolute(symbol.detail.folder) if symbol.detail.folder else None
            break
    entered = step.detail.entered if isinstance(step.detail, CommandUse) else ""
    return None if folder is None or entered is None else posixpath.normpath(posixpath.join(folder, entered))


def variables_of(stage: Stage, step: Symbol) -> Variables:
    """Return the variables a step sees. A build argument may be given another value: its value is not known."""
    found: Variables = {}
    arguments: set[str] = set()
    for link, symbol in before(stage, step):
        given = symbol.detail
        if not isinstance(given, EnvironmentGiven):
            continue
        name = str(symbol.name)
        if given.by == "ARG" and link is stage:
            arguments.add(name)
            found.setdefault(name, (None, symbol.at))
        elif given.by == "ENV":
            found.setdefault(name, (given.value, symbol.at))
    if isinstance(step.detail, CommandUse):
        found |= {name: (value, step.at) for name, value in step.detail.given}
    return {
        name: (None if value is not None and "$" in value else value, at) if name not in arguments else (None, at)
        for name, (value, at) in found.items()
    }
