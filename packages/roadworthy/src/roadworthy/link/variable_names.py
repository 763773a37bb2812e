"""Who mentions which variable: code, scripts, deployments, documents."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead, EnvironmentTaken, NamesMentioned
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.resolution import Rung, nearest
from roadworthy.model.symbol import Exact, Pattern, Symbol, Unreadable
from roadworthy.model.words import FileRole

ASIDE = frozenset({FileRole.TEST, FileRole.VENDORED, FileRole.GENERATED})
_IN_TEXT = re.compile(r"\$[({]?([A-Z][A-Z0-9_]{2,})")
_WORKFLOW = ".github/workflows/"


@dataclass(slots=True)
class Names:
    """Who mentions which name."""

    reads: dict[str, Symbol] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    patterns: list[Symbol] = field(default_factory=list)
    taken: dict[str, Symbol] = field(default_factory=dict)
    code: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    documents: dict[str, Symbol] = field(default_factory=dict)
    open: str = ""


def gathered(draft: Draft) -> Names:
    """Return who mentions which name."""
    names = Names()
    for symbol in draft.symbols:
        match symbol.detail:
            case EnvironmentRead():
                _add_read(names, symbol, symbol.detail)
            case EnvironmentTaken():
                names.taken.setdefault(str(symbol.name), symbol)
            case EnvironmentGiven(by="host"):
                names.taken.setdefault(str(symbol.name), symbol)
            case NamesMentioned() as mentioned:
                _add_mention(names, symbol, mentioned)
            case CommandUse() | CommandLine() as command:
                names.code |= {found for word in command.words if "$" in word for found in _IN_TEXT.findall(word)}
    return names


def _add_read(names: Names, symbol: Symbol, read: EnvironmentRead) -> None:
    if symbol.role in ASIDE:
        return
    match symbol.name:
        case Exact(text):
            if text not in names.reads or (symbol.role is FileRole.PROD and read.required):
                names.reads[text] = symbol
            if read.required:
                names.required.add(text)
        case Pattern():
            names.patterns.append(symbol)
        case Unreadable(why) if symbol.role is FileRole.PROD:
            names.open = names.open or f"{symbol.at.path} reads a variable whose name is {why}"


def _add_mention(names: Names, symbol: Symbol, mentioned: NamesMentioned) -> None:
    path = symbol.at.path
    if symbol.role is FileRole.DOCUMENT or path.endswith((".md", ".mdx", ".rst", ".adoc")):
        for name in mentioned.names:
            names.documents.setdefault(name, symbol)
    elif symbol.role in ASIDE or _WORKFLOW in path or _is_provider(path):
        names.aside |= mentioned.names
    else:
        names.code |= mentioned.names
        if mentioned.open and symbol.role is FileRole.PROD:
            names.open = names.open or f"{path}: {mentioned.open}"


def _is_provider(path: str) -> bool:
    """Tell whether a file as a rule gives variables and does not read them."""
    name = path.rpartition("/")[2]
    return name.endswith((".yml", ".yaml")) or "ockerfile" in name


def near(name: str, candidates: list[Symbol]) -> tuple[Symbol | None, bool]:
    """Return the variable that was perhaps meant, and whether it certainly was, as far as names can tell."""
    found = nearest(name, candidates)
    if not found.nearest:
        return None, False
    if found.rung in (Rung.PREFIX, Rung.SUFFIX):
        return found.nearest[0], False
    close = found.rung in (Rung.CASE, Rung.SEPARATOR) or alike(name, str(found.nearest[0].name)) >= 0.8
    return (found.nearest[0], True) if close else (None, False)


def alike(name: str, other: str) -> float:
    return SequenceMatcher(None, name, other).ratio()
