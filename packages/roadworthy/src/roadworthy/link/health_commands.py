"""What health checks of images and compose services ask: path and port, besides the program they call."""

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.probe_command import asked


def derive(draft: Draft) -> None:
    """Add a reference for every path and port a health check's command asks."""
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        use = symbol.detail
        if not isinstance(use, CommandUse) or use.purpose != "healthcheck":
            continue
        artifact = "dockerfile" if use.stage is not None else "compose"
        for question in asked(use.words):
            if question.path:
                detail = ProbeUse("health", question.port, artifact)
                draft.symbols.append(_refers(Kind.PATH, question.path, symbol, detail))
            if question.port:
                draft.symbols.append(_refers(Kind.PORT, question.port, symbol, PortUse("healthcheck")))


def _refers(kind: Kind, name: str, symbol: Symbol, detail: ProbeUse | PortUse) -> Symbol:
    return Symbol(kind, Action.REFERS, Exact(name), symbol.at, symbol.component, "run", symbol.role, detail)
