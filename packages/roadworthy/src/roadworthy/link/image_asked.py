"""What a command asks of the image it runs in: programs, scripts of this repository, files and modules it starts."""

from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from roadworthy.link.build_contexts import Contexts
from roadworthy.link.draft import Draft
from roadworthy.link.image_files import locate
from roadworthy.link.image_knowledge import system_programs
from roadworthy.link.image_programs import SEARCH_PATH, Absent, Doubtful, Present, Programs
from roadworthy.link.image_stages import Stage
from roadworthy.link.located import Built, InRepository
from roadworthy.link.node_packages import MANAGERS, leaves
from roadworthy.link.shipped_code import Started
from roadworthy.link.started_files import Wanted, wanted
from roadworthy.model.detail.command import CommandUse, ProgramPresent, ProgramUse
from roadworthy.model.detail.image import ContentFound, FileWanted
from roadworthy.model.detail.script import ScriptUse
from roadworthy.model.detail.volume import Mount
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import invocation
from roadworthy.syntax.command_line import Call, base, calls, script_text, shell_calls
from roadworthy.syntax.secrecy import blotted
from roadworthy.syntax.shell import BUILTINS

STARTS = ("entrypoint", "command", "job", "hook")
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_COVERING = frozenset({"bind", "configmap", "secret", "claim", "hostpath", "other", "volume", "emptydir"})
_MAXIMUM_SCRIPTS = 4


@dataclass(frozen=True, slots=True)
class Image:
    """An image commands run in: what builds it (`stage`), or its name."""

    id: str
    name: str
    at: Span
    programs: Programs
    stage: Stage | None
    stages: list[Stage]


def image_of(stage: Stage, stages: list[Stage]) -> Image:
    """Return the image a stage ends in."""
    programs = stage.programs or Programs.of_image(stage.base, stage.image_at)
    return Image(stage.id, stage.image, stage.image_at, programs, stage, stages)


@dataclass(slots=True)
class Asked:
    """Collects what commands ask. `scripts` are the commands of each shell script, `mounts` what covers which paths."""

    draft: Draft
    contexts: Contexts
    symbols: list[Symbol] = field(default_factory=list)
    opens: list[Open] = field(default_factory=list)
    scripts: dict[str, list[Symbol]] = field(default_factory=dict)
    mounts: list[tuple[str, Mount]] = field(default_factory=list)
    started: list[Started] = field(default_factory=list)
    called: list[tuple[Symbol, tuple[str, ...], Stage, list[Stage]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mounts = [
            (symbol.component, symbol.detail)
            for symbol in self.draft.of(Kind.VOLUME, Action.REFERS)
            if isinstance(symbol.detail, Mount)
            and symbol.detail.target
            and symbol.detail.form in _COVERING
            # What is mounted while somebody develops is not there where the service runs.
            and symbol.role is FileRole.PROD
        ]
        read = {artifact.path for artifact in self.draft.artifacts if artifact.kind == "shell"}
        self.scripts = {path: [] for path in read}
        for symbol in self.draft.symbols:
            if symbol.at.path in read and isinstance(symbol.detail, CommandUse):
                self.scripts[symbol.at.path].append(symbol)

    def use(self, symbol: Symbol, use: CommandUse, image: Image, depth: int = 0) -> None:
        """Take in a command: every program it calls, and what the scripts it starts call in turn."""
        if use.optional:
            return
        if use.form == "shell":
            self.program(symbol, use, Call((use.shell,)), image)
            reached = list(shell_calls(use.words[0])) if use.words else []
        else:
            reached = list(calls(use.words))
        for call in reached:
            if call.optional:
                continue
            self.program(symbol, use, call, image)
            if use.purpose in (*STARTS, "script"):
                self._file(symbol, use, call, image)
            script = self.script(call, image)
            if script is not None and depth < _MAXIMUM_SCRIPTS:
                for line in self.scripts[script]:
                    if isinstance(line.detail, CommandUse) and not _built_in(line.detail):
                        self.use(line, line.detail, image, depth + 1)

    def program(self, symbol: Symbol, use: CommandUse, call: Call, image: Image) -> None:
        """Take in one program, with what the image says of it."""
        name = base(call.program)
        folder = call.program.rpartition("/")[0]
        if "$" in call.program or ("/" in call.program and folder not in SEARCH_PATH) or not name:
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

    def _placed(self, name: str, image: Image) -> bool:
        if image.stage is None:
            return False
        return any(
            isinstance(locate(f"{folder}/{name}", image.stage, image.stages, self.contexts), InRepository)
            for folder in sorted(SEARCH_PATH)
        )

    def script(self, call: Call, image: Image) -> str | None:
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

    def _file(self, symbol: Symbol, use: CommandUse, call: Call, image: Image) -> None:
        if image.stage is None:
            return
        if base(call.program) in MANAGERS:
            self._script_files(symbol, call, image)
            return
        self.called.append((symbol, call.words, image.stage, image.stages))
        for want in wanted(call, image.stage, image.stages, self.contexts):
            if not self._mounted(symbol, image.stage.path, want):
                self._want(symbol, want, image)

    def _script_files(self, symbol: Symbol, call: Call, image: Image) -> None:
        """Take in the files that a script of a package manifest starts."""
        stage, outputs = image.stage, self.contexts.outputs
        folder = stage.folder() if stage is not None else None
        if stage is None or outputs is None or folder is None:
            return
        manifest = locate(f"{folder.rstrip('/')}/package.json", stage, image.stages, self.contexts)
        if not isinstance(manifest, InRepository):
            return
        top = manifest.path.rpartition("/")[0]
        self._script_names(symbol, call, top)
        for leaf in leaves(call.words, top, outputs.known):
            if leaf.folder != top or leaf.hidden or leaf.optional or not leaf.words:
                continue
            self.called.append((symbol, leaf.words, stage, image.stages))
            for want in wanted(Call(leaf.words), stage, image.stages, self.contexts):
                if not self._mounted(symbol, stage.path, want):
                    self._want(symbol, replace(want, how=f"{' '.join(call.words[:3])}: {want.how}"), image)

    def _script_names(self, symbol: Symbol, call: Call, top: str) -> None:
        """Take in the script of the package manifest that a command runs in the image, there or not."""
        known = self.contexts.outputs.known.get(top) if self.contexts.outputs is not None else None
        for use in invocation.uses(call.words, top) if known is not None else ():
            if use.form != "npm" or use.folder != top or not use.sure or known is None or use.name == "start":
                continue
            found = use.name in known.scripts
            close = get_close_matches(use.name, sorted(known.scripts), 3, 0.5)
            names = () if found else tuple(close) or tuple(sorted(known.scripts))[:6]
            detail = ScriptUse("image", symbol.component, "npm", known.at.path, found, names)
            self.symbols.append(
                Symbol(Kind.SCRIPT, Action.REFERS, Exact(use.name), symbol.at, role=symbol.role, detail=detail)
            )

    def _mounted(self, symbol: Symbol, dockerfile: str, want: Wanted) -> bool:
        """Tell whether something is mounted over the place that is looked at, wherever the image runs."""
        return any(
            path == target or path.startswith(target.rstrip("/") + "/")
            for target in self.covered(symbol, dockerfile)
            for path in want.sought
        )

    def covered(self, symbol: Symbol, dockerfile: str) -> tuple[str, ...]:
        """Return the folders over which something is mounted wherever an image runs."""
        users = {c.id for c in self.draft.components if dockerfile in c.dockerfiles} | {symbol.component}
        return tuple(mount.target for component, mount in self.mounts if component in users)

    def _want(self, symbol: Symbol, want: Wanted, image: Image) -> None:
        if image.stage is not None and want.there and want.sought and want.there[0][0] == want.name:
            at, source = want.sought[0], want.there[0][1]
            if source.endswith("/__init__.py") and not at.endswith("/__init__.py"):
                at = at.removesuffix(".py") + "/__init__.py"
            found = locate(at, image.stage, image.stages, self.contexts)
            if isinstance(found, InRepository | Built) and found.path == source:
                self.started.append(Started(at, source, image.stage, image.stages, symbol))
        component = f"{image.id}!{symbol.at}"
        put_together = image.stage.at if image.stage else image.at
        detail = FileWanted(want.how, put_together, want.sought, want.compiler_at, want.left_out)
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


def words_of(symbol: Symbol) -> tuple[str, ...]:
    """Return the words of a command, none where it is no command."""
    return symbol.detail.words if isinstance(symbol.detail, CommandUse) else ()


def _built_in(use: CommandUse) -> bool:
    return bool(use.words) and use.words[0] in BUILTINS - {"exec", "command"}
