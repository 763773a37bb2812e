"""Which metrics exist besides those the code declares, and whether the set is closed."""

from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import LANGUAGES, suffix
from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.metric import LabelValue, MetricDefinition, MetricTouch, MetricUse
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.model.words import FileRole

PROMETHEUS = Span("(Prometheus)")
_OURS = frozenset({ComponentKind.SERVICE, ComponentKind.WORKER, ComponentKind.JOB, ComponentKind.EXPORTER})
_READ = frozenset({"python", "javascript", "typescript"})


def derive(draft: Draft) -> None:
    """Add what Prometheus itself provides; open the set for code that is not read; drop touches of other things."""
    definitions = [s for s in draft.of(Kind.METRIC, Action.DEFINES) if isinstance(s.detail, MetricDefinition)]
    _keep_metrics(draft, definitions)
    draft.opens += _unread(draft)
    references = [s for s in draft.of(Kind.METRIC, Action.REFERS) if isinstance(s.detail, MetricUse)]
    if not references:
        return
    if not any(isinstance(s.detail, MetricDefinition) and s.detail.source != "recording rule" for s in definitions):
        draft.opens.append(Open(Kind.METRIC, "", "no code that was read declares a metric", references[0].at))
    for name in ("up", "ALERTS", "ALERTS_FOR_STATE"):
        detail = MetricDefinition("gauge", None, "Prometheus")
        draft.symbols.append(Symbol(Kind.METRIC, Action.DEFINES, Exact(name), PROMETHEUS, detail=detail))
    detail = MetricDefinition("gauge", None, "Prometheus")
    draft.symbols.append(Symbol(Kind.METRIC, Action.DEFINES, Pattern("scrape_*"), PROMETHEUS, detail=detail))


def _keep_metrics(draft: Draft, definitions: list[Symbol]) -> None:
    """Drop what collectors took for touches and label values of metrics and is of something else.

    A touch of a metric that is looked up by its own name is one of the variable it is declared as.
    """
    families = {s.detail.family: s.detail.variable for s in definitions if isinstance(s.detail, MetricDefinition)}
    for index, symbol in enumerate(draft.symbols):
        if isinstance(symbol.detail, MetricTouch) and symbol.detail.how == "by name":
            variable = families.get(str(symbol.name)) or str(symbol.name)
            draft.symbols[index] = replace(symbol, name=Exact(variable), detail=MetricTouch("passed"))
    variables = {
        symbol.detail.variable
        for symbol in definitions
        if isinstance(symbol.detail, MetricDefinition) and symbol.detail.variable
    }

    def stays(symbol: Symbol) -> bool:
        if isinstance(symbol.detail, MetricTouch):
            return str(symbol.name) in variables
        return (
            not isinstance(symbol.detail, LabelValue)
            or bool(symbol.detail.metric)
            or symbol.detail.variable in variables
        )

    draft.symbols = [symbol for symbol in draft.symbols if stays(symbol)]


def _unread(draft: Draft) -> list[Open]:
    """Return an opening for each component of ours whose metrics would be declared in a language that is not read."""
    found: list[Open] = []
    for component in draft.components:
        if component.kind not in _OURS or not component.ours or component.role is not FileRole.PROD:
            continue
        unread = [language for language in component.languages if language not in _READ]
        if unread:
            reason = f"metrics declared in {', '.join(unread)} (`{component.id}`) are not read"
            found.append(Open(Kind.METRIC, "", reason, component.declared[0]))
    if not draft.components:
        other = [f for f in draft.files if LANGUAGES.get(suffix(f), "python") not in _READ]
        if other:
            reason = f"metrics declared in {LANGUAGES[suffix(other[0])]} are not read"
            found.append(Open(Kind.METRIC, "", reason, Span(other[0])))
    return found
