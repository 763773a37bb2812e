"""Takes the values of variables apart where they are addresses, and puts numbers in the place of secrets.

What collectors read may hold secrets; behind this step no fact does. Equal secrets have equal numbers, wherever they
stand: in a variable, in an address, in a Secret.
"""

import re
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven, UrlParts
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.syntax.address import Address, address
from roadworthy.syntax.secrecy import names_secret, stands_for_secret

_RANDOM = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{24,}")
_EMBEDDED = re.compile(
    r"://[^/\s]*:[^/\s$]+@|(?:password|passwd|pwd|secret|token|api[-_]?key)[\"']?\s*[=:]\s*[\"']?[^;&\s$\"']+",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")
_MAXIMUM = 500


def derive(draft: Draft) -> None:
    """Add a symbol for every address that stands in a variable, and number all secrets."""
    numbers = _Numbers()
    found: list[Symbol] = []
    speaking = [(i, s) for i, s in enumerate(draft.symbols) if isinstance(s.detail, EnvironmentGiven | ObjectKey)]
    for index, symbol in sorted(speaking, key=lambda one: (one[1].at, str(one[1].name))):
        match symbol.detail:
            case EnvironmentGiven() as given:
                read = address(given.value if given.value is not None else given.template)
                if read is not None:
                    found.append(_url(symbol, read, numbers))
                draft.symbols[index] = replace(symbol, detail=_without_secret(str(symbol.name), given, read, numbers))
            case ObjectKey(value=str(value)) as key:
                hidden = key.object == "Secret" or _is_secret(str(symbol.name).rpartition("/")[2], value)
                detail = replace(key, value=None, secret=numbers.of(value)) if hidden else key
                draft.symbols[index] = replace(symbol, detail=detail)
    draft.symbols += found


class _Numbers:
    """Gives each distinct secret the next number."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, secret: str) -> int:
        """Return the number of a secret."""
        return self._known.setdefault(secret, len(self._known) + 1)


def _url(symbol: Symbol, read: Address, numbers: _Numbers) -> Symbol:
    database = read.path.strip("/") if not read.scheme.startswith(("http", "ws", "amqp")) else ""
    parts = UrlParts(
        scheme=read.scheme,
        host=read.host,
        port=read.port,
        # A lone user of a web address is as a rule a key.
        user=None if read.scheme.startswith("http") else read.user,
        password=numbers.of(read.password) if read.password else None,
        database=database if database and "*" not in database else None,
        path=_shown(read.path),
    )
    return Symbol(Kind.URL, Action.DEFINES, symbol.name, symbol.at, symbol.component, symbol.phase, symbol.role, parts)


def _without_secret(name: str, given: EnvironmentGiven, read: Address | None, numbers: _Numbers) -> EnvironmentGiven:
    text = given.value if given.value is not None else given.template
    if not text:
        return given
    if read is not None and read.has_credentials:
        literal = read.password is not None and "${" not in read.password
        return replace(given, value=None, template=_shown(read.shown()), secret=numbers.of(text) if literal else None)
    if read is not None and _shown(text) != text:
        return replace(given, value=None, template=_shown(text), secret=numbers.of(text))
    if given.by == "Secret" or (given.value is not None and _is_secret(name, given.value)):
        placeholder = given.by != "Secret" and stands_for_secret(text)
        return replace(given, value=text if placeholder else None, template="", secret=numbers.of(text))
    if given.value is None and _EMBEDDED.search(text):
        return replace(given, template="", secret=numbers.of(text))
    if given.value is None and names_secret(name):
        return replace(given, template="" if _PLACEHOLDER.sub("", text) else text, secret=numbers.of(text))
    return given


def _shown(path: str) -> str:
    """Return a path with `***` for segments that look like keys."""
    return "/".join("***" if _RANDOM.fullmatch(part) else part for part in path.split("/"))


def _is_secret(name: str, value: str) -> bool:
    return (
        names_secret(name)
        or len(value) > _MAXIMUM
        or _RANDOM.fullmatch(value) is not None
        or _EMBEDDED.search(value) is not None
    )
