"""The stages of every Dockerfile, put together again from what the collector said of them."""

import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field

from roadworthy.link.draft import Draft
from roadworthy.link.image_builds import Build
from roadworthy.link.image_knowledge import contents
from roadworthy.link.image_programs import Doubtful, Programs
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.image import BaseImage, CopySource, StageBuilt, StageFolder, StageUse
from roadworthy.model.place import Span
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import FileRole

# A target by which a pipeline tries something; what is released bears another name.
_TRYING = re.compile(r"test|lint|dev|debug|check|build", re.IGNORECASE)


@dataclass(slots=True)
class Stage:
    """A stage: where it starts (`at`), the statements in it in order, whether a build needs it and whether one ends with it."""

    path: str
    index: int
    name: str
    base: str
    parent: "Stage | None"
    at: Span
    role: FileRole
    final: bool
    statements: list[Symbol] = field(default_factory=list)
    needed: bool = False
    shipped: bool = False
    programs: Programs | None = None

    @property
    def id(self) -> str:
        return f"{self.path}#{self.name}"

    def chain(self) -> list["Stage"]:
        """Return the stages it continues, the first one first, itself last."""
        found = [self]
        while found[-1].parent:
            found.append(found[-1].parent)
        return found[::-1]

    @property
    def image(self) -> str:
        """The image the first stage of its chain starts from; "" where it cannot be read."""
        return self.chain()[0].base

    @property
    def image_at(self) -> Span:
        """The place that names this image."""
        first = self.chain()[0]
        return next((s.at for s in first.statements if isinstance(s.detail, BaseImage)), first.at)

    def absolute(self, path: str | None) -> str | None:
        """Return an absolute path in the image; None where the base image's working folder is needed and unknown."""
        if path is None or path.startswith("/"):
            return path
        known = contents(self.image) if self.image else None
        folder = known.folder if known else None
        return posixpath.normpath(posixpath.join(folder, path)) if folder else None

    def folder(self) -> str | None:
        """Return the working folder in which its command starts."""
        for stage in reversed(self.chain()):
            for symbol in reversed(stage.statements):
                if isinstance(symbol.detail, StageFolder):
                    return self.absolute(symbol.detail.folder) if symbol.detail.folder else None
        return self.absolute(".")

    def variable(self, name: str) -> str | None:
        """Return the value ENV gives a variable; None where none does or it cannot be read."""
        for stage in reversed(self.chain()):
            for symbol in reversed(stage.statements):
                given = symbol.detail
                if isinstance(given, EnvironmentGiven) and given.by == "ENV" and str(symbol.name) == name:
                    return given.value
        return None

    def last(self, purpose: str) -> Symbol | None:
        """Return the command that is in force for a purpose."""
        for stage in reversed(self.chain()):
            for symbol in reversed(stage.statements):
                if isinstance(symbol.detail, CommandUse) and symbol.detail.purpose == purpose:
                    return symbol
        return None


def stages(draft: Draft, builds: list[Build]) -> dict[str, list[Stage]]:
    """Return the stages of every Dockerfile, by its path."""
    found: dict[str, list[Stage]] = {}
    by_path: dict[str, dict[tuple[object, ...], Symbol]] = defaultdict(dict)
    paths = {artifact.path for artifact in draft.artifacts if artifact.kind == "dockerfile"}
    for symbol in draft.symbols:
        if symbol.at.path in paths:
            by_path[symbol.at.path].setdefault(
                (symbol.kind, symbol.action, symbol.name, symbol.at, symbol.detail), symbol
            )
    for path in sorted(paths):
        statements = sorted(by_path[path].values(), key=lambda s: (s.at, s.kind))
        found[path] = _of(path, statements)
        own = [build for build in builds if build.dockerfile == path]
        _mark_needed([build.target for build in own], [b.target for b in own if _ships(b)], found[path])
        for stage in found[path]:
            _fill(stage, found[path])
    for opening in draft.opens:
        for stage in found.get(opening.at.path, ()):
            if opening.kind is Kind.COMMAND and stage.programs and stage.at.line <= opening.at.line:
                stage.programs.opened = stage.programs.opened or Doubtful(opening.reason, opening.at)
    return found


def named(stages: list[Stage], name: str, before: int) -> Stage | None:
    """Return the stage `COPY --from=name` means in a stage with the index `before`."""
    for stage in stages[:before]:
        if stage.name == name.lower() or (name.isdecimal() and stage.index == int(name)):
            return stage
    return None


def _of(path: str, statements: list[Symbol]) -> list[Stage]:
    found: list[Stage] = []
    for symbol in statements:
        built = symbol.detail
        if isinstance(built, StageBuilt):
            parent = found[built.base_stage] if built.base_stage is not None else None
            found.append(
                Stage(path, built.index, str(symbol.name), built.base, parent, symbol.at, symbol.role, built.final)
            )
    for symbol in statements:
        index = getattr(symbol.detail, "stage", None)
        if isinstance(index, int) and index < len(found):
            found[index].statements.append(symbol)
        elif isinstance(symbol.detail, EnvironmentGiven):
            holding = [stage for stage in found if stage.at.line <= symbol.at.line]
            if holding:
                holding[-1].statements.append(symbol)
    return found


def _ships(build: Build) -> bool:
    return build.ships and (build.firm or not _TRYING.search(build.target))


def _mark_needed(targets: list[str], shipped: list[str], found: list[Stage]) -> None:
    waiting = [stage for stage in found if stage.final]
    waiting += [stage for stage in found for target in targets if target and stage.name == target.lower()]
    names = {target.lower() for target in shipped}
    for stage in waiting:
        stage.shipped = stage.final or stage.name in names
    while waiting:
        stage = waiting.pop()
        if stage.needed:
            continue
        stage.needed = True
        if stage.parent:
            waiting.append(stage.parent)
        for symbol in stage.statements:
            if isinstance(symbol.detail, StageUse) and (used := named(found, str(symbol.name), stage.index)):
                waiting.append(used)


def _fill(stage: Stage, found: list[Stage]) -> None:
    """Work out the programs of a stage from those of the stage it continues."""
    if stage.parent and stage.parent.programs:
        programs = stage.parent.programs.copy()
    else:
        programs = Programs.of_image(stage.base, stage.image_at)
    stage.programs = programs
    for symbol in stage.statements:
        match symbol.detail:
            case CommandUse(purpose="run", words=words):
                programs.run(words, symbol.at)
            case CopySource(origin=origin) as copied if origin and isinstance(symbol.name, Exact):
                holder = named(found, origin, stage.index)
                held = holder.programs if holder and holder.programs else Programs.of_image("", symbol.at)
                destination = stage.absolute(copied.destination)
                programs.copied(symbol.name.text, destination, copied.into_folder, held, symbol.at)
            case CopySource(by="ADD") if isinstance(symbol.name, Exact) and "://" in symbol.name.text:
                programs.opened = programs.opened or Doubtful("what ADD fetches", symbol.at)
