"""Which ports the processes of each component listen on, by their start commands."""

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import within
from roadworthy.model.component import Component
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.port import PortUse
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.start_command import Listening, listening, scripts


def derive(draft: Draft) -> None:
    """Add the ports of start commands; open the set of a component whose command does not tell."""
    starts = [
        symbol
        for symbol in draft.of(Kind.COMMAND, Action.REFERS)
        if isinstance(symbol.detail, CommandUse) and symbol.detail.purpose in ("entrypoint", "command", "job")
    ]
    for component in draft.components:
        for symbol in _effective(starts, component):
            use = symbol.detail
            if not isinstance(use, CommandUse):
                continue
            for told in listening(use.form, use.words):
                _add(draft, component, symbol, told)
            for path in _scripts(draft, component, use):
                _adopt(draft, component, symbol, path)


def _scripts(draft: Draft, component: Component, use: CommandUse) -> list[str]:
    """Return the Python files a command starts, as far as the component's sources tell."""
    found: list[str] = []
    for wanted in scripts(use.form, use.words):
        endings = [f"/{wanted}", f"/{wanted.removesuffix('.py')}/__main__.py"]
        alike = [
            file
            for file in draft.files
            if any(f"/{file}".endswith(ending) for ending in endings)
            and (not component.sources or within(file, component.sources) is not None)
        ]
        found += [min(alike, key=len)] if alike else []
    return found


def _adopt(draft: Draft, component: Component, symbol: Symbol, path: str) -> None:
    """Take over the ports that the started file opens, or open the set where it is not seen to open any."""
    stated = [
        s for s in draft.of(Kind.PORT, Action.DEFINES) if s.at.path == path and s.phase == "script" and not _adopted(s)
    ]
    for one in stated:
        if isinstance(one.detail, PortUse) and one.component in ("", component.id):
            told = Listening("the code", int(str(one.name)), one.detail.variable)
            _add(draft, component, one, told)
    if not stated:
        reason = f"{path} starts a server in a way that is not read"
        draft.opens.append(Open(Kind.PORT, component.id, reason, symbol.at))


def _adopted(symbol: Symbol) -> bool:
    return isinstance(symbol.detail, PortUse) and symbol.detail.by != "code"


def _effective(starts: list[Symbol], component: Component) -> list[Symbol]:
    """Return the commands that start a component: those of a deployment go before those of its image."""
    own = [s for s in starts if s.component == component.id and s.at.path not in component.dockerfiles]
    image = [s for s in starts if s.at.path in component.dockerfiles and s.phase == "run"]
    production = [s for s in own if s.role is FileRole.PROD]
    chosen = production or own
    if any(isinstance(s.detail, CommandUse) and s.detail.purpose != "command" for s in chosen):
        return chosen
    if chosen:
        return [*chosen, *(s for s in image if isinstance(s.detail, CommandUse) and s.detail.purpose == "entrypoint")]
    return image


def _add(draft: Draft, component: Component, symbol: Symbol, told: Listening) -> None:
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
