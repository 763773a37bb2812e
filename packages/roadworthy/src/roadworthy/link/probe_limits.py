"""Whether the paths that probes ask stand behind a limit on the number of requests."""

from collections import defaultdict
from dataclasses import dataclass, field

from roadworthy.link import javascript_modules
from roadworthy.link.draft import Draft
from roadworthy.link.javascript_modules import ENDINGS, JavascriptModules
from roadworthy.model.detail.health import ProbeAnswered
from roadworthy.model.detail.limit import LimiterMade, LimitFreed, LimitPlaced, ProbeLimited
from roadworthy.model.detail.route import RouterDeclared
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_LINKED = (LimiterMade, LimitFreed, LimitPlaced)


@dataclass(slots=True)
class _Limits:
    """What is said about limits, as far as it is for production."""

    modules: JavascriptModules
    placed: list[tuple[Symbol, LimitPlaced]] = field(default_factory=list)
    freed: list[tuple[Symbol, LimitFreed]] = field(default_factory=list)
    made: dict[str, list[tuple[Symbol, LimiterMade]]] = field(default_factory=lambda: defaultdict(list))
    applications: dict[str, set[Span]] = field(default_factory=lambda: defaultdict(set))


def derive(draft: Draft) -> None:
    """Add, for each probe that code of ours answers, whether a limit stands before it; drop what only this needs."""
    asked = [s for s in draft.symbols if isinstance(s.detail, ProbeAnswered) and s.detail.asked_at is not None]
    limits = _Limits(javascript_modules.of(draft.files, draft.symbols if asked else ()))
    for symbol in draft.symbols if asked else ():
        if symbol.role is not FileRole.PROD:
            continue
        match symbol.detail:
            case LimitPlaced() as placed:
                limits.placed.append((symbol, placed))
            case LimitFreed() as freed:
                limits.freed.append((symbol, freed))
            case LimiterMade() as made:
                limits.made[str(symbol.name)].append((symbol, made))
            case RouterDeclared(form="application"):
                limits.applications[symbol.component].add(symbol.at)
    found: list[Symbol] = []
    for symbol in asked:
        if isinstance(symbol.detail, ProbeAnswered) and symbol.detail.asked_at is not None:
            found += _judged(limits, symbol, symbol.detail, symbol.detail.asked_at)
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, _LINKED)]
    draft.symbols += dict.fromkeys(found)


def _judged(limits: _Limits, probe: Symbol, answered: ProbeAnswered, asked_at: Span) -> list[Symbol]:
    if not isinstance(probe.name, Exact):
        return []

    def result(state: str, at: Span | None, says: str = "", why: str = "") -> list[Symbol]:
        sides = ((probe.at, "answers it"), *(((at, says),) if at is not None and says else ()))
        detail = ProbeLimited(state, answered.kind, why, tuple((text, place) for place, text in sides))
        return [Symbol(Kind.PATH, Action.REFERS, probe.name, asked_at, probe.component, phase="limit", detail=detail)]

    if answered.what.by_pack or any(_frees(limits, s, freed, probe, answered) for s, freed in limits.freed):
        return result("free", None)
    doubt: tuple[Span, str] | None = None
    for symbol, placed in limits.placed:
        if not _stands(limits, symbol, placed, probe, answered):
            continue
        name = str(symbol.name).rpartition("#")[2]
        leaves, why = _maker(limits, symbol, placed)
        if leaves is None:
            continue
        if any(_below(probe.name.text, path) for path in leaves):
            return result("free", None)
        several = placed.reach in ("all", "rest") and len(limits.applications[probe.component]) > 1
        why = placed.why or why or ("which of several applications answers is not seen" if several else "")
        if not why:
            shown = f"`{name}`" if not name.startswith("(") else "a limit"
            return result("limited", symbol.at, f"{shown} bounds the number of requests before it")
        doubt = doubt or (symbol.at, why)
    return result("unclear", doubt[0], "a limit stands here", doubt[1]) if doubt is not None else result("free", None)


def _same(one: Symbol, other: Symbol) -> bool:
    return not one.component or not other.component or one.component == other.component


def _frees(limits: _Limits, symbol: Symbol, freed: LimitFreed, probe: Symbol, answered: ProbeAnswered) -> bool:
    if freed.reach == "lines":
        return symbol.at.path == probe.at.path and symbol.at.line <= probe.at.line <= symbol.at.end_line
    return _same(symbol, probe) and _about(limits, symbol, freed.reach, freed.on, probe, answered)


def _stands(limits: _Limits, symbol: Symbol, placed: LimitPlaced, probe: Symbol, answered: ProbeAnswered) -> bool:
    if not _same(symbol, probe):
        return False
    return placed.reach in ("all", "rest") or _about(limits, symbol, placed.reach, placed.on, probe, answered)


def _about(limits: _Limits, symbol: Symbol, reach: str, on: str, probe: Symbol, answered: ProbeAnswered) -> bool:
    file, _, name = answered.handler.partition(":")
    match reach:
        case "handler":
            return file == symbol.at.path and name == on
        case "path":
            return _below(str(probe.name), on)
        case "module" if symbol.at.path.endswith(ENDINGS):
            return limits.modules.file(on, symbol.at.path) == file
        case "module":
            path = on.replace(".", "/").lstrip("/") + ".py"
            return file == path or file.endswith("/" + path)
    return False


def _below(path: str, outer: str) -> bool:
    return path == outer or path.startswith(outer.rstrip("/") + "/") or (len(outer) > 4 and path.startswith(outer))


def _maker(limits: _Limits, symbol: Symbol, placed: LimitPlaced) -> tuple[tuple[str, ...] | None, str]:
    """Return the paths a limiter lets through, None where it bounds nothing, and what leaves that in doubt."""
    name = str(symbol.name)
    if not placed.made or name == "(inline)":
        return (), ""
    if name == "(computed)":
        return (), "which requests the limit lets through is not seen"
    module, hash_, own = name.rpartition("#")
    found = limits.made.get(own, [])
    if hash_:
        file = limits.modules.file(module, symbol.at.path) if module else symbol.at.path
        found = [pair for pair in found if pair[0].at.path == file]
        if own == "default" and not found:
            found = [pair for pairs in limits.made.values() for pair in pairs if pair[0].at.path == file]
    if not found and name == "slowapi":
        return None, ""
    if len({pair[0].at for pair in found}) != 1:
        return (), f"how `{own}` is made is not followed"
    return found[0][1].leaves, found[0][1].why
