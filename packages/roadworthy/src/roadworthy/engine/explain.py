"""Why a finding stands: the facts it rests on, and what was looked for and not found."""

from collections.abc import Iterator

from roadworthy.engine.catalogue import checks
from roadworthy.model.error import RoadworthyError
from roadworthy.model.facts import Facts
from roadworthy.model.place import Span
from roadworthy.model.report import Report
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.result import ReportedFinding, Result
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_FACTS = 12  # shown of one place
_NAMES = 12  # shown of one set
_SHORTEST = 4


def found(report: Report, identity: str) -> tuple[Result, ReportedFinding]:
    """Return the finding whose fingerprint begins with `identity`.

    Raise RoadworthyError where none does, or several different ones do.
    """
    matching = {
        finding.fingerprint: (result, finding)
        for result in report.results
        for finding in reversed(result.findings)
        if finding.fingerprint.startswith(identity.lower())
    }
    if len(identity) < _SHORTEST or not matching:
        raise RoadworthyError(f"no finding of the last run begins with '{identity}'; a report shows the id of each")
    if len(matching) > 1:
        raise RoadworthyError(
            f"'{identity}' is the beginning of {len(matching)} findings: {', '.join(sorted(matching))}"
        )
    return next(iter(matching.values()))


def explanation(facts: Facts, report: Report, result: Result, finding: ReportedFinding) -> list[str]:
    """Return the lines that explain a finding: its sides with their text, the facts there, and what is missing."""
    quoted = report.quoted()
    needs = next((check.rule.needs for check in checks() if check.id == result.rule), frozenset[Kind]())
    lines = [f"{result.rule} ({result.severity.value}), {finding.fingerprint}", "", finding.message]
    sides = [(finding.at, "")] if finding.at else []
    sides += [(related.at, related.says) for related in finding.related]
    missing: list[Symbol] = []
    for at, says in sides:
        lines += ["", f"{at}" + (f"  {says}" if says else "")]
        if line := quoted.get((at.path, at.line)):
            lines.append(f"  | {line}")
        here = [symbol for symbol in facts.symbols if _stands(symbol, at)]
        relevant = [symbol for symbol in here if symbol.kind in needs] or here
        lines += [f"  fact: {_said(symbol)}" for symbol in relevant[:_FACTS]]
        if len(relevant) > _FACTS:
            lines.append(f"  and {len(relevant) - _FACTS} more facts")
        missing += [symbol for symbol in relevant if symbol.action is Action.REFERS]
    looked_up = [line for symbol in dict.fromkeys(missing) for line in _looked_up(facts, symbol)]
    if looked_up:
        lines += ["", "looked up:", *looked_up]
    if finding.repair:
        lines += ["", f"repair: {finding.repair}"]
    return [*lines, "", f"`roadworthy explain {result.rule}` shows the rule's page."]


def _stands(symbol: Symbol, at: Span) -> bool:
    own = symbol.at
    return own.path == at.path and own.line <= at.end_line and at.line <= own.end_line


def _said(symbol: Symbol) -> str:
    where = f" of {symbol.component}" if symbol.component else ""
    when = "" if symbol.phase == "run" else f", when it is {symbol.phase}"
    detail = f" ({type(symbol.detail).__name__})" if symbol.detail else ""
    return f"{symbol.action.value} {symbol.kind.value} `{symbol.name}`{where}{when}{detail}"


def _looked_up(facts: Facts, reference: Symbol) -> Iterator[str]:
    match facts.resolve(reference):
        case Met():
            return
        case CannotTell(opening):
            yield f"  {reference.kind.value} `{reference.name}`: cannot tell: {opening.reason} ({opening.at})"
        case Missing(near, rung):
            names = sorted(
                {
                    s.name.text
                    for s in facts.definitions(reference.kind, reference.component)
                    if isinstance(s.name, Exact)
                }
            )
            whose = f" in {reference.component}" if reference.component else ""
            yield (
                f"  {reference.kind.value} `{reference.name}`: not among the {len(names)} that are defined{whose},"
                " and nothing hides more"
            )
            for symbol in near:
                yield f"    nearest: `{symbol.name}` ({rung.value}) at {symbol.at}"
            if names:
                more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
                yield f"    defined: {', '.join(names[:_NAMES])}{more}"
