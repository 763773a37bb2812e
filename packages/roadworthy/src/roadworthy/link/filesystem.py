"""What images hold and what is asked of them: programs that commands call, files they start, paths that COPY takes."""

from dataclasses import dataclass, field, replace

from roadworthy.link.copy_sources import sources
from roadworthy.link.draft import Draft
from roadworthy.link.image_builds import builds, extra_contexts
from roadworthy.link.image_files import Contexts, InRepository, contexts, locate
from roadworthy.link.image_knowledge import contents, system_programs
from roadworthy.link.image_programs import SEARCH_PATH, Absent, Doubtful, Present, Programs
from roadworthy.link.image_stages import Stage, stages
from roadworthy.link.stage_names import stage_names
from roadworthy.link.started_files import Wanted, wanted
from roadworthy.model.detail.command import CommandUse, ProgramPresent, ProgramUse
from roadworthy.model.detail.image import ContentFound, FileWanted, ShippedUser, StageUser
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.syntax.command_line import Call, base, calls, script_text, shell_calls
from roadworthy.syntax.secrecy import blotted, blotted_text
from roadworthy.syntax.shell import BUILTINS

_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_WRAPPERS = frozenset({"tini", "dumb-init", "catatonit", "gosu", "su-exec", "exec", "env"})
_DROPPING = frozenset({"gosu", "su-exec", "setpriv", "runuser", "su", "sudo", "chpst", "s6-setuidgid", "supervisord"})
_STARTS = ("entrypoint", "command", "job", "hook")
_ASKED = ("healthcheck", "probe")
_COVERING = frozenset({"bind", "configmap", "secret", "claim", "hostpath", "other", "volume", "emptydir"})
_MAXIMUM_SCRIPTS = 4


def derive(draft: Draft) -> None:
    """Tell of every image built or run here which programs and files its commands call, and whether they are there."""
    found_builds = builds(draft)
    images = stages(draft, found_builds)
    reader = _Reader(draft, images, contexts(draft, found_builds))
    for path in images:
        reader.dockerfile(path)
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        if isinstance(symbol.detail, CommandUse) and symbol.at.path not in images and symbol.component:
            reader.workload(symbol, symbol.detail)
    reader.finish()
    extra = extra_contexts(draft, found_builds)
    named_stages = [symbol for path, of_path in images.items() for symbol in stage_names(path, of_path, extra, draft)]
    draft.symbols += named_stages
    taken = [symbol for path, of_path in images.items() for symbol in sources(path, of_path, reader.contexts, draft)]
    draft.symbols += taken
    _blot(draft)


@dataclass(frozen=True, slots=True)
class _Image:
    """An image commands run in: what builds it (`stage`), or its name."""

    id: str
    name: str
    at: Span
    programs: Programs
    stage: Stage | None
    stages: list[Stage]


@dataclass(slots=True)
class _Reader:
    draft: Draft
    images: dict[str, list[Stage]]
    contexts: Contexts
    symbols: list[Symbol] = field(default_factory=list)
    opens: list[Open] = field(default_factory=list)
    scripts: dict[str, list[Symbol]] = field(default_factory=dict)
    mounts: list[tuple[str, Mount]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mounts = [
            (symbol.component, symbol.detail)
            for symbol in self.draft.of(Kind.VOLUME, Action.REFERS)
            if isinstance(symbol.detail, Mount) and symbol.detail.target and symbol.detail.form in _COVERING
        ]
        read = {artifact.path for artifact in self.draft.artifacts if artifact.kind == "shell"}
        self.scripts = {path: [] for path in read}
        for symbol in self.draft.symbols:
            if symbol.at.path in read and isinstance(symbol.detail, CommandUse):
                self.scripts[symbol.at.path].append(symbol)

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
            image = self._of_stage(stage)
            self._user(stage, image)
            for purpose in ("entrypoint", "command", "healthcheck"):
                symbol = stage.last(purpose)
                if symbol is None or not isinstance(symbol.detail, CommandUse):
                    continue
                if purpose != "command" or self._is_program(stage, symbol.detail):
                    self._use(symbol, symbol.detail, image)

    def _user(self, stage: Stage, image: _Image) -> None:
        """Say whom the image runs as."""
        given = [s for link in stage.chain() for s in link.statements if isinstance(s.detail, StageUser)]
        start = stage.last("entrypoint") or stage.last("command")
        at = given[-1].at if given else start.at if start else stage.at
        user = given[-1].detail.user if given and isinstance(given[-1].detail, StageUser) else ""
        known = contents(stage.image) if stage.image else None
        unread = bool(given) and not user
        detail = ShippedUser(
            user,
            "" if unread or known is None else known.user,
            stage.image,
            self._dropping(start, image) if start is not None else None,
        )
        component = start.component if start is not None else ""
        self.symbols.append(
            Symbol(Kind.SETTING, Action.REFERS, Exact("user"), at, component, "run", stage.role, detail)
        )

    def _dropping(self, start: Symbol, image: _Image) -> Span | None:
        """Return the place where the entry command, or the script it starts, gives up root."""
        use = start.detail
        if not isinstance(use, CommandUse):
            return None
        reached = list(calls(use.words)) if use.form == "exec" else list(shell_calls(use.words[0]))
        for call in reached:
            if base(call.program) in _DROPPING:
                return start.at
            script = self._script(call, image)
            for line in self.scripts[script] if script else ():
                if any(base(word) in _DROPPING for word in _words_of(line)[:2]):
                    return line.at
        return None

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
                    image = _Image(f"{stage.id}:{symbol.at.line}", stage.image, stage.image_at, programs, stage, [])
                    if not isinstance(programs.look(name), Doubtful):
                        self._program(symbol, use, call, image)
            programs.run(use.words, symbol.at)

    def _of_stage(self, stage: Stage) -> _Image:
        programs = stage.programs or Programs.of_image(stage.base, stage.image_at)
        return _Image(stage.id, stage.image, stage.image_at, programs, stage, self.images[stage.path])

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
        script = self._script(reached[-1], self._of_stage(stage)) if reached else None
        return script is not None and any(
            "$@" in word for symbol in self.scripts[script] for word in _words_of(symbol)[:3]
        )

    def workload(self, symbol: Symbol, use: CommandUse) -> None:
        """Examine a command that a compose file or a manifest states."""
        image = self._of_workload(symbol)
        if image is None or use.purpose not in (*_STARTS, *_ASKED):
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
        self._use(symbol, use, image)

    def _overrides(self, symbol: Symbol) -> bool:
        return any(
            isinstance(other.detail, CommandUse) and other.detail.purpose == "entrypoint"
            for other in self.draft.of(Kind.COMMAND, Action.REFERS)
            if other.at.path == symbol.at.path and other.component == symbol.component
        )

    def _of_workload(self, symbol: Symbol) -> _Image | None:
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
            return self._built(path, "") if len(self.images) == 1 and path in self.images else None
        if any(workload.context is not None for _, workload in near):
            return None
        for other, workload in near:
            if workload.image and "*" not in workload.image and "$" not in workload.image:
                at = self._image_place(other, workload.image)
                programs = Programs.of_image(workload.image, at)
                return _Image(f"image:{workload.image}", workload.image, at, programs, None, [])
        return None

    def _image_place(self, service: Symbol, image: str) -> Span:
        for symbol in self.draft.of(Kind.IMAGE, Action.REFERS):
            same = symbol.at.path == service.at.path and symbol.component == service.component
            if same and str(symbol.name) == image:
                return symbol.at
        return service.at

    def _built(self, path: str, target: str) -> _Image | None:
        for stage in self.images[path]:
            if (target and stage.name == target.lower()) or (not target and stage.final):
                return self._of_stage(stage)
        return None

    def _use(self, symbol: Symbol, use: CommandUse, image: _Image, depth: int = 0) -> None:
        if use.optional:
            return
        if use.form == "shell":
            self._program(symbol, use, Call((use.shell,)), image)
            reached = list(shell_calls(use.words[0])) if use.words else []
        else:
            reached = list(calls(use.words))
        for call in reached:
            if call.optional:
                continue
            self._program(symbol, use, call, image)
            if use.purpose in (*_STARTS, "script"):
                self._file(symbol, use, call, image)
            script = self._script(call, image)
            if script is not None and depth < _MAXIMUM_SCRIPTS:
                for line in self.scripts[script]:
                    if isinstance(line.detail, CommandUse) and not _built_in(line.detail):
                        self._use(line, line.detail, image, depth + 1)

    def _program(self, symbol: Symbol, use: CommandUse, call: Call, image: _Image) -> None:
        name = base(call.program)
        folder = call.program.rpartition("/")[0]
        if "$" in call.program or (folder and folder not in SEARCH_PATH) or not name:
            return
        found = image.programs.look(name)
        if not isinstance(found, Present) and self._placed(name, image):
            return
        words = blotted(call.words)
        detail = ProgramUse(use.purpose, words, image.name, image.at, symbol.component)
        reference = Symbol(
            Kind.PROGRAM, Action.REFERS, Exact(name), symbol.at, image.id, symbol.phase, symbol.role, detail
        )
        match found:
            case Present(at, source):
                if name in system_programs() or image.programs.base is not None:
                    present = ProgramPresent(source)
                    self.symbols.append(
                        Symbol(Kind.PROGRAM, Action.DEFINES, Exact(name), at or image.at, image.id, detail=present)
                    )
                    self.symbols.append(reference)
            case Absent():
                self.symbols.append(reference)
            case Doubtful(reason, at_):
                if name in system_programs():
                    self.opens.append(Open(Kind.PROGRAM, image.id, reason, at_, Pattern(name)))
                    self.symbols.append(reference)

    def _placed(self, name: str, image: _Image) -> bool:
        if image.stage is None:
            return False
        return any(
            isinstance(locate(f"{folder}/{name}", image.stage, image.stages, self.contexts), InRepository)
            for folder in sorted(SEARCH_PATH)
        )

    def _script(self, call: Call, image: _Image) -> str | None:
        """Return the shell script of this repository that a call runs."""
        if image.stage is None:
            return None
        name = call.program
        if base(name) in _SHELLS and script_text(call.words) is None:
            name = next((word for word in call.words[1:] if not word.startswith("-")), "")
        if not name or "$" in name:
            return None
        folder = image.stage.folder()
        paths = [name] if name.startswith("/") else [f"{folder}/{name.removeprefix('./')}"] if folder else []
        if "/" not in name:
            paths += [f"{place}/{name}" for place in sorted(SEARCH_PATH)]
        for path in paths:
            found = locate(path, image.stage, image.stages, self.contexts)
            if isinstance(found, InRepository) and found.path in self.scripts:
                return found.path
        return None

    def _file(self, symbol: Symbol, use: CommandUse, call: Call, image: _Image) -> None:
        if image.stage is None:
            return
        for want in wanted(call, image.stage, image.stages, self.contexts):
            if not self._mounted(symbol, image.stage.path, want):
                self._want(symbol, want, image)

    def _mounted(self, symbol: Symbol, dockerfile: str, want: Wanted) -> bool:
        """Tell whether something is mounted over the place that is looked at, wherever the image runs."""
        users = {c.id for c in self.draft.components if dockerfile in c.dockerfiles} | {symbol.component}
        return any(
            path == mount.target or path.startswith(mount.target.rstrip("/") + "/")
            for component, mount in self.mounts
            if component in users
            for path in want.sought
        )

    def _want(self, symbol: Symbol, want: Wanted, image: _Image) -> None:
        component = f"{image.id}!{symbol.at}"
        detail = FileWanted(want.how, image.stage.at if image.stage else image.at, want.sought)
        self.symbols.append(
            Symbol(
                Kind.CONTENT, Action.REFERS, Exact(want.name), symbol.at, component, symbol.phase, symbol.role, detail
            )
        )
        if want.doubt is not None:
            self.opens.append(Open(Kind.CONTENT, component, want.doubt.reason, want.doubt.at, Pattern(want.name)))
        for name, path in want.there:
            self.symbols.append(
                Symbol(Kind.CONTENT, Action.DEFINES, Exact(name), Span(path), component, detail=ContentFound(path))
            )

    def finish(self) -> None:
        """Add what was derived, each statement once."""
        self.draft.symbols += dict.fromkeys(self.symbols)
        self.draft.opens += dict.fromkeys(self.opens)


def _runs_commands(entrypoint: str, use: CommandUse) -> bool:
    if entrypoint == "none":
        return True
    return entrypoint == "wrapper" and not (use.form == "exec" and use.words[:1] and use.words[0].startswith("-"))


def _words_of(symbol: Symbol) -> tuple[str, ...]:
    return symbol.detail.words if isinstance(symbol.detail, CommandUse) else ()


def _built_in(use: CommandUse) -> bool:
    return bool(use.words) and use.words[0] in BUILTINS - {"exec", "command"}


def _blot(draft: Draft) -> None:
    """Take the secrets out of every command line."""
    for index, symbol in enumerate(draft.symbols):
        use = symbol.detail
        if isinstance(use, CommandUse):
            words = (blotted_text(use.words[0]),) if use.form == "shell" and use.words else blotted(use.words)
            if words != use.words:
                name = symbol.name
                draft.symbols[index] = replace(symbol, detail=replace(use, words=words), name=name)
