"""Which ports the JavaScript of each component listens on, through what its start command leads to."""

from collections import defaultdict

from roadworthy.link import javascript_modules, javascript_starts, node_packages
from roadworthy.link.draft import Draft
from roadworthy.link.javascript_modules import ENDINGS, JavascriptModules
from roadworthy.link.module_names import ModuleNames
from roadworthy.link.node_packages import Leaf
from roadworthy.link.start_ports import add, effective
from roadworthy.model.component import Component
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.module import ModulesNeeded, PortNamed, PortTaken
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.route import NameImported
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol, Unreadable
from roadworthy.model.words import FileRole
from roadworthy.syntax.start_command import Listening, listening

_MAXIMUM_STEPS = 8
_UNREAD = "the code opens a port that cannot be read"


def derive(draft: Draft) -> None:
    """Add the ports that the started files and what they need open; drop what only this step needs."""
    if any(component.ours for component in draft.components) and any(f.endswith(ENDINGS) for f in draft.files):
        modules = javascript_modules.of(draft.files, draft.symbols)
        _name(draft, modules)
        _adopt(draft, modules)
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, ModulesNeeded | PortNamed | PortTaken)]


def _name(draft: Draft, modules: JavascriptModules) -> None:
    """Put numbers and variables where the code gives a name of another module."""
    told = {str(s.name): s.detail for s in draft.symbols if isinstance(s.detail, PortNamed) and s.role is FileRole.PROD}
    names = _names(draft, modules, told)
    reads: dict[str, EnvironmentRead] = {}
    for symbol in draft.of(Kind.ENVIRONMENT, Action.REFERS):
        if isinstance(symbol.detail, EnvironmentRead) and isinstance(symbol.name, Exact):
            known = reads.get(symbol.name.text)
            if known is None or known.default is None:
                reads[symbol.name.text] = symbol.detail
    found: list[Symbol] = []
    for symbol in draft.symbols:
        if not isinstance(symbol.detail, PortTaken):
            continue
        number, variable = _followed(names, told, reads, str(symbol.name), symbol.at.path)
        said = Exact(str(number)) if number is not None else Unreadable(_UNREAD)
        use = PortUse("code", name=symbol.detail.program, variable=variable)
        found.append(Symbol(Kind.PORT, Action.DEFINES, said, symbol.at, symbol.component, "script", symbol.role, use))
    draft.symbols += found


def _names(draft: Draft, modules: JavascriptModules, told: dict[str, PortNamed]) -> ModuleNames:
    handed_on: dict[str, str] = {}
    stars: dict[str, list[str]] = defaultdict(list)
    for symbol in draft.symbols:
        if isinstance(symbol.detail, NameImported) and symbol.role is FileRole.PROD:
            own = str(symbol.name)
            if own.endswith(":*"):
                stars[own.removesuffix(":*")].append(symbol.detail.target)
            else:
                handed_on[own] = symbol.detail.target
    return ModuleNames((), handed_on, modules, stars, told.keys())


def _followed(
    names: ModuleNames, told: dict[str, PortNamed], reads: dict[str, EnvironmentRead], name: str, seen_from: str
) -> tuple[int | None, str]:
    for _ in range(_MAXIMUM_STEPS):
        settled = name if name in told else names.settle(name, seen_from)
        found = told.get(settled)
        if found is None:
            variable = settled.rpartition(":")[2].rpartition(".")[2]
            read = reads.get(variable)
            default = read.default if read is not None else None
            number = int(default) if default is not None and default.isdecimal() and len(default) <= 5 else None
            return number, variable if read is not None else ""
        if not found.reference:
            return found.number, found.variable
        name, seen_from = found.reference, settled.partition(":")[0]
    return None, ""


def _adopt(draft: Draft, modules: JavascriptModules) -> None:
    known = node_packages.packages(draft)
    starts = [
        symbol
        for symbol in draft.of(Kind.COMMAND, Action.REFERS)
        if isinstance(symbol.detail, CommandUse) and symbol.detail.purpose in ("entrypoint", "command", "job")
    ]
    for component in draft.components:
        if not component.ours or not {"javascript", "typescript"} & set(component.languages):
            continue
        for symbol in effective(draft, starts, component):
            use = symbol.detail
            if isinstance(use, CommandUse) and not listening(use.form, use.words):
                _started(draft, component, symbol, list(javascript_starts.leaves(use, component, known)), modules)


def _started(
    draft: Draft, component: Component, symbol: Symbol, leaves: list[Leaf], modules: JavascriptModules
) -> None:
    """Take over what the programs of one start command listen on; open the set where none is seen to listen."""
    before = len(draft.symbols) + len(draft.opens)
    silent = ""
    for leaf in leaves:
        told = listening("exec", leaf.words) if leaf.scripts and not leaf.optional else ()
        for one in told:
            add(draft, component, symbol, one)
        debugging = _debugger(leaf.words)
        if debugging is not None:
            add(draft, component, symbol, Listening("the debugger", debugging))
        path = None if told or leaf.optional else javascript_starts.started(leaf, modules, draft)
        if path is not None and not _listened(draft, component, path, modules):
            silent = path
    if silent and len(draft.symbols) + len(draft.opens) == before:
        reason = f"{silent} starts a server in a way that is not read"
        draft.opens.append(Open(Kind.PORT, component.id, reason, symbol.at))


def _debugger(words: tuple[str, ...]) -> int | None:
    """Return the port a debugger waits on: `node --inspect=0.0.0.0:9229`."""
    for word in words:
        name, _, value = word.partition("=")
        if name in ("--inspect", "--inspect-brk", "--inspect-wait"):
            port = value.rpartition(":")[2]
            return int(port) if port.isdecimal() and len(port) <= 5 else 9229
    return None


def _listened(draft: Draft, component: Component, path: str, modules: JavascriptModules) -> bool:
    within = javascript_starts.reached(draft, modules, path)
    stated: dict[tuple[object, ...], Symbol] = {}
    for one in draft.of(Kind.PORT, Action.DEFINES):
        detail = one.detail
        if one.phase == "script" and isinstance(detail, PortUse) and detail.by == "code" and one.at.path in within:
            stated.setdefault((one.at, str(one.name)), one)
    for one in stated.values():
        detail = one.detail
        if isinstance(detail, PortUse):
            port = int(one.name.text) if isinstance(one.name, Exact) else None
            why = "" if port is not None or detail.variable else str(one.name)
            add(draft, component, one, Listening("the code", port, detail.variable, why))
    return bool(stated)
