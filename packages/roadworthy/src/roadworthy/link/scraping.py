"""Which components the scrape jobs of Prometheus reach, and how."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from roadworthy.link.draft import Draft
from roadworthy.link.reached import selects
from roadworthy.model.detail.prometheus import FileMounted, ScrapeReach, ScrapeTarget, ServiceLabelled
from roadworthy.model.detail.workload import HostName, Workload
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.model.words import FileRole

_SELF = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - names, not binds

_ALIKE = 0.6
_OF_A_CLUSTER = frozenset({"Service", "external", "ingress"})


def derive(draft: Draft) -> None:
    """Add what each job reaches; open the set where a job finds its targets in a way that is not written here."""
    jobs = [
        (symbol, symbol.detail)
        for symbol in draft.of(Kind.JOB, Action.DEFINES)
        if isinstance(symbol.detail, ScrapeTarget) and symbol.role is FileRole.PROD
    ]
    if not jobs:
        return
    hosts = [
        (s, s.detail)
        for s in draft.of(Kind.HOST, Action.DEFINES)
        if isinstance(s.detail, HostName) and s.role in (FileRole.PROD, FileRole.DEV)
    ]
    where = _where(draft)
    for index, symbol in enumerate(draft.symbols):
        if isinstance(symbol.detail, ScrapeTarget) and symbol.at.path in where:
            draft.symbols[index] = replace(symbol, detail=replace(symbol.detail, beside=where[symbol.at.path]))
    for symbol, target in jobs:
        target = replace(target, beside=where.get(symbol.at.path, ""))
        reached = list(dict.fromkeys(_reached(draft, hosts, symbol, target)))
        for component, through in reached:
            detail = ScrapeReach(target.form, target.host, through, target.interval_seconds, target.interval_at)
            draft.symbols.append(Symbol(Kind.JOB, Action.REFERS, symbol.name, symbol.at, component, detail=detail))
        reason = "" if not reached and _misses(draft, target) else _hidden(symbol, target, bool(reached))
        if reason:
            draft.opens.append(Open(Kind.JOB, "", reason, symbol.at))


def _where(draft: Draft) -> dict[str, str]:
    """Map each configuration that is mounted somewhere to where that is, if it is one place only."""
    artifacts: dict[str, set[str]] = defaultdict(set)
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        if isinstance(symbol.detail, Workload):
            artifacts[symbol.component].add(symbol.detail.artifact)
    found: dict[str, set[str]] = defaultdict(set)
    for symbol in draft.of(Kind.FILE, Action.DEFINES):
        if isinstance(symbol.detail, FileMounted):
            found[symbol.detail.path] |= artifacts[symbol.component]
    return {path: next(iter(kinds)) for path, kinds in found.items() if len(kinds) == 1}


def _misses(draft: Draft, target: ScrapeTarget) -> bool:
    """Tell whether a monitor looks for a Service of ours by a label that it does not have quite so."""
    if target.form != "ServiceMonitor" or not target.selects or len(target.selects) != 1:
        return False
    ((label, value),) = target.selects
    known = [
        dict(s.detail.labels)[label]
        for s in draft.of(Kind.JOB, Action.REFERS)
        if isinstance(s.detail, ServiceLabelled) and label in dict(s.detail.labels)
    ]
    return any(SequenceMatcher(None, value, other).ratio() >= _ALIKE for other in known)


def _hidden(symbol: Symbol, target: ScrapeTarget, found: bool) -> str:
    """Return why a job may reach more than what was found, "" where it cannot."""
    if target.form == "discovery":
        return f"the job `{target.job}` finds its targets by discovery"
    if found or (target.form in ("static", "dns") and (not target.host or target.host in _SELF)):
        return ""
    if target.form in ("static", "dns"):
        return f"what the job `{target.job}` scrapes at `{target.host}` is not known"
    if target.selects is None and target.form != "annotation":
        return f"what the monitor `{target.job}` selects is not followed"
    return f"what `{target.job}` selects is not in this repository"


def _reached(
    draft: Draft, hosts: list[tuple[Symbol, HostName]], symbol: Symbol, target: ScrapeTarget
) -> Iterator[tuple[str, str]]:
    """Yield the components a target stands for, each with what makes its name known."""
    match target.form:
        case "static" | "dns":
            first = target.host.partition(".")[0]
            for name, host in hosts:
                if target.beside == "compose" and host.by in _OF_A_CLUSTER and "." not in target.host:
                    continue
                known = name.name.matches(target.host) or (isinstance(name.name, Exact) and name.name.text == first)
                if known and host.component:
                    yield host.component, host.by
        case "annotation":
            if symbol.component:
                yield symbol.component, "pod"
            for name, host in hosts:
                if not symbol.component and host.by == "Service" and str(name.name) == target.job and host.component:
                    yield host.component, "pod"
        case "ServiceMonitor" if target.selects is not None:
            chosen = {
                str(s.name)
                for s in draft.of(Kind.JOB, Action.REFERS)
                if isinstance(s.detail, ServiceLabelled) and set(target.selects) <= set(s.detail.labels)
            }
            for name, host in hosts:
                if host.by == "Service" and str(name.name) in chosen and host.component:
                    yield host.component, "pod"
        case "PodMonitor" if target.selects is not None:
            for workload in draft.of(Kind.SERVICE, Action.DEFINES):
                detail = workload.detail
                if not isinstance(detail, Workload) or detail.artifact != "kubernetes":
                    continue
                if not target.selects or selects(target.selects, detail.labels):
                    yield workload.component, "pod"
