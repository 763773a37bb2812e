"""How many processes and replicas of each component run."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.limit import ProcessesRun
from roadworthy.model.detail.pool import NumberSet
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.start_command import gunicorn_configuration

_SERVERS = {
    re.compile(r"\b(gunicorn|uvicorn|hypercorn|granian|fastapi)\b"): re.compile(
        r"(?:^|\s)(?:--workers[ =]|-w ?)(\d{1,4})(?=$|\s)"
    ),
    re.compile(r"\buwsgi\b"): re.compile(r"(?:^|\s)(?:--processes[ =]|--workers[ =]|-p ?)(\d{1,4})(?=$|\s)"),
    re.compile(r"\bpm2(-runtime)?\b"): re.compile(r"(?:^|\s)(?:--instances[ =]|-i ?)(\d{1,4})(?=$|\s)"),
}
_BY_NAME = frozenset({"WEB_CONCURRENCY", "UVICORN_WORKERS", "GUNICORN_WORKERS", "GRANIAN_WORKERS"})
_PURPOSES = ("command", "entrypoint")


def derive(draft: Draft) -> None:
    """Add, for each component in production, every statement about how often it runs."""
    found: dict[tuple[str, str, Span], Symbol] = {}
    for component, name, count, most, at, role in (*_workers(draft), *_replicas(draft)):
        if component and role is FileRole.PROD:
            detail = ProcessesRun(count, most)
            found[component, name, at] = Symbol(
                Kind.SETTING, Action.DEFINES, Exact(name), at, component, role=role, detail=detail
            )
    draft.symbols += found.values()


_Told = tuple[str, str, int, int, Span, FileRole]


def _workers(draft: Draft) -> Iterator[_Told]:
    overridden = {
        (s.component, s.detail.purpose)
        for s in draft.of(Kind.COMMAND, Action.REFERS)
        if isinstance(s.detail, CommandUse)
        and _is_deployment(s)
        and s.detail.purpose in _PURPOSES
        and s.role is FileRole.PROD
    }
    settings = [
        s
        for s in draft.of(Kind.SETTING, Action.DEFINES)
        if isinstance(s.detail, NumberSet) and str(s.name) == "gunicorn workers"
    ]
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if not isinstance(use, CommandUse) or use.purpose not in (*_PURPOSES, "script"):
            continue
        text = " ".join(use.words)
        match = next(
            (m for server, option in _SERVERS.items() if server.search(text) and (m := option.search(text))), None
        )
        configured = None if match else _configured(settings, use)
        if configured is not None and isinstance(configured.detail, NumberSet):
            count = configured.detail.number
            yield symbol.component, "workers", count, count, configured.at, configured.role
        if match and not (not _is_deployment(symbol) and (symbol.component, use.purpose) in overridden):
            yield symbol.component, "workers", int(match[1]), int(match[1]), symbol.at, symbol.role
    for symbol in draft.of(Kind.ENVIRONMENT, Action.DEFINES):
        given = symbol.detail
        if not isinstance(given, EnvironmentGiven) or str(symbol.name) not in _BY_NAME or symbol.phase != "run":
            continue
        if given.value is not None and given.value.isdecimal() and len(given.value) < 5:
            number = int(given.value)
            yield symbol.component, "workers", number, number, symbol.at, symbol.role


def _configured(settings: list[Symbol], use: CommandUse) -> Symbol | None:
    """Return the number of processes that the configuration file of a command's gunicorn sets."""
    wanted = gunicorn_configuration(use.form, use.words) if settings else None
    found = [s for s in settings if wanted and f"/{s.at.path}".endswith(f"/{wanted.rpartition('/')[2]}")]
    return found[0] if len({s.at for s in found}) == 1 else None


def _is_deployment(symbol: Symbol) -> bool:
    return symbol.at.path.endswith((".yml", ".yaml"))


def _replicas(draft: Draft) -> Iterator[_Told]:
    scaled = {
        (str(s.name), s.detail.namespace): s
        for s in draft.of(Kind.SERVICE, Action.REFERS)
        if isinstance(s.detail, WorkloadChosen) and s.detail.by == "HorizontalPodAutoscaler"
    }
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        workload = symbol.detail
        if not isinstance(workload, Workload) or workload.form in ("sidecar", "init", "job", "cronjob"):
            continue
        scaler = scaled.get((str(symbol.name), workload.namespace)) or scaled.get((str(symbol.name), ""))
        scaler = scaler if workload.artifact == "kubernetes" else None
        if scaler is not None and isinstance(scaler.detail, WorkloadChosen):
            least = scaler.detail.minimum or 1
            yield (
                symbol.component,
                "replicas",
                least,
                max(scaler.detail.maximum or least, least),
                scaler.at,
                scaler.role,
            )
        elif workload.replicas is not None:
            yield symbol.component, "replicas", workload.replicas, workload.replicas, symbol.at, symbol.role
