"""How often a component runs: replicas, autoscalers and worker processes, as its deployments say."""

import re

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole

_WORKERS = re.compile(r"(?:^|\s)(?:--workers|-w|--processes)[ =]?(\d+)\b")
_SERVERS = re.compile(r"\b(gunicorn|uvicorn|hypercorn|granian|fastapi|uwsgi|pm2|daphne)\b")
_MANAGER = re.compile(r"\bpm2\b.*\s-i\s*(\d+|max)")


def replicas(facts: Facts, component: str) -> list[tuple[Symbol, int]]:
    """Return what runs several replicas of a component, with their number."""
    found = [
        (s, s.detail.replicas)
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if s.component == component
        and s.role is FileRole.PROD
        and isinstance(s.detail, Workload)
        and s.detail.replicas is not None
        and s.detail.replicas > 1
        and s.detail.form != "statefulset"
    ]
    scaled = [
        (s, max(s.detail.minimum or 1, s.detail.maximum or 1))
        for s in facts.details(Kind.SERVICE, Action.REFERS, WorkloadChosen)
        if s.component == component
        and s.role is FileRole.PROD
        and isinstance(s.detail, WorkloadChosen)
        and s.detail.by == "HorizontalPodAutoscaler"
    ]
    return [*found, *((s, number) for s, number in scaled if number > 1)]


def workers(facts: Facts, component: str) -> list[tuple[Symbol, int]]:
    """Return what starts several worker processes of a component, with their number."""
    found: list[tuple[Symbol, int]] = []
    for symbol in facts.references(Kind.COMMAND, component):
        use = symbol.detail
        if symbol.component != component or not isinstance(use, CommandUse) or symbol.role is not FileRole.PROD:
            continue
        text = " ".join(use.words)
        match = _WORKERS.search(text) if _SERVERS.search(text) else None
        if use.purpose in ("command", "entrypoint") and match and int(match[1]) > 1:
            found.append((symbol, int(match[1])))
        elif use.purpose in ("command", "entrypoint") and _MANAGER.search(text):
            found.append((symbol, 0))
    for symbol in facts.definitions(Kind.ENVIRONMENT, component):
        given = symbol.detail
        if symbol.component != component or not isinstance(given, EnvironmentGiven) or given.value is None:
            continue
        if str(symbol.name) == "WEB_CONCURRENCY" and given.value.isdecimal() and int(given.value) > 1:
            found.append((symbol, int(given.value)))
    return found
