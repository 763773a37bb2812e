"""Which components Kubernetes Services, ingresses, autoscalers and budgets reach."""

from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.workload import HostName, Workload, WorkloadChosen
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

Labels = tuple[tuple[str, str], ...]


def derive(draft: Draft) -> None:
    """Bind Services and the ports they expect to the components behind them."""
    pods = [
        (symbol, symbol.detail)
        for symbol in draft.of(Kind.SERVICE, Action.DEFINES)
        if isinstance(symbol.detail, Workload) and symbol.detail.artifact == "kubernetes" and not symbol.detail.pod
    ]
    chosen: dict[tuple[str, str], str] = {}
    for index, symbol in enumerate(draft.symbols):
        if isinstance(symbol.detail, HostName) and symbol.detail.by == "Service" and symbol.detail.selector:
            owner = _owner(pods, symbol.detail.selector, symbol.detail.namespace)
            draft.symbols[index] = replace(symbol, detail=replace(symbol.detail, component=owner))
            if isinstance(symbol.name, Exact) and owner:
                chosen[symbol.name.text, symbol.detail.namespace] = owner
    policies = {
        (s.at.path, str(s.name)): _owner(pods, s.detail.labels, s.detail.namespace)
        for s in draft.of(Kind.SERVICE, Action.REFERS)
        if isinstance(s.detail, WorkloadChosen) and s.detail.by == "NetworkPolicy"
    }
    for index, symbol in enumerate(draft.symbols):
        detail = symbol.detail
        if isinstance(detail, PortUse) and detail.by in ("targetPort", "service port") and not symbol.component:
            draft.symbols[index] = replace(symbol, component=chosen.get((detail.host, detail.namespace), ""))
        elif isinstance(detail, PortUse) and detail.by == "networkPolicy" and not symbol.component:
            owner = policies.get((symbol.at.path, detail.host), "")
            draft.symbols[index] = replace(symbol, component=owner)
        elif isinstance(detail, WorkloadChosen) and not symbol.component:
            draft.symbols[index] = replace(symbol, component=_chosen(pods, symbol, detail))


def selects(selector: Labels, labels: Labels) -> bool:
    """Tell whether a selector chooses what bears these labels."""
    return bool(selector) and set(selector) <= set(labels)


def _owner(pods: list[tuple[Symbol, Workload]], selector: Labels, namespace: str) -> str:
    found = {
        symbol.component
        for symbol, workload in pods
        if selects(selector, workload.labels) and _same_space(namespace, workload.namespace)
    }
    return found.pop() if len(found) == 1 else ""


def _chosen(pods: list[tuple[Symbol, Workload]], symbol: Symbol, detail: WorkloadChosen) -> str:
    if detail.labels:
        return _owner(pods, detail.labels, detail.namespace)
    found = {s.component for s, workload in pods if str(s.name) == str(symbol.name)}
    return found.pop() if len(found) == 1 else ""


def _same_space(one: str, other: str) -> bool:
    return not one or not other or one == other
