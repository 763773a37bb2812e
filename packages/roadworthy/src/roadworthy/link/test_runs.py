"""Whether a pipeline runs the tests: followed through make, npm, tox, nox, scripts, images and actions of the repository."""

import itertools
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadworthy.link.draft import Draft
from roadworthy.link.test_programs import may_run, may_run_in, mentioned, runner, tool_of_container
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.pipeline import ActionUse, PipelineJob
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerCalled, RunnerHidden
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import invocation
from roadworthy.syntax.command_line import base, calls

_DEPTH = 6
_MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_PLACING = frozenset({"--filter", "-F", "-w", "--workspace", "--cwd", "--dir", "-C", "--prefix", "--scope"})
_INSTALLING = frozenset(
    "install i ci add remove up update upgrade audit cache config set dedupe pack publish store fetch why info test".split()
)


@dataclass(frozen=True, slots=True)
class _Step:
    """A command on the way from a pipeline to a runner."""

    at: Symbol
    job: str
    via: str = ""
    how: str = ""
    depth: int = 0
    given: tuple[str, ...] = ()


def derive(draft: Draft) -> None:
    """Add every call of a test runner by a pipeline, and every step that may be one."""
    following = _Following(draft)
    found: dict[tuple[object, ...], Symbol] = {}
    for symbol in draft.of(Kind.STEP, Action.REFERS):
        detail = symbol.detail
        following.start()
        if isinstance(detail, CommandLine) and detail.source == "pipeline" and not following.composite(symbol):
            step = _Step(symbol, detail.owner, how=detail.how)
            results = following.command(detail.words, detail.folder, step)
        elif isinstance(detail, ActionUse) and not following.composite(symbol):
            results = following.action(symbol, detail)
        else:
            continue
        for result in results:
            found[result.at, str(result.name), type(result.detail)] = result
    draft.symbols += found.values()


class _Following:
    """Everything a command may lead to."""

    def __init__(self, draft: Draft) -> None:
        self._files = frozenset(draft.files)
        self._passed: set[int] = set()
        self._lines: dict[tuple[str, str | None, str], list[Symbol]] = defaultdict(list)
        self._scripts: dict[str, list[CommandUse]] = defaultdict(list)
        self._builds: list[CommandUse] = []
        self._actions: dict[str, list[Symbol]] = defaultdict(list)
        self._composite = {
            s.at.path
            for s in draft.of(Kind.PIPELINE, Action.DEFINES)
            if isinstance(s.detail, PipelineJob) and s.detail.platform == "github-action"
        }
        for symbol in draft.symbols:
            match symbol.detail:
                case CommandLine() as line if line.source != "pipeline" and line.source != "document":
                    self._lines[line.source, symbol.at.path.rpartition("/")[0], line.owner].append(symbol)
                case CommandUse(purpose="script") as use:
                    self._scripts[symbol.at.path].append(use)
                case CommandUse(purpose="run") as use:
                    self._builds.append(use)
            if symbol.at.path in self._composite:
                self._actions[symbol.at.path.rpartition("/")[0]].append(symbol)

    def start(self) -> None:
        """Begin with another step: on the way from one step, no line is followed twice."""
        self._passed.clear()

    def _first_time(self, line: object) -> bool:
        if id(line) in self._passed:
            return False
        self._passed.add(id(line))
        return True

    def composite(self, symbol: Symbol) -> bool:
        """Tell whether a step belongs to an action of the repository, which counts where it is used."""
        return symbol.at.path in self._composite

    def action(self, symbol: Symbol, use: ActionUse) -> Iterator[Symbol]:
        """Yield what a step does that uses an action."""
        name = str(symbol.name)
        if use.form == "local" and not name.endswith((".yml", ".yaml")):
            inner = self._actions.get(posixpath.normpath(name), [])
            if not inner:
                yield _hidden(symbol, use.job, name, "this action is not in the repository")
            for step in inner:
                if isinstance(step.detail, CommandLine):
                    how = "continue-on-error" if use.may_fail else step.detail.how
                    yield from self.command(step.detail.words, step.detail.folder, _Step(symbol, use.job, name, how, 1))
        elif use.form == "local":
            if posixpath.normpath(name) not in self._files:
                yield _hidden(symbol, use.job, name, "this workflow is not in the repository")
        elif name.endswith((".yml", ".yaml")):
            yield _hidden(symbol, use.job, name, "a workflow of another repository")
        elif use.form == "unreadable" or may_run_in(name):
            yield _hidden(symbol, use.job, name, "an action that may run tests")
        for key, value in use.given:
            if key in ("run", "command", "script") and mentioned(value):
                yield _called(_Step(symbol, use.job, name, "continue-on-error" if use.may_fail else ""), "the tests")

    def command(self, words: tuple[str, ...], folder: str | None, step: _Step) -> Iterator[Symbol]:
        """Yield the runners a command leads to, and what hides whether it does."""
        if step.depth > _DEPTH:
            return
        followed = False
        for call in calls(words):
            program = base(call.program)
            if named := runner(program, call.words):
                yield _called(step, named, (*call.words, *step.given))
                return
            if program in ("docker", "docker-compose", "podman"):
                yield from self._docker(call.words, step)
                return
            if program in ("tox", "nox"):
                yield from self._environments(program, call.words, folder, step)
                return
            if program == "kubectl" or program == "ssh":
                if mentioned(" ".join(call.words)):
                    yield _called(step, "the tests")
                return
            if program in _MANAGERS:
                short = list(self._shortened(program, call.words, folder, step))
                yield from short
                if short:
                    return
            for use in invocation.uses(call.words, folder):
                if use.form in ("make", "npm", "script"):
                    followed = True
                    handed = call.words[call.words.index("--") + 1 :] if "--" in call.words else ()
                    yield from self._use(use, replace(step, given=(*handed, *step.given)))
                    break
            if program == "make" and not followed:
                followed = True
                yield from self._default(folder, step)
            if not followed and "$" in call.program:
                yield _hidden(step.at, step.job, call.program, "a computed program")
            elif not followed and may_run(program, call.words):
                yield _hidden(step.at, step.job, " ".join(call.words)[:60], "it may run them")
            if followed:
                return

    def _shortened(self, program: str, words: tuple[str, ...], folder: str | None, step: _Step) -> Iterator[Symbol]:
        """Yield what `yarn vitest`, `pnpm test:unit`, `yarn workspace api test` and names with a variable lead to."""
        plain: list[str] = []
        skips = False
        for word in words[1:]:
            if not skips and not word.startswith("-"):
                plain.append(word)
            skips = word in _PLACING
            folder = None if skips else folder
        if program == "yarn" and plain[:1] == ["workspace"] and len(plain) > 2:
            plain, folder = plain[2:], None
        elif plain[:1] == ["workspaces"]:
            plain, folder = plain[plain.index("run") :] if "run" in plain else plain[2:], None
        named_run = plain[:1] in (["run"], ["run-script"])
        inner = plain[1:] if named_run or plain[:1] in (["exec"], ["x"], ["dlx"]) else plain
        if not inner or (inner is plain and (program == "npm" or inner[0] in _INSTALLING)):
            return
        name = inner[0]
        if not named_run and (found := runner(name, tuple(inner))):
            yield _called(step, found, (*inner, *step.given))
        elif "$" in name:
            prefix = name.partition("$")[0]
            owners = sorted({o for kind, f, o in self._lines if kind == "npm" and (folder is None or f == folder)})
            fitting = [owner for owner in owners if prefix and owner.startswith(prefix)]
            for owner in fitting:
                yield from self._use(invocation.Use("npm", owner, folder), step)
            if not fitting:
                yield _hidden(step.at, step.job, " ".join(words)[:60], "a script named by a variable")
        elif inner is plain or folder is None:
            yield from self._use(
                invocation.Use("npm", name, folder), replace(step, given=(*words[words.index(name) + 1 :], *step.given))
            )

    def _use(self, use: invocation.Use, step: _Step) -> Iterator[Symbol]:
        via = f"make {use.name}" if use.form == "make" else f"npm run {use.name}" if use.form == "npm" else use.name
        if use.form == "script":
            yield from self._script(use.name, use.folder, step)
            return
        folders = (
            [use.folder] if use.folder is not None else sorted({f or "" for s, f, _ in self._lines if s == use.form})
        )
        lines = [line for folder in folders for line in self._lines.get((use.form, folder, use.name), [])]
        yield from self._lines_of(lines, step, via)

    def _lines_of(self, lines: list[Symbol], step: _Step, via: str) -> Iterator[Symbol]:
        for symbol in lines:
            line = symbol.detail
            if isinstance(line, CommandLine) and self._first_time(symbol):
                how = step.how or line.how
                inner = _Step(step.at, step.job, step.via or via, how, step.depth + 1, step.given)
                yield from self.command(line.words, line.folder, inner)

    def _default(self, folder: str | None, step: _Step) -> Iterator[Symbol]:
        lines = [s for (source, f, _), found in self._lines.items() if source == "make" and f == folder for s in found]
        yield from self._lines_of(lines, step, "make")

    def _environments(self, program: str, words: tuple[str, ...], folder: str | None, step: _Step) -> Iterator[Symbol]:
        source = "tox" if program == "tox" else "task"
        chosen = {
            name
            for option, value in itertools.pairwise(words)
            if option in ("-e", "-s", "--session", "--sessions")
            for name in re.split(r"[,\s]", value)
        }
        lines = [
            symbol
            for (kind, _, owner), found in self._lines.items()
            if kind == source and (not chosen or owner in chosen or owner == "testenv")
            for symbol in found
        ]
        if not lines:
            yield _hidden(step.at, step.job, program, "its environments cannot be seen")
        yield from self._lines_of(lines, step, program)

    def _script(self, name: str, folder: str | None, step: _Step) -> Iterator[Symbol]:
        path = posixpath.normpath(posixpath.join(folder or "", name))
        if path not in self._scripts:
            yield _hidden(step.at, step.job, name, "this script cannot be read")
            return
        for use in filter(self._first_time, self._scripts[path]):
            how = step.how or ("`||`, behind which the script goes on" if use.swallowed else "")
            inner = _Step(step.at, step.job, step.via or name, how, step.depth + 1)
            yield from self.command(use.words, "", inner)

    def _docker(self, words: tuple[str, ...], step: _Step) -> Iterator[Symbol]:
        text = " ".join(words)
        if mentioned(text):
            yield _called(step, "the tests")
            return
        verbs = set(words)
        if "build" in verbs or "buildx" in verbs or "--build" in verbs:
            for use in self._builds:
                if mentioned(" ".join(use.words)):
                    yield _called(_Step(step.at, step.job, "docker build", step.how), "the tests")
                    return
        if "run" in verbs and "compose" not in verbs and tool_of_container(words):
            return
        if verbs & {"exec", "run"}:
            names = [word.rpartition("/")[2] for word in words if word.endswith(".sh")]
            for path in sorted(self._scripts):
                if path.rpartition("/")[2] in names:
                    yield from self._script(path, "", _Step(step.at, step.job, path, step.how, step.depth + 1))
                    return
            if "compose" in verbs or words[0] == "docker-compose" or not verbs & {"--entrypoint"}:
                yield _hidden(step.at, step.job, text[:60], "what runs in the container is not said here")
        elif ("up" in verbs and "--exit-code-from" in text) or "--abort-on-container-exit" in verbs:
            yield _hidden(step.at, step.job, text[:60], "what runs in the containers is not said here")


def _called(step: _Step, name: str, words: tuple[str, ...] = ()) -> Symbol:
    detail = RunnerCalled(step.job, step.via, step.how, words)
    return Symbol(Kind.TEST, Action.REFERS, Exact(name), step.at.at, phase="test", role=step.at.role, detail=detail)


def _hidden(symbol: Symbol, job: str, name: str, why: str) -> Symbol:
    detail = RunnerHidden(job, why)
    return Symbol(Kind.TEST, Action.REFERS, Exact(name), symbol.at, phase="test", role=symbol.role, detail=detail)
