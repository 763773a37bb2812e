"""Fills the page's template with a report."""

import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from roadworthy.model.foreign_text import visible
from roadworthy.model.report import Report
from roadworthy.model.result import Result, TrialKind
from roadworthy.model.words import Outcome
from roadworthy.report.html.timeline import draw

_ORDER = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.PASSED, Outcome.NOT_APPLICABLE)


def render(report: Report) -> str:
    """Return the report as one HTML page without outside references."""
    drills = [r for r in report.results if r.kind is TrialKind.DRILL]
    return _template().render(
        report=report,
        failed=report.ranked(),
        quoted=report.quoted(),
        drills=sorted(drills, key=lambda r: (_ORDER.index(r.outcome), r.rule)),
        unclear=[r for r in report.results if r.outcome is Outcome.INCONCLUSIVE and r.kind is TrialKind.CHECK],
        passed=[r for r in report.results if r.outcome is Outcome.PASSED and r.kind is TrialKind.CHECK],
        counts={outcome.value: sum(r.outcome is outcome for r in report.results) for outcome in _ORDER},
        timeline=_timeline,
    )


def _prose(text: str) -> Markup:
    """Return a message with what stands between backticks set as code."""
    parts = re.split(r"`([^`]+)`", visible(text))
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else escape(p) for n, p in enumerate(parts))


def _timeline(result: Result) -> Markup:
    return draw(result.timeline)


@cache
def _template() -> Template:
    folder = files("roadworthy.report.html")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["clean"] = visible
    environment.filters["prose"] = _prose
    environment.globals["style"] = Markup(folder.joinpath("page.css").read_text(encoding="utf-8"))  # noqa: S704 - ours
    return environment.from_string(folder.joinpath("page.html.jinja").read_text(encoding="utf-8"))
