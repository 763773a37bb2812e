"""Takes into account that a schema which checks the environment at start also fills it: what has a default there is never
missing where it is read, however strictly that read asks."""

from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.symbol import Exact, Kind, Symbol

_SERVICE = "ConfigService."


def derive(draft: Draft) -> None:
    """Let reads through NestJS's ConfigService be optional where a schema of the same component has a default."""
    strict = [i for i, s in enumerate(draft.symbols) if s.kind is Kind.ENVIRONMENT and _is_strict(s)]
    if not strict:
        return
    filled = {
        (s.component, str(s.name))
        for s in draft.symbols
        if s.kind is Kind.ENVIRONMENT
        and isinstance(s.name, Exact)
        and isinstance(s.detail, EnvironmentRead)
        and s.detail.required is False
        and s.detail.default is not None
        and not s.detail.how.startswith((_SERVICE, "process.env"))
    }
    for index in strict:
        symbol = draft.symbols[index]
        if (symbol.component, str(symbol.name)) in filled and isinstance(symbol.detail, EnvironmentRead):
            draft.symbols[index] = replace(symbol, detail=replace(symbol.detail, required=False))


def _is_strict(symbol: Symbol) -> bool:
    read = symbol.detail
    return isinstance(read, EnvironmentRead) and read.required is True and read.how.startswith(_SERVICE)
