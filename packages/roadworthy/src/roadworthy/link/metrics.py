"""Which metrics exist besides those the code declares, and whether the set is closed."""

from roadworthy.link.draft import Draft
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol


def derive(draft: Draft) -> None:
    """Add what Prometheus itself provides, and open the set where no code of ours declares any metric."""
    references = draft.of(Kind.METRIC, Action.REFERS)
    if not references:
        return
    if not any(isinstance(s.detail, MetricDefinition) and s.detail.source == "code" for s in draft.symbols):
        draft.opens.append(Open(Kind.METRIC, "", "no code that was read declares a metric", references[0].at))
    for name in ("up", "ALERTS", "ALERTS_FOR_STATE"):
        detail = MetricDefinition("gauge", None, "Prometheus")
        draft.symbols.append(Symbol(Kind.METRIC, Action.DEFINES, Exact(name), Span("(Prometheus)"), detail=detail))
    detail = MetricDefinition("gauge", None, "Prometheus")
    draft.symbols.append(Symbol(Kind.METRIC, Action.DEFINES, Pattern("scrape_*"), Span("(Prometheus)"), detail=detail))
