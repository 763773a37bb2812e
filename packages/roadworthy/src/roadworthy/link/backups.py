"""Which components keep data, and what makes backups of them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.link.known_images import KnownImage, known
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.backup import BackupCoded, BackupMade
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven, UrlParts
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.volume import DataKept, Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.backup_acts import dumps_of
from roadworthy.syntax.backup_tools import backup_image

_HOST_VARIABLES = re.compile(r"(PG|POSTGRES_|MYSQL_|MARIADB_|MONGO_|DB_|DATABASE_|REDIS_)HOST(NAME)?")
_HOST_OPTION = re.compile(r"(?:\s-h[ =]?|\s--host[ =])([A-Za-z][\w.-]*)")
_EXECUTED = re.compile(r"\b(?:compose|docker-compose)\s+(?:-\S+\s+)*exec\s+(?:-\S+\s+)*([\w.-]+)")
_PATH = re.compile(r"(?<![\w$])/[\w./-]+")
_COUNTED = frozenset({"job", "command", "entrypoint", "script", "hook"})


def derive(draft: Draft) -> None:
    """Add what each store keeps, and every backup that a command, an image or a sidecar makes."""
    for component in draft.components:
        _keeps(draft, component)
    hosts, mounts = _hosts(draft), _mounts(draft)
    commands = list(_commands(draft))
    started = _started(draft, commands)
    for symbol, text in commands:
        for tool, product in dumps_of(_words(symbol)):
            if product == "files" and not _saves_files(symbol, text):
                continue
            paths = tuple(sorted(set(_PATH.findall(text))))
            named = tuple(sorted({*_HOST_OPTION.findall(text), *_EXECUTED.findall(text)}))
            own = hosts[symbol.component] if symbol.component else ()
            volumes = mounts.get(symbol.component, ())
            what = "" if product == "files" else product
            made = BackupMade(tool, what, named or own, volumes, paths, started(symbol))
            _add(draft, symbol, tool, made)
    for symbol in draft.of(Kind.JOB, Action.REFERS):
        # Python beside the product is for developers, unless something in production starts it.
        if isinstance(symbol.detail, BackupCoded) and symbol.role in (FileRole.PROD, FileRole.DEV):
            made = BackupMade(str(symbol.name), symbol.detail.product, runs=started(symbol))
            _add(draft, replace(symbol, role=FileRole.PROD), str(symbol.name), made)
    for symbol in draft.of(Kind.IMAGE, Action.REFERS):
        saved = backup_image(str(symbol.name)) if symbol.component and symbol.role is FileRole.PROD else None
        if saved is not None and symbol.phase == "run":
            name = str(symbol.name).rpartition("/")[2].partition(":")[0]
            made = BackupMade(name, saved, hosts[symbol.component], mounts.get(symbol.component, ()))
            _add(draft, symbol, name, made)


def _commands(draft: Draft) -> Iterator[tuple[Symbol, str]]:
    """Yield every production command line with its text."""
    for symbol in draft.symbols:
        if symbol.role is not FileRole.PROD or symbol.action is not Action.REFERS:
            continue
        match symbol.detail:
            case CommandUse(purpose=purpose, words=words) if purpose in _COUNTED and symbol.phase != "build":
                yield symbol, " ".join(words)
            case CommandLine(source="pipeline" | "make", words=words):
                yield symbol, " ".join(words)


def _words(symbol: Symbol) -> tuple[str, ...]:
    return symbol.detail.words if isinstance(symbol.detail, CommandUse | CommandLine) else ()


def _started(draft: Draft, commands: list[tuple[Symbol, str]]) -> Callable[[Symbol], bool]:
    """Return what tells whether something starts a command: a running thing that is not suspended, a pipeline, or, for a
    line of a script or of a Makefile, a command that names it."""
    workloads: dict[str, list[Symbol]] = defaultdict(list)
    for workload in sorted(draft.of(Kind.SERVICE, Action.DEFINES), key=lambda s: s.at):
        workloads[workload.at.path].append(workload)

    def suspended(symbol: Symbol) -> bool:
        around = [s.detail for s in workloads.get(symbol.at.path, ()) if s.at <= symbol.at]
        return bool(around) and isinstance(around[-1], Workload) and not around[-1].deployed

    scripts = {symbol.at.path for symbol, _ in commands if _by_name(symbol)}
    reached = "\n".join(text for symbol, text in commands if not _by_name(symbol) and not suspended(symbol))
    running: set[str] = set()
    for _ in range(4):
        found = {path for path in scripts - running if path.rpartition("/")[2] in reached}
        if not found:
            break
        running |= found
        reached += "\n" + "\n".join(text for symbol, text in commands if symbol.at.path in found)

    def tells(symbol: Symbol) -> bool:
        if isinstance(symbol.detail, BackupCoded):
            return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", reached) for name in _called(symbol.at.path))
        if _by_name(symbol):
            owner = symbol.detail.owner if isinstance(symbol.detail, CommandLine) else ""
            return symbol.at.path in running or (bool(owner) and f"make {owner}" in reached)
        return not suspended(symbol)

    return tells


def _called(path: str) -> tuple[str, ...]:
    """Return how a command may name code: its file, its module, the command of `manage.py` or the compiled file."""
    stem, _, _ = path.rpartition(".")
    name = stem.rpartition("/")[2]
    module = stem.replace("/", ".").removesuffix(".__main__").removeprefix("src.")
    return (path.rpartition("/")[2], f"-m {module}", f"manage.py {name}", f"{name}.js", f"npm run {name}")


def _by_name(symbol: Symbol) -> bool:
    """Tell whether a command stands in a file that something else must start."""
    detail = symbol.detail
    return (isinstance(detail, CommandLine) and detail.source == "make") or (
        isinstance(detail, CommandUse) and detail.purpose == "script"
    )


def _add(draft: Draft, symbol: Symbol, tool: str, made: BackupMade) -> None:
    draft.symbols.append(
        Symbol(Kind.JOB, Action.DEFINES, Exact(tool), symbol.at, symbol.component, "run", symbol.role, made)
    )


def _saves_files(symbol: Symbol, text: str) -> bool:
    """A command that copies files makes a backup where its place or its words say so."""
    return (
        re.search(r"back[-_]?up|snapshot|archive", f"{symbol.at.path} {symbol.component} {text}", re.IGNORECASE)
        is not None
    )


def _keeps(draft: Draft, component: Component) -> None:
    """Add what a store keeps, once per deployment: alternatives of one name may be different products."""
    if component.kind is not ComponentKind.STORE:
        return
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        workload = symbol.detail
        if symbol.component != component.id or not isinstance(workload, Workload):
            continue
        found = known(workload.image) if workload.image else None
        if workload.context is not None or found is None:
            found = _base(draft, component)
        if found is None or found.kind is not ComponentKind.STORE:
            continue
        images = [s for s in draft.of(Kind.IMAGE, Action.REFERS) if s.component == component.id]
        at = next((s.at for s in images if s.at.path == symbol.at.path and s.at >= symbol.at), symbol.at)
        detail = DataKept(found.product, found.data)
        draft.symbols.append(
            Symbol(Kind.VOLUME, Action.DEFINES, Exact(found.product), at, component.id, "run", symbol.role, detail)
        )


def _base(draft: Draft, component: Component) -> KnownImage | None:
    """Return what is known of the images a store of our own is built from."""
    bases = [s for s in draft.of(Kind.IMAGE, Action.REFERS) if s.at.path in component.dockerfiles and s.phase == "run"]
    return next((image for base in bases if (image := known(str(base.name))) is not None), None)


def _hosts(draft: Draft) -> dict[str, tuple[str, ...]]:
    """Return the servers each component is pointed at by its variables."""
    found: dict[str, set[str]] = defaultdict(set)
    for symbol in draft.symbols:
        match symbol.detail:
            case UrlParts(host=str(host)) if symbol.component:
                found[symbol.component].add(host)
            case EnvironmentGiven(value=str(value)) if symbol.component and _HOST_VARIABLES.fullmatch(str(symbol.name)):
                found[symbol.component].add(value)
    return defaultdict(tuple, {id_: tuple(sorted(hosts)) for id_, hosts in found.items()})


def _mounts(draft: Draft) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for symbol in draft.of(Kind.VOLUME, Action.REFERS):
        if isinstance(symbol.detail, Mount) and symbol.component and symbol.detail.form in ("volume", "claim", "bind"):
            found[symbol.component].add(symbol.detail.source)
    return {id_: tuple(sorted(volumes)) for id_, volumes in found.items()}
