"""The backups of a repository as the checks look at them: the steps of each, and what runs them."""

from collections import defaultdict
from dataclasses import dataclass

from roadworthy.model.detail.backup import BackupStep, BackupSteps
from roadworthy.model.detail.schedule import BackupRun
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Related
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole

_FORMS = frozenset({"script", "inline", "configmap", "pipeline", "make"})


@dataclass(frozen=True)
class Script:
    """A script or command line that has to do with backups. `whole` are its own steps and those of what it calls."""

    symbol: Symbol
    steps: BackupSteps
    runs: tuple[tuple[Symbol, BackupRun], ...]
    whole: tuple[BackupStep, ...]

    @property
    def name(self) -> str:
        """What a message calls it."""
        return self.symbol.at.path.rpartition("/")[2] if self.steps.form == "script" else str(self.symbol.name)

    @property
    def dumps(self) -> tuple[BackupStep, ...]:
        """The steps that make a copy of a store."""
        return self.steps.of("dump")

    @property
    def active(self) -> tuple[tuple[Symbol, BackupRun], ...]:
        """The runs that really take place."""
        return tuple((symbol, run) for symbol, run in self.runs if run.active)

    def does(self, *acts: str) -> BackupStep | None:
        """Return the first step of these kinds, its own or that of a script it calls."""
        return next((step for step in self.whole if step.act in acts), None)

    def started(self) -> tuple[Related, ...]:
        """Return the places that run it, for a finding."""
        return tuple(
            Related(
                symbol.at, f"{_SAID.get(run.by, run.by)} runs it" + (f" at `{run.schedule}`" if run.schedule else "")
            )
            for symbol, run in self.active
            if symbol.at != self.symbol.at
        )[:3]


_SAID = {
    "cronjob": "the CronJob",
    "job": "the Job",
    "compose": "the compose service",
    "crontab": "the crontab",
    "systemd": "the systemd unit",
    "workflow": "the workflow",
    "process": "the process",
    "make": "the Makefile",
    "document": "the document",
}


def scripts(facts: Facts) -> list[Script]:
    """Return every production script that has to do with backups or restores."""
    found = [
        (s, s.detail)
        for s in facts.details(Kind.JOB, Action.REFERS, BackupSteps)
        if s.role is FileRole.PROD and isinstance(s.detail, BackupSteps) and s.detail.form in _FORMS
    ]
    runs: dict[Span, list[tuple[Symbol, BackupRun]]] = defaultdict(list)
    for symbol in facts.details(Kind.JOB, Action.REFERS, BackupRun):
        if isinstance(symbol.detail, BackupRun) and symbol.role is FileRole.PROD:
            runs[symbol.detail.steps].append((symbol, symbol.detail))
    named = {str(s.name).rpartition("/")[2]: detail for s, detail in found}
    result = []
    for symbol, steps in found:
        whole = list(steps.steps)
        for name in steps.calls:
            if name in named and named[name] is not steps:
                whole += named[name].steps
                whole += [step for other in named[name].calls if other in named for step in named[other].steps]
        result.append(Script(symbol, steps, tuple(runs[symbol.at]), tuple(whole)))
    return result


def backups(facts: Facts) -> list[Script]:
    """Return the scripts that make backups: those that dump, and are not about restoring."""
    return [one for one in scripts(facts) if one.dumps and not _restores(one)]


def _restores(one: Script) -> bool:
    name = one.name.lower()
    return "restor" in name or ("backup" not in name and one.steps.of("restore") != ())
