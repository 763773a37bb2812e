"""What a pipeline does, step by step: its jobs in order, with the scripts, targets and local actions they run inside."""

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.pipeline import ActionUse, PipelineJob
from roadworthy.model.detail.release import ShellValue
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import invocation
from roadworthy.syntax.command_line import base, calls

_DEPTH = 5
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "source", "."})
MAXIMUM_STEPS = 2000
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One command or action of a flow. `words` are those of a command; `action` the name of an action, `given` its inputs.
    `folder` is where it runs, `source` "pipeline", "script", "make" or "npm"; `opaque` tells that what it does is not in the repository."""

    at: Span
    role: FileRole
    words: tuple[str, ...]
    folder: str | None
    source: str
    swallowed: bool = False
    optional: bool = False
    piped: bool = False
    action: str = ""
    given: tuple[tuple[str, str], ...] = ()
    version: str = ""
    id: str = ""
    opaque: bool = False
    writes: tuple[str, ...] = ()
    guarded: bool = False
    how: str = ""
    caller: Span | None = None
    reads: tuple[str, ...] = ()


class Flows:
    """Every job and script with its steps."""

    def __init__(self, draft: Draft) -> None:
        self.jobs: dict[Key, Symbol] = {}
        self.scripts: dict[str, list[Symbol]] = defaultdict(list)
        self._files = frozenset(draft.files)
        self._own: dict[Key, list[Symbol]] = defaultdict(list)
        self._named: dict[tuple[str, str, str], list[Symbol]] = defaultdict(list)
        self._values: dict[str, dict[str, str]] = defaultdict(dict)
        self._known: dict[Key, list[Step]] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self.reached: set[str] = set()
        for symbol in draft.of(Kind.PIPELINE, Action.DEFINES):
            if isinstance(symbol.detail, PipelineJob):
                self.jobs[symbol.at.path, str(symbol.name)] = symbol
        for symbol in draft.symbols:
            match symbol.detail:
                case CommandLine(source="pipeline", owner=owner) | ActionUse(job=owner):
                    self._own[symbol.at.path, owner].append(symbol)
                case CommandLine(source="make" | "npm" as source, owner=owner):
                    self._named[source, symbol.at.path.rpartition("/")[0], owner].append(symbol)
                case CommandUse(purpose="script"):
                    self.scripts[symbol.at.path].append(symbol)
                case ShellValue(value):
                    self._values[symbol.at.path][str(symbol.name)] = value
        for path in self.scripts:
            self._by_name[base(path)].append(path)

    def steps(self, key: Key) -> list[Step]:
        """Return the steps of a job, in order."""
        if key not in self._known:
            self._known[key] = list(self._job(key, 0))[:MAXIMUM_STEPS]
        return self._known[key]

    def of_script(self, path: str) -> list[Step]:
        """Return the steps of a script that nothing else runs."""
        return list(self._script(path, 0))[:MAXIMUM_STEPS]

    def before(self, key: Key) -> list[Key]:
        """Return the jobs a job waits for, nearest last."""
        pending, seen = [key], [key]
        while pending:
            symbol = self.jobs.get(pending.pop())
            for name in symbol.detail.needs if symbol and isinstance(symbol.detail, PipelineJob) else ():
                if (key[0], name) not in seen:
                    seen.append((key[0], name))
                    pending.append((key[0], name))
        return seen[:0:-1]

    def after(self, key: Key) -> list[Key]:
        """Return the jobs that wait for a job."""
        return [other for other in sorted(self.jobs) if other[0] == key[0] and key in self.before(other)]

    def called(self) -> set[str]:
        """Return the files whose jobs count where they are used: reusable workflows and actions."""
        found = {path for (path, _), s in self.jobs.items() if getattr(s.detail, "platform", "") == "github-action"}
        for symbol in self.jobs.values():
            if isinstance(symbol.detail, PipelineJob) and symbol.detail.calls.startswith("./"):
                found.add(posixpath.normpath(symbol.detail.calls))
        return found

    def _job(self, key: Key, depth: int) -> Iterator[Step]:
        symbol = self.jobs.get(key)
        if symbol is not None and isinstance(symbol.detail, PipelineJob) and symbol.detail.calls and depth < _DEPTH:
            path = posixpath.normpath(symbol.detail.calls)
            inner = sorted((k for k in self.jobs if k[0] == path), key=lambda k: (len(self.before(k)), self.jobs[k].at))
            for other in inner:
                yield from self._job(other, depth + 1)
            if not inner:
                yield Step(symbol.at, symbol.role, (), None, "pipeline", action=symbol.detail.calls, opaque=True)
        for own in sorted(self._own[key], key=lambda s: s.at):
            yield from self._symbol(own, depth)

    def _symbol(self, symbol: Symbol, depth: int) -> Iterator[Step]:
        match symbol.detail:
            case CommandLine() as line:
                step = Step(
                    symbol.at,
                    symbol.role,
                    line.words,
                    line.folder,
                    line.source,
                    line.swallowed,
                    line.optional,
                    writes=line.writes,
                    how=line.how,
                    reads=line.reads,
                )
                yield from self._command(step, depth)
            case ActionUse(form="local") if depth < _DEPTH:
                folder = posixpath.normpath(str(symbol.name))
                paths = [f"{folder}/{name}" for name in ("action.yml", "action.yaml")]
                found = next((path for path in paths if (path, path) in self.jobs), "")
                if found:
                    yield from self._job((found, found), depth + 1)
                elif not str(symbol.name).endswith((".yml", ".yaml")):
                    yield Step(symbol.at, symbol.role, (), None, "pipeline", action=str(symbol.name), opaque=True)
            case ActionUse() as use:
                yield Step(
                    symbol.at,
                    symbol.role,
                    (),
                    "",
                    "pipeline",
                    use.may_fail,
                    action=str(symbol.name),
                    given=use.given,
                    version=use.version,
                    id=use.id,
                )

    def _command(self, step: Step, depth: int) -> Iterator[Step]:
        targets = list(self._targets(step)) if depth < _DEPTH else []
        if not targets:
            yield step
            return
        for kind, path, name in targets:
            if kind == "script":
                inner = self._script(path, depth + 1)
            else:
                named = sorted(self._named[kind, path, name], key=lambda s: s.at)
                inner = (found for symbol in named for found in self._symbol(symbol, depth + 1))
            if step.how:
                # What happens to the call happens to all that is called.
                inner = (replace(found, swallowed=True, how=step.how, caller=step.at) for found in inner)
            yield from inner

    def _script(self, path: str, depth: int) -> Iterator[Step]:
        self.reached.add(path)
        values = self._values[path]
        for symbol in self.scripts[path]:
            use = symbol.detail
            if isinstance(use, CommandUse):
                words = tuple(_filled(word, values) for word in use.words)
                step = Step(
                    symbol.at,
                    symbol.role,
                    words,
                    "",
                    "script",
                    use.swallowed,
                    use.optional,
                    use.piped,
                    writes=use.writes,
                    guarded=use.guarded,
                    reads=use.reads,
                )
                yield from self._command(step, depth)

    def _targets(self, step: Step) -> Iterator[tuple[str, str, str]]:
        for call in calls(step.words):
            path = self._script_of(call.words, step)
            if path:
                yield "script", path, ""
                return
        for use in invocation.uses(step.words, step.folder):
            if use.form in ("make", "npm") and use.folder is not None and self._named[use.form, use.folder, use.name]:
                yield use.form, use.folder, use.name

    def _script_of(self, words: tuple[str, ...], step: Step) -> str:
        """Return the script of the repository that a call runs, "" where it runs none."""
        rest = words[1:] if base(words[0]) in _SHELLS else words
        name = next((word for word in rest if not word.startswith("-")), "")
        if "-c" in rest[:2] or not name:
            return ""
        if "$" in name:
            alike = self._by_name.get(base(name), ())
            return alike[0] if len(alike) == 1 else ""
        if "/" not in name and not (rest is not words and "." in name):
            return ""
        places = dict.fromkeys((step.folder or "", "", step.at.path.rpartition("/")[0]))
        paths = [posixpath.normpath(posixpath.join(place, name)) for place in places]
        return next((path for path in paths if path in self.scripts), "")


def _filled(word: str, values: dict[str, str]) -> str:
    for _ in range(2):
        if "$" not in word:
            break
        for name, value in values.items():
            if name in word:
                word = word.replace("${" + name + "}", value)
                if (
                    word == "$" + name
                    or word.startswith("$" + name + "/")
                    or f"${name}:" in word
                    or f"${name}/" in word
                ):
                    word = word.replace("$" + name, value, 1)
    return word
