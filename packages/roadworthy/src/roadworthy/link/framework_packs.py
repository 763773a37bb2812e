"""The names that frameworks, libraries and exporters bring: metrics with their labels, and paths."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, TypedDict

from roadworthy.link.draft import Draft
from roadworthy.link.metric_series import labels_of, series
from roadworthy.link.shared_code import for_each, opened_for_each
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.detail.metric import LabelValue, MetricDefinition
from roadworthy.model.detail.route import RouteServed
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Pattern, Symbol
from roadworthy.model.words import FileRole

_OWN_SERVERS = frozenset(
    {"prometheus_client.start_http_server", "prometheus_client.start_wsgi_server"}
    | {
        "prometheus_client.exposition.start_http_server",
        "prometheus_flask_exporter.PrometheusMetrics.start_http_server",
    }
)


class PackMetric(TypedDict, total=False):
    """A family of metrics, as the table writes it."""

    name: str
    type: str
    labels: list[str]
    values: dict[str, str | list[str]]
    unless: dict[str, str]
    buckets: list[float]
    buckets_by: str


class PackPath(TypedDict, total=False):
    """A path, as the table writes it."""

    path: str
    option: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One row of the table."""

    name: str
    source: str
    calls: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    images: tuple[str, ...] | None = None
    metrics: tuple[PackMetric, ...] = ()
    paths: tuple[PackPath, ...] = ()
    brings: tuple[str, ...] = ()
    renamed_by: tuple[str, ...] = ()
    prefixed_by: str = ""
    opens: str = ""


@dataclass(slots=True)
class _Use:
    """Where a pack is used, and with which options."""

    at: Span
    component: str
    options: dict[str, str] = field(default_factory=dict)


@cache
def packs() -> tuple[Pack, ...]:
    """Return the table, with the runtime's own row."""
    text = resources.files("roadworthy.link").joinpath("framework_packs.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["pack"]
    listed = tuple(_pack(row) for row in rows)
    return (*listed, _runtime())


def _pack(row: dict[str, Any]) -> Pack:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Pack(**fields)


def _runtime() -> Pack:
    calls = ("roadworthy_runtime.Roadworthy",)
    try:
        from roadworthy_runtime import contract
    except ImportError:
        return Pack("roadworthy_runtime", "", calls, opens="the runtime's contract is not installed beside this tool")
    values: dict[str, str | list[str]] = {
        "method": [*contract.METHODS, contract.OVERFLOW],
        "status": "status-code",
        "outcome": list(contract.CHECK_OUTCOMES),
    }
    metrics = tuple(
        PackMetric(
            name=name,
            type=kind,
            labels=list(labels),
            buckets=list(contract.BUCKETS) if kind == "histogram" else [],
            values={label: values[label] for label in labels if label in values},
        )
        for name, (kind, labels, _) in contract.METRICS.items()
    )
    paths = tuple(PackPath(path=path) for path in contract.PATHS)
    return Pack("roadworthy_runtime", "roadworthy_runtime/contract.py", calls, metrics=metrics, paths=paths)


def derive(draft: Draft) -> None:
    """Add what each pack in use brings; open the set for the names of exporters that nothing here deploys."""
    uses = [s for s in draft.symbols if isinstance(s.detail, FrameworkUse)]
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, FrameworkUse)]
    product = [s for s in uses if s.role is FileRole.PROD]
    named: dict[str, list[int]] = defaultdict(list)
    for index, symbol in enumerate(product):
        named[str(symbol.name)].append(index)
    images = list(_images(draft))
    given_options = frozenset(
        option for s in product if isinstance(s.detail, FrameworkUse) for option, _ in s.detail.options
    )
    # Where what is pushed was read, the gateway deployed beside it is taken for one that holds nothing else.
    pushed = any(
        isinstance(s.detail, MetricDefinition) and s.detail.source in ("pushed", "script") for s in draft.symbols
    )
    used: dict[str, list[_Use]] = {}
    for pack in packs():
        for use in (*_code_uses(pack, product, named), *_image_uses(pack, images)):
            used.setdefault(pack.name, []).append(use)
            draft.symbols += _metrics(pack, use, given_options)
            draft.symbols += [one for path in _paths(pack, use) for one in for_each(draft.components, path)]
            if pack.opens and not (pack.name == "Pushgateway" and pushed):
                draft.opens.append(Open(Kind.METRIC, "", pack.opens, use.at))
                if pack.name == "roadworthy_runtime":
                    opening = Open(Kind.PATH, use.component, pack.opens, use.at)
                    draft.opens += opened_for_each(draft.components, opening)
    _open_own_servers(draft, product)
    by_name = {pack.name: pack for pack in packs()}
    for pack in packs():
        for brought in pack.brings:
            for use in used.get(pack.name, [])[:1]:
                draft.symbols += _metrics(by_name[brought], use, given_options)
    _open_exporters(draft, used)
    _open_textfiles(draft)


def _code_uses(pack: Pack, uses: list[Symbol], named: dict[str, list[int]]) -> Iterator[_Use]:
    """Yield the calls that bring the pack, and the first import that does; `named` are the places in `uses` by name."""
    below = tuple(name + "." for name in pack.imports)
    importing = {name for name in named if name in pack.imports or name.startswith(below)}
    imported = False
    for index in sorted(index for name in importing.union(pack.calls) for index in named.get(name, ())):
        symbol = uses[index]
        detail = symbol.detail
        if not isinstance(detail, FrameworkUse):
            continue
        name = str(symbol.name)
        is_import = not imported and name in importing
        if (detail.called and name in pack.calls) or is_import:
            imported = imported or is_import
            yield _Use(symbol.at, symbol.component, dict(detail.options))


def _images(draft: Draft) -> Iterator[tuple[str, Span, str]]:
    for symbol in draft.symbols:
        if symbol.role not in (FileRole.PROD, FileRole.DEV) or symbol.phase == "build":
            continue
        if symbol.kind is Kind.IMAGE and symbol.action is Action.REFERS:
            yield str(symbol.name), symbol.at, symbol.component
        elif isinstance(symbol.detail, Workload) and symbol.detail.image:
            yield symbol.detail.image, symbol.at, symbol.component


def _image_uses(pack: Pack, images: list[tuple[str, Span, str]]) -> Iterator[_Use]:
    for image, at, component in images:
        repository = image.partition("@")[0]
        if any(part in repository for part in pack.images or ()):
            yield _Use(at, component)
            return


def _metrics(pack: Pack, use: _Use, given_options: frozenset[str]) -> Iterator[Symbol]:
    renamed = any(option in use.options or (option.isupper() and option in given_options) for option in pack.renamed_by)
    prefix = use.options.get(pack.prefixed_by, "").replace("(computed)", "*")
    for row in pack.metrics:
        kind = row.get("type", "")
        given = row.get("labels")
        for name in series(row["name"], kind):
            text = f"*{name}" if renamed else f"{prefix}{name}"
            said: Name = Pattern(text) if "*" in text else Exact(text)
            labels = labels_of(name, kind, tuple(given) if given is not None else None)
            buckets = tuple(row.get("buckets", ())) if row.get("buckets_by", "") not in given_options else ()
            definition = MetricDefinition(kind, labels, pack.name, family=row["name"], buckets=buckets or None)
            yield Symbol(Kind.METRIC, Action.DEFINES, said, use.at, use.component, detail=definition)
            if isinstance(said, Exact):
                yield from _values(row, name, use)


def _values(row: PackMetric, metric: str, use: _Use) -> Iterator[Symbol]:
    values = dict(row.get("values", {}))
    for option, value in row.get("unless", {}).items():
        if option in values:
            continue
        if option in use.options:
            changed = {k: v for k, v in row.get("unless", {}).items() if k in values}
            if use.options[option] == value:
                values |= changed
            elif use.options[option] == "(computed)":
                values = {k: v for k, v in values.items() if k not in changed}
    for label, domain in values.items():
        for text in domain if isinstance(domain, list) else ["*"]:
            name: Name = Exact(text) if isinstance(domain, list) else Pattern("*")
            detail = LabelValue("exact" if isinstance(domain, list) else domain, label, metric)
            yield Symbol(Kind.LABEL_VALUE, Action.DEFINES, name, use.at, use.component, detail=detail)


def _paths(pack: Pack, use: _Use) -> Iterator[Symbol]:
    for row in pack.paths:
        path = row["path"]
        changed = use.options.get(row.get("option", ""))
        if changed in ("None", ""):
            continue
        path = "**" if changed == "(computed)" else changed or path
        for text in (path, path.removesuffix("/") if path.endswith("/") else path + "/"):
            name: Name = Pattern(text) if "*" in text else Exact(text)
            detail = RouteServed(pack.name)
            yield Symbol(Kind.PATH, Action.DEFINES, name, use.at, use.component, detail=detail)


def _open_exporters(draft: Draft, used: dict[str, list[_Use]]) -> None:
    """Open the set for the names of each exporter that is not deployed from here: it may run elsewhere."""
    references: dict[str, Symbol] = {}
    for symbol in draft.of(Kind.METRIC, Action.REFERS):
        if symbol.role is FileRole.PROD:
            references.setdefault(str(symbol.name), symbol)
    for pack in packs():
        if pack.images is None or used.get(pack.name):
            continue
        for row in pack.metrics:
            pattern = Pattern(row["name"])
            first = next((s for name, s in references.items() if pattern.matches(name)), None)
            if first is not None:
                reason = f"`{row['name']}` comes from {pack.name}, which nothing in this repository deploys"
                draft.opens.append(Open(Kind.METRIC, "", reason, first.at, pattern))


def _open_own_servers(draft: Draft, uses: list[Symbol]) -> None:
    """Open ports and paths where prometheus_client serves metrics on a port of its own."""
    for symbol in uses:
        if str(symbol.name) in _OWN_SERVERS and isinstance(symbol.detail, FrameworkUse) and symbol.detail.called:
            reason = "prometheus_client serves metrics on a port of its own"
            for opening in (
                Open(Kind.PORT, symbol.component, reason, symbol.at),
                Open(Kind.PATH, symbol.component, reason, symbol.at, Pattern("/metrics**")),
            ):
                draft.opens += opened_for_each(draft.components, opening)


def _open_textfiles(draft: Draft) -> None:
    """Open the set where node-exporter reads files that anything may write."""
    for symbol in draft.of(Kind.COMMAND, Action.REFERS):
        if isinstance(symbol.detail, CommandUse) and any("collector.textfile" in w for w in symbol.detail.words):
            reason = "metrics written to files for node-exporter are not read"
            draft.opens.append(Open(Kind.METRIC, "", reason, symbol.at))
