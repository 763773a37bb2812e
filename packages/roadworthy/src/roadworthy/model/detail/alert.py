"""What is said about alerts and where they go."""

from dataclasses import dataclass

from roadworthy.model.detail.metric import Matcher
from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert (Kind.SEVERITY, refers, named by its severity, "" without one; Kind.RUNBOOK, refers, named by the address
    of its runbook). `labels` are those the rule adds; values that are templates are left out; `by` is who evaluates it."""

    alert: str
    labels: tuple[tuple[str, str], ...] = ()
    by: str = "Prometheus"


@dataclass(frozen=True, slots=True)
class AlertRoute:
    """A node of Alertmanager's routing tree (Kind.RECEIVER, refers, named by the receiver, inherited where not given).

    `index` counts the nodes of one file depth first, `parent` is that of the node above, -1 for the root.
    """

    index: int
    parent: int
    matchers: tuple[Matcher, ...]
    continues: bool


@dataclass(frozen=True, slots=True)
class ReceiverDefined:
    """A receiver (Kind.RECEIVER, defines): the integrations it names, and those of them without an address."""

    integrations: tuple[str, ...]
    unaddressed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertDelivery:
    """Something keeps alerts from the Alertmanager deployed beside Prometheus (Kind.RECEIVER, refers, named by the address
    Prometheus sends to or the configuration; derived). `state` is "no such host", "other port" or "not mounted"; `server`
    is the name Alertmanager answers to, `server_at` its place."""

    state: str
    server: str
    server_at: Span
