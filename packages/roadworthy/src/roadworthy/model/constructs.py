"""Rules about single constructs of code: what each of them says, judged alike."""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole


def judged(facts: Facts, kind: str, *, repair: str) -> Iterator[Finding | Unknown | Held]:
    """Yield what every production construct of a kind shows, with one repair for those that are wrong.

    A component that was read and holds no such construct holds.
    """
    found: set[str] = set()
    for symbol, construct in _of(facts, kind):
        found.add(symbol.component)
        if construct.sound is None:
            yield Unknown(f"whether {construct.says}", symbol.at)
        elif construct.sound:
            yield Held(symbol.at)
        else:
            yield _wrong(symbol, construct, repair)
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)


def reported(facts: Facts, kind: str, *, repair: str) -> Iterator[Finding | Unknown | Held]:
    """Yield every production construct of a kind as a finding; where there is none and code was read, that holds."""
    wrong = [_wrong(symbol, construct, repair) for symbol, construct in _of(facts, kind)]
    yield from wrong
    read = next(facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead), None)
    if not wrong and read is not None:
        yield Held(read.at)


def _of(facts: Facts, kind: str) -> Iterator[tuple[Symbol, Construct]]:
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if isinstance(construct, Construct) and construct.kind == kind and symbol.role is FileRole.PROD:
            yield symbol, construct


def _wrong(symbol: Symbol, construct: Construct, repair: str) -> Finding:
    return Finding(construct.says, symbol.at, (), repair, (str(symbol.name),), symbol.component)
