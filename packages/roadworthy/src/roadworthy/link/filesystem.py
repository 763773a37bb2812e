"""What images hold and what is asked of them: programs that commands call, files they start, paths that COPY takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadworthy.link.build_contexts import contexts
from roadworthy.link.build_needs import needs
from roadworthy.link.build_output import Outputs
from roadworthy.link.copy_sources import sources
from roadworthy.link.draft import Draft
from roadworthy.link.image_asked import STARTS, Asked, Image, image_of, words_of
from roadworthy.link.image_builds import builds, extra_contexts
from roadworthy.link.image_files import locate
from roadworthy.link.image_knowledge import contents, system_programs
from roadworthy.link.image_programs import Doubtful, Programs
from roadworthy.link.image_stages import Stage, stages
from roadworthy.link.node_packages import Package
from roadworthy.link.python_needs import PythonNeeds
from roadworthy.link.runbook_commands import runbook_commands
from roadworthy.link.shipped_code import Shipped
from roadworthy.link.shipped_user import shipped_user
from roadworthy.link.stage_names import stage_names
from roadworthy.model.detail.build import ModuleNeeds
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import NamesBound
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.syntax.command_line import base, calls
from roadworthy.syntax.secrecy import blotted, blotted_text

_WRAPPERS = frozenset({"tini", "dumb-init", "catatonit", "gosu", "su-exec", "exec", "env"})
_ASKING = (*STARTS, "healthcheck", "probe")


def derive(draft: Draft) -> None:
    """Tell of every image built or run here which programs and files its commands call, and whether they are there."""
    found_builds = builds(draft)
    images = stages(draft, found_builds)
    asked = Asked(draft, contexts(draft, found_builds))
    asked.contexts.bound = {s.at.path: s.detail.names for s in draft.symbols if isinstance(s.detail, NamesBound)}
    outputs = Outputs(draft, locate)
    asked.contexts.outputs = outputs
    reader = _Reader(draft, images, asked)
    for path in images:
        reader.dockerfile(path)
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        if isinstance(symbol.detail, CommandUse) and symbol.at.path not in images and symbol.component:
            reader.workload(symbol, symbol.detail)
    for symbol in runbook_commands(draft):
        reader.runbook(symbol)
    extra = extra_contexts(draft, found_builds)
    derived = dict.fromkeys(asked.symbols)
    manifests = outputs.known
    python = PythonNeeds(draft, asked.contexts)
    for path, of_path in images.items():
        derived |= dict.fromkeys(python.needs(of_path))
        derived |= dict.fromkeys(stage_names(path, of_path, extra, draft))
        derived |= dict.fromkeys(sources(path, of_path, asked.contexts, draft))
        if manifests:
            derived |= dict.fromkeys(needs(of_path, asked.contexts, manifests, _berry(draft, manifests)))
    derived |= dict.fromkeys(_shipped(draft, asked, outputs))
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, ModuleNeeds | NamesBound)]
    draft.symbols += derived
    draft.opens += dict.fromkeys(asked.opens)
    _blot(draft)


@dataclass(slots=True)
class _Reader:
    draft: Draft
    images: dict[str, list[Stage]]
    asked: Asked

    def dockerfile(self, path: str) -> None:
        """Examine the steps of every stage a build needs, and what its last stages start."""
        of_path = self.images[path]
        for stage in of_path:
            if not stage.needed:
                continue
            self._steps(stage)
        for stage in of_path:
            if not stage.shipped:
                continue
            image = image_of(stage, of_path)
            self.asked.symbols.append(shipped_user(self.asked, stage, image))
            for purpose in ("entrypoint", "command", "healthcheck"):
                symbol = stage.last(purpose)
                if symbol is None or not isinstance(symbol.detail, CommandUse):
                    continue
                if purpose == "entrypoint":
                    self.asked.use(symbol, _with_options(symbol.detail, stage.last("command")), image)
                elif purpose != "command" or self._is_program(stage, symbol.detail):
                    self.asked.use(symbol, symbol.detail, image)

    def _steps(self, stage: Stage) -> None:
        programs = (
            stage.parent.programs.copy() if stage.parent and stage.parent.programs else None
        ) or Programs.of_image(stage.base, stage.image_at)
        copies = any(getattr(symbol.detail, "origin", "") for symbol in stage.statements)
        for symbol in stage.statements:
            use = symbol.detail
            if not isinstance(use, CommandUse) or use.purpose != "run":
                continue
            if not use.optional and not copies:
                for call in calls(use.words):
                    name = base(call.program)
                    if call.optional or name not in system_programs() or "/" in call.program:
                        continue
                    image = Image(f"{stage.id}:{symbol.at.line}", stage.image, stage.image_at, programs, stage, [])
                    if not isinstance(programs.look(name), Doubtful):
                        self.asked.program(symbol, use, call, image)
            programs.run(use.words, symbol.at)

    def _is_program(self, stage: Stage, command: CommandUse) -> bool:
        """Tell whether CMD (compose `command`, Kubernetes `args`) is a program, not only arguments."""
        entry = stage.last("entrypoint")
        if entry is None or not isinstance(entry.detail, CommandUse):
            known = contents(stage.image) if stage.image else None
            return known is not None and _runs_commands(known.entrypoint, command)
        if entry.detail.form == "shell":
            return False
        words = entry.detail.words
        reached = list(calls(words))
        if reached and base(reached[-1].program) in _WRAPPERS:
            return True
        script = self.asked.script(reached[-1], image_of(stage, self.images[stage.path])) if reached else None
        return script is not None and any(
            "$@" in word for symbol in self.asked.scripts[script] for word in words_of(symbol)[:3]
        )

    def workload(self, symbol: Symbol, use: CommandUse) -> None:
        """Examine a command that a compose file or a manifest states."""
        image = self._of_workload(symbol)
        if image is None or use.purpose not in _ASKING:
            return
        if use.purpose == "command" and not self._overrides(symbol):
            if image.stage is not None:
                if not self._is_program(image.stage, use):
                    return
            else:
                known = contents(image.name)
                if known is None or not _runs_commands(known.entrypoint, use):
                    return
        elif use.purpose == "command":
            return
        self.asked.use(symbol, use, image)

    def runbook(self, symbol: Symbol) -> None:
        """Examine a command that a document runs in a container."""
        image = self._of_workload(symbol)
        if image is not None and isinstance(symbol.detail, CommandUse):
            self.asked.use(symbol, symbol.detail, image)

    def _overrides(self, symbol: Symbol) -> bool:
        return any(
            isinstance(other.detail, CommandUse) and other.detail.purpose == "entrypoint"
            for other in self.draft.of(Kind.COMMAND, Action.REFERS)
            if other.at.path == symbol.at.path and other.component == symbol.component
        )

    def _of_workload(self, symbol: Symbol) -> Image | None:
        declared = [
            (other, other.detail)
            for other in self.draft.of(Kind.SERVICE, Action.DEFINES)
            if isinstance(other.detail, Workload) and other.component == symbol.component
        ]
        near = [pair for pair in declared if pair[0].at.path == symbol.at.path] or declared
        for _, workload in near:
            if workload.dockerfile in self.images and workload.context is not None:
                return self._built(workload.dockerfile, workload.target)
        for _, workload in declared:
            if workload.dockerfile in self.images and workload.context is not None:
                return self._built(workload.dockerfile, workload.target)
        component = next((c for c in self.draft.components if c.id == symbol.component), None)
        if component is not None and component.dockerfiles:
            # Without a build that names it, only a repository's one Dockerfile is certain to be meant.
            path = component.dockerfiles[0]
            certain = len(self.images) == 1 or self._same_image(path, [workload for _, workload in near])
            return self._built(path, "") if certain and path in self.images else None
        if any(workload.context is not None for _, workload in near):
            return None
        for other, workload in near:
            if workload.image and "*" not in workload.image and "$" not in workload.image:
                at = self._image_place(other, workload.image)
                programs = Programs.of_image(workload.image, at)
                return Image(f"image:{workload.image}", workload.image, at, programs, None, [])
        return None

    def _same_image(self, dockerfile: str, workloads: list[Workload]) -> bool:
        """Tell whether all these ask for the image that a compose file builds of a Dockerfile, but for registry and tag."""
        made = {
            _image_name(s.detail.image)
            for s in self.draft.of(Kind.SERVICE, Action.DEFINES)
            if isinstance(s.detail, Workload) and s.detail.context is not None and s.detail.dockerfile == dockerfile
            if s.detail.image
        }
        return bool(workloads) and all(w.image and _image_name(w.image) in made for w in workloads)

    def _image_place(self, service: Symbol, image: str) -> Span:
        for symbol in self.draft.of(Kind.IMAGE, Action.REFERS):
            same = symbol.at.path == service.at.path and symbol.component == service.component
            if same and str(symbol.name) == image:
                return symbol.at
        return service.at

    def _built(self, path: str, target: str) -> Image | None:
        for stage in self.images[path]:
            if (target and stage.name == target.lower()) or (not target and stage.final):
                return image_of(stage, self.images[stage.path])
        return None


def _image_name(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _shipped(draft: Draft, asked: Asked, outputs: Outputs) -> Iterator[Symbol]:
    """Yield what the code that images start needs of the repository."""
    if not asked.started and not asked.called:
        return
    shipped = Shipped(draft, asked.contexts, outputs)
    for command, words, stage, stages_ in asked.called:
        if not asked.covered(command, stage.path):
            yield from shipped.configured(command, words, stage, stages_)
    done: set[tuple[str, str]] = set()
    for started in asked.started:
        key = (started.stage.id, started.source)
        if key in done:
            continue
        done.add(key)
        covered = asked.covered(started.command, started.stage.path)
        yield from shipped.follow(started, covered)


def _berry(draft: Draft, manifests: dict[str, Package]) -> frozenset[str]:
    """Return the folders whose packages yarn 2 or later installs."""
    configured = {file.rpartition("/")[0] for file in draft.files if file.rpartition("/")[2] == ".yarnrc.yml"}
    return frozenset(
        folder
        for folder, package in manifests.items()
        if folder in configured or re.match(r"yarn@[2-9]", package.setup.manager)
    )


def _runs_commands(entrypoint: str, use: CommandUse) -> bool:
    if entrypoint == "none":
        return True
    return entrypoint == "wrapper" and not (use.form == "exec" and use.words[:1] and use.words[0].startswith("-"))


def _blot(draft: Draft) -> None:
    """Take the secrets out of every command line."""
    for index, symbol in enumerate(draft.symbols):
        use = symbol.detail
        if isinstance(use, CommandUse):
            words = (blotted_text(use.words[0]),) if use.form == "shell" and use.words else blotted(use.words)
            if words != use.words:
                name = symbol.name
                draft.symbols[index] = replace(symbol, detail=replace(use, words=words), name=name)


def _with_options(entry: CommandUse, command: Symbol | None) -> CommandUse:
    """Put the options that CMD gives behind the entrypoint that takes them."""
    given = command.detail if command is not None else None
    if not isinstance(given, CommandUse) or given.form != "exec" or entry.form != "exec":
        return entry
    return (
        replace(entry, words=(*entry.words, *given.words)) if given.words[:1] and given.words[0][:1] == "-" else entry
    )
