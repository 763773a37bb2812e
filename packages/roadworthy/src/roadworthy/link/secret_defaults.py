"""Settings that fall back on a secret which stands in the code; behind this step no default of a secret stands in a fact."""

import re
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.secret import SecretDefault
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.syntax.secrecy import BLOT, names_secret, stands_for_secret

_NO_SECRET = re.compile(r".{0,2}|none|null|unset|true|false|yes|no|on|off|\d{1,5}", re.IGNORECASE)
# RabbitMQ lets its first account in from the host it runs on, and from nowhere else.
_ON_ITS_HOST = re.compile(r"(?:RABBIT(?:MQ)?|AMQP|BROKER)\w*", re.IGNORECASE)
_SWITCH = re.compile(r"(?:ENABLE|DISABLE|USE|HAS|IS|ALLOW|REQUIRE|SHOW|HIDE)_", re.IGNORECASE)


def derive(draft: Draft) -> None:
    """Add a statement for each variable of a secret that has a default, and blot the default out."""
    known = {s.at.path: s for s in draft.symbols if isinstance(s.detail, SecretDefault)}
    lines = {(s.at.path, s.at.line) for s in draft.symbols if isinstance(s.detail, SecretDefault)}
    found: list[Symbol] = []
    for index, symbol in enumerate(draft.symbols):
        read = symbol.detail
        if not isinstance(read, EnvironmentRead) or read.default is None or not names_secret(str(symbol.name)):
            continue
        draft.symbols[index] = replace(symbol, detail=replace(read, default=BLOT if read.default else ""))
        value = read.default.strip()
        if _NO_SECRET.fullmatch(value) or _SWITCH.match(str(symbol.name)) or "$" in value or value.startswith("/"):
            continue
        if (symbol.at.path, symbol.at.line) in lines or (value == "guest" and _ON_ITS_HOST.match(str(symbol.name))):
            continue
        refused = symbol.at.path in known and _refused(known[symbol.at.path])
        detail = SecretDefault(read.how, stands_for_secret(value), refused)
        found.append(Symbol(Kind.SECRET_KEY, Action.DEFINES, symbol.name, symbol.at, role=symbol.role, detail=detail))
    draft.symbols += found


def _refused(symbol: Symbol) -> bool:
    return isinstance(symbol.detail, SecretDefault) and symbol.detail.refused
