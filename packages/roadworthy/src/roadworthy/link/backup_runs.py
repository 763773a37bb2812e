"""What runs each script that makes, checks or restores a backup."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from roadworthy.link.draft import Draft
from roadworthy.model.cron import never
from roadworthy.model.detail.backup import BackupSteps
from roadworthy.model.detail.command import CommandUse, ProgramUse
from roadworthy.model.detail.pipeline import PipelineJob
from roadworthy.model.detail.schedule import BackupRun, Scheduled
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_TOKEN = re.compile(r"[\w.-]+")
_CRON = re.compile(r"(?:^|[\s\"'])(?:[\d*/,-]+\s+){4}[\d*/,A-Za-z-]+\s+\S")
# What makes or moves an image named for backups runs none.
_IMAGES = re.compile(r"(?:docker|podman|buildah|nerdctl)\s+(?:(?:image|buildx)\s+)?(?:build|push|pull|tag|bake|bud)\b")
_NOT_RUNNING = frozenset({"shellcheck", "chmod", "ls", "git", "cp", "shfmt", "install", "cat", "echo", "bats"})
_CLIENTS = frozenset(
    """
    pg_dump pg_dumpall pg_restore pg_basebackup psql mysqldump mysql mariadb-dump mongodump mongorestore redis-cli
    sqlite3 aws s3cmd rclone gsutil gcloud az azcopy mc restic borg kopia duplicity gpg gpg2 age openssl zstd xz scp
    rsync ssh wal-g pgbackrest clickhouse-client s5cmd curl wget
    """.split()
)
_BY = {"cronjob": "cronjob", "job": "job"}


@dataclass(frozen=True, slots=True)
class _Starter:
    """Something that starts commands."""

    tokens: frozenset[str]
    symbol: Symbol
    run: BackupRun


def derive(draft: Draft) -> None:
    """Add a run for each pair of steps and what starts them, through scripts that call one another."""
    steps = [s for s in draft.of(Kind.JOB, Action.REFERS) if isinstance(s.detail, BackupSteps)]
    if not steps:
        return
    starters = _starters(draft)
    runs: dict[Span, list[tuple[Symbol, BackupRun]]] = defaultdict(list)
    at_place: dict[Span, list[int]] = defaultdict(list)
    with_token: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(starters):
        at_place[one.symbol.at].append(number)
        for token in one.tokens:
            with_token[token].append(number)
    scripts = [s for s in steps if isinstance(s.detail, BackupSteps) and s.detail.form in ("script", "configmap")]
    for symbol in steps:
        detail = symbol.detail
        if not isinstance(detail, BackupSteps):
            continue
        if detail.form in ("script", "configmap"):
            numbers = sorted({n for name in _names(str(symbol.name)) for n in with_token.get(name, ())})
        else:
            numbers = at_place.get(symbol.at, [])
        runs[symbol.at] += [(starters[n].symbol, starters[n].run) for n in numbers]
    _hand_on(scripts, runs)
    _mark_programs(draft, steps)
    for at, found in runs.items():
        for symbol, run in found:
            detail_ = BackupRun(at, run.by, run.component, run.schedule, run.active, run.why, run.gives)
            draft.symbols.append(
                Symbol(Kind.JOB, Action.REFERS, Exact(run.by), symbol.at, run.component, "run", symbol.role, detail_)
            )


def _hand_on(scripts: list[Symbol], runs: dict[Span, list[tuple[Symbol, BackupRun]]]) -> None:
    """Let what runs a script also run the scripts it calls, through three calls at most."""
    numbered: dict[str, list[int]] = defaultdict(list)
    for number, script in enumerate(scripts):
        numbered[str(script.name).rpartition("/")[2]].append(number)
    for _ in range(3):
        for caller in scripts:
            called = caller.detail.calls if isinstance(caller.detail, BackupSteps) else ()
            for number in sorted({n for name in called for n in numbered.get(name, ())}):
                script = scripts[number]
                if script is not caller:
                    known = {one.at for one, _ in runs[script.at]}
                    runs[script.at] += [pair for pair in runs[caller.at] if pair[0].at not in known]


def _mark_programs(draft: Draft, steps: list[Symbol]) -> None:
    """Mark the clients of stores that backups call: their absence is a matter of the backup."""
    paths = {
        s.at.path for s in steps if isinstance(s.detail, BackupSteps) and s.detail.form == "script" and s.detail.steps
    }
    places = {s.at for s in steps if isinstance(s.detail, BackupSteps) and s.detail.steps}
    for index, symbol in enumerate(draft.symbols):
        use = symbol.detail
        if not isinstance(use, ProgramUse) or use.purpose == "runbook" or str(symbol.name) not in _CLIENTS:
            continue
        if symbol.action is Action.REFERS and (symbol.at.path in paths or symbol.at in places):
            draft.symbols[index] = replace(symbol, detail=replace(use, purpose="backup"))


def _names(path: str) -> frozenset[str]:
    name = path.rpartition("/")[2]
    stem = name.rpartition(".")[0]
    return frozenset({name} | ({stem} if re.search(r"back|dump|restor|verif", stem) and len(stem) > 5 else set()))


def _starters(draft: Draft) -> list[_Starter]:
    workloads: dict[tuple[str, str], list[Workload]] = defaultdict(list)
    everywhere: dict[str, list[tuple[Symbol, Workload]]] = defaultdict(list)
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        if isinstance(symbol.detail, Workload):
            workloads[symbol.component, symbol.at.path].append(symbol.detail)
            everywhere[symbol.component].append((symbol, symbol.detail))
    found: list[_Starter] = []
    commanded = set()
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if not isinstance(use, CommandUse) or use.purpose not in ("job", "command", "entrypoint", "hook"):
            continue
        declared = workloads.get((symbol.component, symbol.at.path), ())
        if use.stage is None and symbol.component and declared:
            commanded.add((symbol.component, symbol.at.path))
            found.append(_Starter(_tokens(use.words), symbol, _of_workload(symbol.component, declared[0])))
    sharing: dict[str, list[str]] = defaultdict(list)
    for component in draft.components:
        for path in component.dockerfiles:
            sharing[path].append(component.id)
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if isinstance(use, CommandUse) and use.stage is not None:
            ids = sharing.get(symbol.at.path, [""])
            if _CRON.search(" ".join(use.words)[:2000]):
                found.append(_Starter(_tokens(use.words), symbol, BackupRun(symbol.at, "crontab", ids[-1])))
            elif use.purpose in ("command", "entrypoint"):
                found += [
                    _Starter(_tokens(use.words), declared, _of_workload(id_, workload))
                    for id_ in ids
                    for declared, workload in everywhere.get(id_, ())
                    if (id_, declared.at.path) not in commanded
                ]
        elif isinstance(use, CommandUse) and use.purpose == "script" and _CRON.search(" ".join(use.words)[:2000]):
            found.append(_Starter(_tokens(use.words), symbol, BackupRun(symbol.at, "crontab")))
    return found + _scheduled(draft) + _lines(draft)


def _of_workload(component: str, workload: Workload) -> BackupRun:
    by = _BY.get(workload.form, "compose" if workload.artifact == "compose" else "process")
    why = ""
    if workload.form == "cronjob" and not workload.deployed:
        why = "it is suspended"
    elif workload.form == "cronjob" and never(workload.schedule):
        why = f"the schedule `{workload.schedule}` never comes"
    elif workload.profiles:
        why = f"only the profile `{workload.profiles[0]}` starts it"
    return BackupRun(Span(""), by, component, workload.schedule, not why, why)


def _scheduled(draft: Draft) -> list[_Starter]:
    found: list[_Starter] = []
    timers: dict[str, Symbol] = {}
    for symbol in draft.of(Kind.JOB, Action.REFERS):
        if isinstance(symbol.detail, Scheduled) and symbol.detail.by == "systemd" and not symbol.detail.command:
            timers[symbol.detail.owner] = symbol
    for symbol in draft.of(Kind.JOB, Action.REFERS):
        one = symbol.detail
        if not isinstance(one, Scheduled) or not one.command:
            continue
        if one.by == "systemd":
            timer = timers.get(one.owner)
            why = "" if timer is not None else f"no timer starts the unit `{one.owner}`"
            run = BackupRun(Span(""), "systemd", "", str(timer.name) if timer else "", not why, why, one.gives)
        else:
            why = f"the schedule `{symbol.name}` never comes" if never(str(symbol.name)) else ""
            run = BackupRun(Span(""), one.by, "", str(symbol.name), not why, why, one.gives)
        found.append(_Starter(_tokens((one.command,)), symbol, run))
    return found


def _lines(draft: Draft) -> list[_Starter]:
    jobs = {
        (s.at.path, str(s.name)): s.detail
        for s in draft.of(Kind.PIPELINE, Action.DEFINES)
        if isinstance(s.detail, PipelineJob)
    }
    crons = {
        s.at.path: str(s.name)
        for s in draft.of(Kind.JOB, Action.REFERS)
        if isinstance(s.detail, Scheduled) and s.detail.by == "workflow"
    }
    found: list[_Starter] = []
    made: dict[str, list[_Starter]] = defaultdict(list)
    for symbol in sorted(draft.of(Kind.STEP, Action.REFERS), key=lambda s: s.at):
        line = symbol.detail
        if not isinstance(line, CommandLine):
            continue
        if line.words[0] in _NOT_RUNNING or _IMAGES.match(" ".join(line.words[:3])):
            continue
        tokens = _tokens(line.words)
        if line.source == "pipeline":
            job = jobs.get((symbol.at.path, line.owner))
            cron = crons.get(symbol.at.path, "")
            why = "" if cron or job is None or job.platform != "github" else "the workflow has no schedule"
            if job is not None and job.switched_off:
                why = "its job is switched off"
            found.append(_Starter(tokens, symbol, BackupRun(Span(""), "workflow", "", cron, not why, why)))
        elif line.source == "document":
            by = "test" if symbol.role is FileRole.TEST else "document"
            told = _CRON.search(" ".join(line.words)[:500]) is not None
            why = "" if told else "a document tells to run it by hand"
            found.append(_Starter(tokens, symbol, BackupRun(Span(""), by, "", "", told, why)))
        elif line.source == "make":
            made[line.owner].append(_Starter(tokens, symbol, BackupRun(Span(""), "make", "", "", False, "by hand")))
    for target, starters in made.items():
        above = [one for one in found if "make" in one.tokens and target in one.tokens]
        for starter in starters:
            found.append(starter)
            found += [_Starter(starter.tokens, starter.symbol, one.run) for one in above]
    return found


def _tokens(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_TOKEN.findall(" ".join(words)[:20_000]))
