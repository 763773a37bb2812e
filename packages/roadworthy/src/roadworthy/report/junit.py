"""JUnit XML, as build servers show it: a suite a criterion, a case a rule."""

from xml.sax.saxutils import escape, quoteattr

from roadworthy.model.foreign_text import visible
from roadworthy.model.place import Span
from roadworthy.model.report import Report
from roadworthy.model.result import ReportedFinding, Result
from roadworthy.model.words import Criterion, Outcome, Severity

_SHOWN = 50  # findings of one rule
_COUNTED = frozenset({Severity.DANGEROUS, Severity.MAJOR, Severity.MINOR})


def render(report: Report) -> str:
    """Return the report as JUnit XML.

    A failed rule fails its case, an advisory one only says so in the case's output; what is inconclusive or has
    nothing to examine is skipped, with the reason. The clock says nothing: rules that were read take no time.
    """
    suites = [_suite(c, [r for r in report.results if r.criterion is c]) for c in Criterion]
    totals = _totals(list(report.results))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {_named('roadworthy')} {totals}>"]
    return "\n".join([*lines, *(suite for suite in suites if suite), "</testsuites>"]) + "\n"


def _suite(criterion: Criterion, results: list[Result]) -> str:
    if not results:
        return ""
    cases = "\n".join(_case(result) for result in results)
    return f"  <testsuite {_named(criterion.value)} {_totals(results)}>\n{cases}\n  </testsuite>"


def _totals(results: list[Result]) -> str:
    failed = sum(_fails(result) for result in results)
    skipped = sum(r.outcome in (Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE) for r in results)
    seconds = sum(result.seconds or 0.0 for result in results)
    return f'tests="{len(results)}" failures="{failed}" errors="0" skipped="{skipped}" time="{seconds:.3f}"'


def _fails(result: Result) -> bool:
    return result.outcome is Outcome.FAILED and result.severity in _COUNTED


def _case(result: Result) -> str:
    opening = f'    <testcase {_named(result.rule)} classname="roadworthy.{result.kind.value}" time="{result.seconds or 0:.3f}"'
    match result.outcome:
        case Outcome.PASSED:
            return f"{opening}/>"
        case Outcome.FAILED if _fails(result):
            first = result.findings[0].message if result.findings else result.reason
            return (
                f"{opening}>\n      <failure message={_attribute(first)} type={_attribute(result.severity.value)}>"
                f"{_text(_details(result))}</failure>\n    </testcase>"
            )
        case Outcome.FAILED:
            return f"{opening}>\n      <system-out>{_text(_details(result))}</system-out>\n    </testcase>"
        case _:
            return f"{opening}>\n      <skipped message={_attribute(result.reason)}/>\n    </testcase>"


def _details(result: Result) -> str:
    parts = [_finding(finding) for finding in result.findings[:_SHOWN]]
    if len(result.findings) > _SHOWN:
        parts.append(f"and {len(result.findings) - _SHOWN} more")
    parts += [
        f"{'holds' if seen.holds else 'fails'}: {seen.says}: expected {seen.expected}, got {seen.actual}"
        for seen in result.observations
    ]
    if result.repeat:
        parts.append(f"alone: {result.repeat}")
    return "\n\n".join(parts or [result.reason])


def _finding(finding: ReportedFinding) -> str:
    lines = [f"{_place(finding.at)}{finding.message}"]
    lines += [f"  {related.at}: {related.says}" for related in finding.related]
    if finding.repair:
        lines.append(f"  repair: {finding.repair}")
    return "\n".join(lines)


def _place(at: Span | None) -> str:
    return f"{at}: " if at else ""


def _named(name: str) -> str:
    return f"name={_attribute(name)}"


def _attribute(text: str) -> str:
    return quoteattr(visible(text))


def _text(text: str) -> str:
    return escape("\n".join(visible(line) for line in text.split("\n")))
