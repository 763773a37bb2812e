"""What the command lines of workloads, crontabs, pipelines and ConfigMaps do about backups, step by step."""

import re
import shlex
from collections import defaultdict

from roadworthy.link.draft import Draft
from roadworthy.model.detail.backup import BackupStep, BackupSteps
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import backup_script
from roadworthy.syntax.backup_acts import acts_of
from roadworthy.syntax.command_line import base, script_text

_STARTED = frozenset({"job", "command", "entrypoint"})
_WIPES = re.compile(r"\brm\s+-|DROP\s|volume|delete|FLUSH|\bdown\b", re.IGNORECASE)
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})


def derive(draft: Draft) -> None:
    """Add the steps of every command line and of every script a ConfigMap holds."""
    found: list[Symbol] = []
    entrypoints = {
        (s.component, s.at.path): s.detail
        for s in draft.of(Kind.COMMAND, Action.REFERS)
        if isinstance(s.detail, CommandUse) and s.detail.purpose == "entrypoint" and s.detail.stage is None
    }
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if isinstance(use, CommandUse) and use.purpose in _STARTED and symbol.phase != "build":
            text = _text(use, entrypoints.get((symbol.component, symbol.at.path)))
            if text and backup_script.speaks_of_backups(text):
                words = use.words
                strict = any(word.startswith("-") and "e" in word for word in words[1:-1] if len(word) < 6)
                steps = backup_script.read(
                    text, symbol.at.path, "inline", symbol.at, errexit=strict, pipefail="pipefail" in words
                )
                if steps.steps:
                    found.append(_symbol(symbol, symbol.component or base(words[0])[:40], steps))
    for symbol in draft.of(Kind.SECRET_KEY, Action.DEFINES):
        key = symbol.detail
        if isinstance(key, ObjectKey) and key.value and "\n" in key.value and symbol.name is not None:
            name = str(symbol.name).rpartition("/")[2]
            if (name.endswith(".sh") or key.value.startswith("#!")) and backup_script.speaks_of_backups(key.value):
                steps = backup_script.read(key.value, name, "configmap", symbol.at)
                if steps.steps:
                    found.append(_symbol(symbol, name, steps))
    draft.symbols += found + _lines(draft)


def _symbol(of: Symbol, name: str, steps: BackupSteps) -> Symbol:
    return Symbol(Kind.JOB, Action.REFERS, Exact(name), of.at, of.component, "run", of.role, steps)


def _text(use: CommandUse, entrypoint: CommandUse | None) -> str:
    """Return what a shell reads, or the words of a program as one text."""
    words = use.words
    if use.form == "shell":
        return words[0] if words else ""
    if use.purpose == "command" and entrypoint is not None:
        told = entrypoint.words[-1:] in (("-c",), ("-ec",), ("-lc",), ("-exc",), ("-euc",))
        if told and base(entrypoint.words[0]) in _SHELLS and words:
            return words[0] if len(words) == 1 else " ".join(words)
    if words and base(words[0]) in _SHELLS:
        text = script_text(words)
        if text is not None:
            return text
    return " ".join(shlex.quote(word) for word in words)


def _speaks(line: CommandLine) -> bool:
    text = " ".join(line.words)[:2000]
    return backup_script.speaks_of_backups(text) or (line.source == "document" and _WIPES.search(text) is not None)


def _lines(draft: Draft) -> list[Symbol]:
    """Return the steps of each job of a pipeline, target of a Makefile and section of a document."""
    groups: dict[tuple[str, str, str], list[Symbol]] = defaultdict(list)
    for symbol in draft.of(Kind.STEP, Action.REFERS):
        line = symbol.detail
        if isinstance(line, CommandLine) and line.source in ("pipeline", "make", "document"):
            groups[symbol.at.path, line.source, line.owner].append(symbol)
    found: list[Symbol] = []
    for (path, source, owner), symbols in sorted(groups.items()):
        steps: list[BackupStep] = []
        for symbol in sorted(symbols, key=lambda s: s.at):
            line = symbol.detail
            if isinstance(line, CommandLine) and _speaks(line):
                for act in acts_of(line.words, files="backup" in f"{path} {owner}".lower(), reads_file=bool(line.how)):
                    text = " ".join(line.words)
                    steps.append(
                        BackupStep(
                            act.act,
                            act.tool,
                            text[:300],
                            symbol.at,
                            act.product,
                            line.how,
                            symbol.at,
                            line.writes,
                            line.optional,
                            act.remote,
                        )
                    )
        if steps:
            first = symbols[0]
            found.append(
                Symbol(
                    Kind.JOB,
                    Action.REFERS,
                    Exact(owner or path),
                    min(s.at for s in symbols),
                    "",
                    "script",
                    first.role,
                    BackupSteps(tuple(steps), source),
                )
            )
    return found
