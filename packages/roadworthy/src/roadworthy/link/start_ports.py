"""Which ports the processes of each component listen on, by their start commands."""

from roadworthy.link.draft import Draft
from roadworthy.link.known_images import known
from roadworthy.link.source_trees import within
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.start_command import (
    READS_CONFIGURATION,
    Listening,
    gunicorn_configuration,
    listening,
    scripts,
    shell_scripts,
)

_STORES = frozenset({ComponentKind.STORE, ComponentKind.CACHE})
_ONE_PORT = frozenset({"postgres", "mysql", "mariadb", "mongodb", "redis", "memcached"})


def derive(draft: Draft) -> None:
    """Add the ports of start commands; open the set of a component whose command does not tell."""
    starts = [
        symbol
        for symbol in draft.of(Kind.COMMAND, Action.REFERS)
        if isinstance(symbol.detail, CommandUse) and symbol.detail.purpose in ("entrypoint", "command", "job")
    ]
    for component in draft.components:
        _add_known(draft, component, starts)
        for symbol in effective(draft, starts, component):
            use = symbol.detail
            if not isinstance(use, CommandUse):
                continue
            for told in listening(use.form, use.words):
                if not _configured(draft, component, symbol, use, told):
                    add(draft, component, symbol, told)
            for path in _files(draft, component, scripts(use.form, use.words)):
                _adopt(draft, component, symbol, path)
            for path in _files(draft, component, shell_scripts(use.form, use.words)):
                _follow(draft, component, path)


def _add_known(draft: Draft, component: Component, starts: list[Symbol]) -> None:
    """Add the port of a server that is run as its image brings it."""
    found = known(component.image) if component.kind in _STORES and not component.dockerfiles else None
    if found is None or found.product not in _ONE_PORT or found.port is None:
        return
    changed = [s for s in starts if s.component == component.id] or [
        s for s in draft.of(Kind.ENVIRONMENT, Action.DEFINES) if s.component == component.id and "PORT" in str(s.name)
    ]
    if changed:
        draft.opens.append(Open(Kind.PORT, component.id, f"{found.product} is started with options", changed[0].at))
        return
    for symbol in draft.of(Kind.IMAGE, Action.REFERS):
        if symbol.component == component.id and symbol.phase == "run":
            detail = PortUse("image", name=found.product)
            draft.symbols.append(
                Symbol(
                    Kind.PORT,
                    Action.DEFINES,
                    Exact(str(found.port)),
                    symbol.at,
                    component.id,
                    "run",
                    symbol.role,
                    detail,
                )
            )


def _follow(draft: Draft, component: Component, path: str) -> None:
    """Take over what the servers listen on that a shell script starts."""
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if symbol.at.path == path and isinstance(use, CommandUse) and use.purpose == "script":
            for told in listening(use.form, use.words):
                if not _configured(draft, component, symbol, use, told):
                    add(draft, component, symbol, told)


def _configured(draft: Draft, component: Component, symbol: Symbol, use: CommandUse, told: Listening) -> bool:
    """Take over what gunicorn's configuration file says, where the command itself says nothing; tell whether one does."""
    if told.program != "gunicorn" or (told.stated and READS_CONFIGURATION not in told.why):
        return False
    wanted = gunicorn_configuration(use.form, use.words)
    for path in _files(draft, component, (wanted,) if wanted else ()):
        if any(s.at.path == path and s.phase == "script" for s in draft.of(Kind.PORT, Action.DEFINES)):
            _adopt(draft, component, symbol, path)
            return True
    return False


def _files(draft: Draft, component: Component, names: tuple[str, ...]) -> list[str]:
    """Return the files of the repository that a command starts, as far as their names tell."""
    found: list[str] = []
    for wanted in names:
        parts = wanted.split("/")
        for start in range(len(parts)):
            tail = "/".join(parts[start:])
            endings = (f"/{tail}", f"/{tail.removesuffix('.py')}/__main__.py")
            alike = [
                file
                for file in draft.files
                if f"/{file}".endswith(endings)
                and (not component.sources or within(file, component.sources) is not None)
            ]
            if alike:
                found.append(min(alike, key=len))
                break
    return found


def _adopt(draft: Draft, component: Component, symbol: Symbol, path: str) -> None:
    """Take over the ports that the started file opens, or open the set where it is not seen to open any."""
    stated = [
        s for s in draft.of(Kind.PORT, Action.DEFINES) if s.at.path == path and s.phase == "script" and not _adopted(s)
    ]
    for one in stated:
        if isinstance(one.detail, PortUse) and one.component in ("", component.id):
            port = int(one.name.text) if isinstance(one.name, Exact) else None
            why = "" if port is not None else str(one.name)
            add(draft, component, one, Listening("the code", port, one.detail.variable, why))
    if not stated:
        reason = f"{path} starts a server in a way that is not read"
        draft.opens.append(Open(Kind.PORT, component.id, reason, symbol.at))


def _adopted(symbol: Symbol) -> bool:
    return isinstance(symbol.detail, PortUse) and symbol.detail.by != "code"


def effective(draft: Draft, starts: list[Symbol], component: Component) -> list[Symbol]:
    """Return the commands that start a component: in each deployment its own, where it has none those of its image."""
    image = [s for s in starts if s.at.path in component.dockerfiles and s.phase == "run"]
    declared = [
        (s.at.path, s.detail.artifact, s.role)
        for s in draft.of(Kind.SERVICE, Action.DEFINES)
        if isinstance(s.detail, Workload) and s.component == component.id
    ]
    chosen: list[Symbol] = [] if declared else list(image)
    production = any(role is FileRole.PROD for _, _, role in declared)
    for path, artifact, role in declared:
        if production and role is not FileRole.PROD:
            continue
        own = [s for s in starts if s.component == component.id and s.at.path == path]
        if not own and artifact != "procfile":
            chosen += image
        elif any(_purpose(s) != "command" for s in own):
            chosen += own
        else:
            chosen += [*own, *(s for s in image if _purpose(s) == "entrypoint")]
    return list(dict.fromkeys(chosen))


def _purpose(symbol: Symbol) -> str:
    return symbol.detail.purpose if isinstance(symbol.detail, CommandUse) else ""


def add(draft: Draft, component: Component, symbol: Symbol, told: Listening) -> None:
    if told.why:
        draft.opens.append(Open(Kind.PORT, component.id, told.why, symbol.at))
        return
    port, variables = told.port, (told.variable,) if told.variable else told.overriding
    for variable in variables:
        given = _given(draft, component.id, variable)
        if given is not None:
            value = given.detail.value if isinstance(given.detail, EnvironmentGiven) else None
            if value is None or not value.isdecimal():
                reason = f"{told.program} listens on ${variable}, whose value is not known"
                draft.opens.append(Open(Kind.PORT, component.id, reason, given.at))
                return
            port = int(value)
            break
    if port is None:
        reason = f"{told.program} listens on ${told.variable}, which is given by the platform"
        draft.opens.append(Open(Kind.PORT, component.id, reason, symbol.at))
        return
    detail = PortUse("command", name=told.program, variable=told.variable)
    draft.symbols.append(
        Symbol(Kind.PORT, Action.DEFINES, Exact(str(port)), symbol.at, component.id, "run", symbol.role, detail)
    )


def _given(draft: Draft, component: str, variable: str) -> Symbol | None:
    found = [
        s
        for s in draft.of(Kind.ENVIRONMENT, Action.DEFINES)
        if s.component == component
        and isinstance(s.detail, EnvironmentGiven)
        and s.phase == "run"
        and str(s.name) == variable
    ]
    # What a deployment gives goes before what the image brings.
    return min(found, key=lambda s: (s.role is not FileRole.PROD, _by(s) == "ENV", s.at), default=None)


def _by(symbol: Symbol) -> str:
    return symbol.detail.by if isinstance(symbol.detail, EnvironmentGiven) else ""
