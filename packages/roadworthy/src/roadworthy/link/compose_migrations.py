"""Compose services that are started while a service beside them still migrates their database."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.release import MigrationOrder
from roadworthy.model.detail.workload import DependsOn, Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.release_command import migrates
from roadworthy.syntax.start_command import listening

_ENDED = "service_completed_successfully"


@dataclass(slots=True)
class _Service:
    at: Symbol
    workload: Workload
    waits: dict[str, str] = field(default_factory=dict)
    command: CommandUse | None = None

    def migrates(self) -> bool:
        """Tell whether it brings the schema up to date and ends."""
        use = self.command
        return use is not None and migrates(" ".join(use.words)) and not listening(use.form, use.words)


def derive(draft: Draft, newest: Symbol) -> Iterator[Symbol]:
    """Yield, for each service made as one that migrates is, whether it waits until that one has ended."""
    for services in _files(draft):
        for migrating in [s for s in services.values() if s.migrates() and s.workload.deployed]:
            mine = set(migrating.waits)
            for other in services.values():
                if (
                    other is migrating
                    or other.migrates()
                    or not other.workload.deployed
                    or not _alike(other, migrating)
                ):
                    continue
                if mine and not mine & set(other.waits):
                    # Neither is said to need the same database.
                    continue
                state = "before" if _waits(other, migrating, services) else "beside"
                words = " ".join(migrating.command.words) if migrating.command else ""
                detail = MigrationOrder(state, str(migrating.at.name), words[:80], migrating.at.at, str(other.at.name))
                yield Symbol(
                    Kind.COLUMN,
                    Action.REFERS,
                    Exact(str(newest.name)),
                    other.at.at,
                    "",
                    "release",
                    other.at.role,
                    detail,
                )


def _files(draft: Draft) -> Iterator[dict[str, _Service]]:
    """Yield the services of each compose file, with what stands inside each."""
    found: dict[str, list[_Service]] = defaultdict(list)
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        workload = symbol.detail
        if isinstance(workload, Workload) and workload.artifact == "compose" and symbol.role is FileRole.PROD:
            found[symbol.at.path].append(_Service(symbol, workload))
    starts: dict[str, list[int]] = {}
    for path, services in found.items():
        services.sort(key=lambda service: service.at.at)
        starts[path] = [service.at.at.line for service in services]
    for symbol in draft.of(Kind.SERVICE, Action.REFERS) + draft.of(Kind.COMMAND, Action.REFERS):
        lines = starts.get(symbol.at.path)
        index = bisect_right(lines, symbol.at.line) - 1 if lines else -1
        if index < 0:
            continue
        match symbol.detail:
            case DependsOn(condition):
                found[symbol.at.path][index].waits[str(symbol.name)] = condition
            case CommandUse(purpose="command" | "entrypoint") as use:
                service = found[symbol.at.path][index]
                service.command = use if service.command is None or use.purpose == "command" else service.command
    for services in found.values():
        yield {str(service.at.name): service for service in services}


def _alike(one: _Service, other: _Service) -> bool:
    """Tell whether two services are made of the same code."""
    ours, theirs = one.workload, other.workload
    if ours.context is not None or theirs.context is not None:
        return (ours.context, ours.dockerfile) == (theirs.context, theirs.dockerfile)
    return bool(ours.image) and ours.image == theirs.image


def _waits(service: _Service, migrating: _Service, services: dict[str, _Service]) -> bool:
    """Tell whether a service, or one it waits for, is started only after the migration has ended."""
    pending, seen = [service], {str(service.at.name)}
    while pending:
        one = pending.pop()
        for name, condition in one.waits.items():
            if name == str(migrating.at.name) and condition == _ENDED:
                return True
            if name in services and name not in seen:
                seen.add(name)
                pending.append(services[name])
    return False
