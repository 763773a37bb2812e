"""Dockerfiles: stages, base images, what is copied, run, exposed, given and started."""

import posixpath
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.image import (
    BaseImage,
    CopySource,
    FilePlaced,
    PackageInstalled,
    SecretBaked,
    StageBuilt,
    StageFolder,
    StageUse,
    StageUser,
)
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.release import BuildMount
from roadworthy.model.detail.volume import Mount
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Symbol, Unreadable
from roadworthy.syntax import run_script, shell
from roadworthy.syntax.dockerfile import Dockerfile, dockerfile
from roadworthy.syntax.dockerfile_stages import Stage, Step, assignments, folder_after, joined, stages
from roadworthy.syntax.dockerfile_words import exec_words
from roadworthy.syntax.installs import installed
from roadworthy.syntax.secrecy import names_secret, stands_for_secret

PROVIDES = frozenset(
    {Kind.IMAGE, Kind.STAGE, Kind.FILE, Kind.COMMAND, Kind.PORT, Kind.ENVIRONMENT, Kind.VOLUME, Kind.PACKAGE}
    | {Kind.SETTING, Kind.SECRET_KEY}
)
_NAME = re.compile(r"(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?|[\w.-]+\.(?:[Dd]ockerfile|[Cc]ontainerfile)")
_OTHER = re.compile(
    r".*\.(?:dockerignore|md|rst|txt|py|js|ts|go|rb|sh|ya?ml|json|toml|j2|jinja2?|tpl|tmpl|erb|mustache|in)"
)
_SHELLS = ("sh", "bash", "ash", "dash")
_STEERING = frozenset(
    {"NODE_ENV", "NPM_CONFIG_PRODUCTION", "npm_config_production", "NPM_CONFIG_OMIT", "npm_config_omit", "UV_NO_DEV"}
    | {"YARN_PRODUCTION", "POETRY_WITHOUT", "POETRY_ONLY", "NPM_CONFIG_INCLUDE", "npm_config_include"}
)
_DEFINES, _REFERS = Action.DEFINES, Action.REFERS


def wants(path: str) -> bool:
    """Files named Dockerfile, Dockerfile.api, api.Dockerfile, Containerfile."""
    name = path.rpartition("/")[2]
    return bool(_NAME.fullmatch(name)) and not _OTHER.fullmatch(name)


def claims(path: str) -> bool:
    """A file of such a name is nothing else."""
    return wants(path)


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return wants(file.path)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what each stage starts from, holds, needs and starts."""
    parsed = dockerfile(file)
    yield from _before(parsed)
    found = stages(parsed)
    names = {stage.name: stage.index for stage in found if stage.name}
    for stage in found:
        reader = _Reader(file, parsed.escape, stage, found, names)
        yield from reader.opening()
        for step in stage.body:
            if step.instruction.trigger:
                yield from reader.triggered(step)
            else:
                yield from reader.step(step)


def _before(parsed: Dockerfile) -> Iterator[Statement]:
    for instruction in parsed.instructions:
        if instruction.keyword == "FROM":
            return
        for name, value, word in assignments(instruction, parsed.escape):
            detail = EnvironmentGiven("ARG", None if names_secret(name) else value)
            yield Symbol(Kind.ENVIRONMENT, _DEFINES, Exact(name), word.at, phase="build", detail=detail)


class _Reader:
    """Reads the steps of one stage."""

    def __init__(
        self, file: SourceFile, escape: str, stage: Stage, all_stages: tuple[Stage, ...], names: dict[str, int]
    ) -> None:
        self._file = file
        self._escape = escape
        self._stage = stage
        self._all = all_stages
        self._names = names

    def opening(self) -> Iterator[Statement]:
        """Yield the stage and what it starts from."""
        stage = self._stage
        built = StageBuilt(stage.index, stage.base or "", stage.parent, stage.final)
        name = Exact(stage.name or str(stage.index))
        yield self._symbol(Kind.STAGE, _DEFINES, name, stage.name_at, built, phase="build")
        if stage.parent is not None:
            use = StageUse("FROM", stage.index)
            base = self._all[stage.parent].name
            yield self._symbol(Kind.STAGE, _REFERS, Exact(base), stage.base_at, use, phase="build")
        else:
            image: Name = Exact(stage.base) if stage.base else Unreadable("a build argument without a default")
            detail = BaseImage(stage.index, "FROM", stage.serves)
            yield self._symbol(Kind.IMAGE, _REFERS, image, stage.base_at, detail, phase=self._phase)

    @property
    def _phase(self) -> str:
        return "run" if self._stage.serves else "build"

    def _symbol(self, kind: Kind, action: Action, name: Name, at: Span, detail: Detail, phase: str = "") -> Symbol:
        return Symbol(kind, action, name, at, phase=phase or self._phase, role=self._file.role, detail=detail)

    def triggered(self, step: Step) -> Iterator[Statement]:
        """Yield that an image built on this one gets more files than this one holds."""
        if step.instruction.keyword in ("COPY", "ADD", "RUN"):
            detail = CopySource(self._stage.index, "ONBUILD", "", None, True)
            hidden = Unreadable("what ONBUILD brings")
            yield self._symbol(Kind.FILE, _REFERS, hidden, step.instruction.at, detail, phase="build")

    def step(self, step: Step) -> Iterator[Statement]:
        """Yield what one instruction states."""
        match step.instruction.keyword:
            case "COPY" | "ADD":
                yield from self._copy(step)
            case "RUN":
                yield from self._run(step)
            case "CMD":
                yield from self._start(step, "command", step.instruction.text, step.instruction.at)
            case "ENTRYPOINT":
                yield from self._start(step, "entrypoint", step.instruction.text, step.instruction.at)
            case "HEALTHCHECK":
                yield from self._healthcheck(step)
            case "ENV" | "ARG":
                yield from self._variables(step)
            case "EXPOSE":
                yield from self._expose(step)
            case "VOLUME":
                for word in step.instruction.words(self._escape):
                    yield self._symbol(Kind.VOLUME, _REFERS, Exact(word.text), word.at, Mount("anonymous", word.text))
            case "USER":
                user = step.expand(step.instruction.text.strip())
                name = Exact("user") if user is not None else Unreadable("a build argument")
                detail = StageUser(self._stage.index, user or "")
                yield self._symbol(Kind.SETTING, _DEFINES, name, step.instruction.at, detail)
            case "WORKDIR":
                folder = folder_after(step, step.instruction.text.strip().strip("\"'"))
                detail_ = StageFolder(self._stage.index, folder or "")
                yield self._symbol(Kind.SETTING, _DEFINES, Exact("workdir"), step.instruction.at, detail_)

    def _copy(self, step: Step) -> Iterator[Statement]:
        instruction = step.instruction
        words = instruction.words(self._escape)
        if len(words) < 2:
            return
        origin_word = instruction.flag("from")
        origin = step.expand(origin_word.text) if origin_word else ""
        *sources, target = words
        expanded = step.expand(target.text)
        destination = None if expanded is None or step.folder is None else joined(step.folder, expanded)
        into = len(sources) > 1 or f"/{expanded}".endswith(("/", "/.", "/.."))
        for heredoc in instruction.heredocs:
            if destination:
                path = f"{destination}/{heredoc.name}" if into else destination
                placed = FilePlaced(self._stage.index, "heredoc")
                yield self._symbol(Kind.FILE, _DEFINES, Exact(path), heredoc.at, placed)
        if origin is None:
            yield self._open(Kind.COMMAND, "what COPY takes from a stage named by a build argument", instruction.at)
            return
        if origin_word:
            yield from self._origin(origin, origin_word.at, f"{instruction.keyword} --from")
        detail = CopySource(
            self._stage.index,
            instruction.keyword,
            origin,
            destination,
            into,
            instruction.flag("parents") is not None,
            tuple(value.text for name, value in instruction.flags if name == "exclude"),
            owner.text if (owner := instruction.flag("chown")) else "",
            mode.text if (mode := instruction.flag("chmod")) else "",
        )
        for word in sources:
            if word.text.startswith("<<") and instruction.heredocs:
                continue
            source = step.expand(word.text)
            name: Name = Unreadable("a build argument without a default") if source is None else Exact(source)
            yield self._symbol(Kind.FILE, _REFERS, name, word.at, detail, phase="build")

    def _origin(self, origin: str, at: Span, by: str) -> Iterator[Statement]:
        use = StageUse(by, self._stage.index)
        yield self._symbol(Kind.STAGE, _REFERS, Exact(origin), at, use, phase="build")

    def _run(self, step: Step) -> Iterator[Statement]:
        instruction = step.instruction
        mounted = False
        for name, word in instruction.flags:
            options = dict(part.partition("=")[::2] for part in word.text.split(","))
            if name == "mount" and options.get("type", "bind") == "bind" and not options.get("from"):
                seen = Exact(options.get("source") or options.get("src") or ".")
                yield self._symbol(Kind.FILE, _DEFINES, seen, word.at, BuildMount(self._stage.index), phase="build")
            if name == "mount" and options.get("from"):
                mounted = True
                origin = step.expand(options["from"])
                if origin:
                    yield from self._origin(origin, word.at, "RUN --mount")
        if instruction.exec_words is not None:
            yield from self._program(step, instruction.exec_words, instruction.at, mounted)
            return
        if step.shell[0].rpartition("/")[2] not in _SHELLS:
            yield self._open(Kind.COMMAND, f"what {step.shell[0]} runs", instruction.at)
            return
        entered: str | None = ""
        for command, at in run_script.commands(instruction):
            place = (entered, _given(command, instruction.text))
            yield from self._program(step, command.words, at, command.optional or mounted, command.writes, place)
            if command.program in ("cd", "pushd", "popd"):
                entered = _entered(entered, command.words, instruction.text)
        if not run_script.reads_all(instruction):
            yield self._open(Kind.COMMAND, "a build step that cannot be read", instruction.at)

    def _program(
        self,
        step: Step,
        words: tuple[str, ...],
        at: Span,
        optional: bool,
        writes: tuple[str, ...] = (),
        place: tuple[str | None, tuple[tuple[str, str], ...]] = ("", ()),
    ) -> Iterator[Statement]:
        if not words:
            return
        name: Name = Unreadable("a computed program") if "$" in words[0] else Exact(words[0])
        entered, given = place
        use = CommandUse(
            "run", "exec", words, step.shell[0], self._stage.index, optional, False, False, writes, entered, given
        )
        yield self._symbol(Kind.COMMAND, _REFERS, name, at, use, phase="build")
        manager, packages = installed(words)
        for package in packages:
            detail = PackageInstalled(self._stage.index, manager)
            yield self._symbol(Kind.PACKAGE, _DEFINES, Exact(package), at, detail)

    def _start(self, step: Step, purpose: str, text: str, at: Span) -> Iterator[Statement]:
        words = step.instruction.exec_words
        if words is None and not text.strip():
            return
        form = "shell" if words is None else "exec"
        given = (text.strip(),) if words is None else words
        yield from self._use(step, purpose, form, given, at)

    def _use(self, step: Step, purpose: str, form: str, words: tuple[str, ...], at: Span) -> Iterator[Statement]:
        if not words or (form == "shell" and step.shell[0].rpartition("/")[2] not in _SHELLS):
            return
        name: Name = Exact(words[0]) if form == "exec" else Unreadable("a shell line")
        use = CommandUse(purpose, form, words, step.shell[0], self._stage.index)
        yield self._symbol(Kind.COMMAND, _REFERS, name, at, use)

    def _healthcheck(self, step: Step) -> Iterator[Statement]:
        text = step.instruction.text
        if not text.upper().startswith(("CMD ", "CMD\t", "CMD[")):
            return
        rest = text[3:].strip()
        start = len(text) - len(text[3:].lstrip())
        at = step.instruction.place(start, len(text))
        words = exec_words(rest)
        form = "shell" if words is None else "exec"
        yield from self._use(step, "healthcheck", form, (rest,) if words is None else words, at)

    def _variables(self, step: Step) -> Iterator[Statement]:
        by = step.instruction.keyword
        for name, value, word in assignments(step.instruction, self._escape):
            secret = names_secret(name)
            known = step.variables.get(name) if by == "ENV" else value
            given = EnvironmentGiven(by, None if secret else known)
            phase = "build" if by == "ARG" else self._phase
            yield self._symbol(Kind.ENVIRONMENT, _DEFINES, Exact(name), word.at, given, phase=phase)
            if secret and value and not stands_for_secret(value):
                baked = SecretBaked(self._stage.index, by)
                yield self._symbol(Kind.SECRET_KEY, _DEFINES, Exact(name), word.at, baked)

    def _expose(self, step: Step) -> Iterator[Statement]:
        for word in step.instruction.words(self._escape):
            expanded = step.expand(word.text)
            if expanded is None:
                yield self._open(Kind.PORT, "a port given by a build argument", word.at)
                continue
            ports, _, protocol = expanded.partition("/")
            first, _, last = ports.partition("-")
            if not first.isdecimal() or (last and not last.isdecimal()):
                continue
            for port in range(int(first), min(int(last or first), int(first) + 100) + 1):
                use = PortUse("expose", protocol=protocol or "tcp")
                yield self._symbol(Kind.PORT, _DEFINES, Exact(str(port)), word.at, use)

    def _open(self, kind: Kind, reason: str, at: Span) -> Open:
        return Open(kind, "", reason, at)


def _entered(folder: str | None, words: tuple[str, ...], text: str) -> str | None:
    """Return the folder a step is in after `cd`, None where that cannot be told."""
    target = words[1] if len(words) == 2 and words[0] != "popd" else ""
    if folder is None or not target or "$" in target or target.startswith(("~", "-")) or "(" in text:
        return None
    return posixpath.normpath(posixpath.join(folder, target))


def _given(command: shell.Command, text: str) -> tuple[tuple[str, str], ...]:
    """Return the variables that decide what is installed and that a step sets for this command, or for all after them."""
    read = shell.parse(text)
    found: list[tuple[str, str]] = []
    for one in read.assignments:
        if one.name in _STEERING and one.exported:
            owner = next((other for other in read.commands if _holds(other.at, one.at)), None)
            if owner is command or (owner is None and one.at < command.at):
                found.append((one.name, one.value))
    return tuple(found)


def _holds(outer: Span, inner: Span) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return start <= (inner.line, inner.column) and (inner.end_line, inner.end_column) <= end
