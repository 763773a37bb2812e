"""Whom start commands and variables tell a server to believe about the address of the caller."""

import re

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.limit import ProxyTrusted
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_OPTION = re.compile(r"--forwarded-allow-ips[ =][\"']?([^\s\"']+)")
_PURPOSES = ("command", "entrypoint", "script")


def derive(draft: Draft) -> None:
    """Add what `--forwarded-allow-ips` and its variable say."""
    found: list[Symbol] = []
    for symbol in draft.symbols:
        match symbol.detail:
            case CommandUse(purpose=purpose, words=words) if purpose in _PURPOSES:
                told = _OPTION.search(" ".join(words))
                if "--no-proxy-headers" in words and symbol.component:
                    found.append(_deaf(symbol))
                elif told and symbol.component:
                    found.append(_trusted(symbol, "--forwarded-allow-ips", told[1]))
            case EnvironmentGiven(value=str(value)) if str(symbol.name) == "FORWARDED_ALLOW_IPS" and symbol.component:
                found.append(_trusted(symbol, "FORWARDED_ALLOW_IPS", value))
    draft.symbols += found


def _deaf(symbol: Symbol) -> Symbol:
    detail = ProxyTrusted("nobody")
    return Symbol(
        Kind.CONSTRUCT,
        Action.DEFINES,
        Exact("--no-proxy-headers"),
        symbol.at,
        symbol.component,
        role=symbol.role,
        detail=detail,
    )


def _trusted(symbol: Symbol, name: str, whom: str) -> Symbol:
    detail = ProxyTrusted(
        "all" if whom == "*" else "unknown" if "$" in whom else "none" if whom == "127.0.0.1" else "some"
    )
    return Symbol(
        Kind.CONSTRUCT, Action.DEFINES, Exact(name), symbol.at, symbol.component, role=symbol.role, detail=detail
    )
