"""Which declarations in different artifacts are about the same running thing."""

from collections.abc import Callable
from itertools import groupby

from roadworthy.link.draft import Draft
from roadworthy.link.running import Running, plain
from roadworthy.model.detail.workload import DependsOn, Workload
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import FileRole

_UNCOUNTED = frozenset({FileRole.TEST, FileRole.EXAMPLE, FileRole.DOCUMENT})
_SERVING = frozenset({"service", "deployment", "statefulset", "daemonset", "pod", "replicaset", "process"})


def running(draft: Draft) -> list[Running]:
    """Return every running thing that compose files, manifests and Procfiles declare, each once."""
    single = _declared(draft)
    waited = _waited_for(draft)
    for one in single:
        one.ends = one.artifacts == {"compose"} and one.name in waited
    compose = [one for one in single if "compose" in one.artifacts]
    manifests = [one for one in single if "kubernetes" in one.artifacts]
    processes = [one for one in single if "procfile" in one.artifacts]
    return [*_join(_by_name(compose), manifests), *processes]


def _waited_for(draft: Draft) -> frozenset[str]:
    """Return the names of compose services whose end others wait for."""
    return frozenset(
        str(s.name)
        for s in draft.of(Kind.SERVICE, Action.REFERS)
        if isinstance(s.detail, DependsOn) and s.detail.condition == "service_completed_successfully"
    )


def _declared(draft: Draft) -> list[Running]:
    found: dict[tuple[str, str, str], Running] = {}
    for symbol in sorted(draft.of(Kind.SERVICE, Action.DEFINES), key=lambda s: s.at):
        workload = symbol.detail
        if not isinstance(workload, Workload) or symbol.role in _UNCOUNTED:
            continue
        folder = symbol.at.path.rpartition("/")[0]
        # The same name in base and overlay folders of Kubernetes manifests is one workload in several places.
        key = (workload.artifact, "" if workload.artifact == "kubernetes" else folder, symbol.component)
        if key not in found:
            found[key] = Running(symbol.component, folder)
        one = found[key]
        one.declarations.append(symbol)
        one.locals.add((symbol.at.path, symbol.component))
        if workload.dockerfile and workload.dockerfile in draft.tree.files:
            one.dockerfiles.add(workload.dockerfile)
        if workload.context is not None:
            one.contexts[workload.dockerfile] = workload.context
    return list(found.values())


def _by_name(compose: list[Running]) -> list[Running]:
    """Join compose services of one name in several folders where nothing tells them apart."""
    out: list[Running] = []
    for _, alike in groupby(sorted(compose, key=lambda one: (one.name, one.folder)), key=lambda one: one.name):
        first, *others = alike
        out.append(first)
        for other in others:
            same = first.product() == other.product() and (first.product() or first.dockerfiles & other.dockerfiles)
            if same or not (first.image or first.built) or not (other.image or other.built):
                first.absorb(other)
            else:
                out.append(other)
    return out


def _join(known: list[Running], others: list[Running]) -> list[Running]:
    """Join each of `others` with the one it must be, by the strongest sign that leaves one candidate."""
    free, waiting = list(known), list(others)
    for alike in _SIGNS:
        for other in list(waiting):
            candidates = [one for one in free if alike(one, other)]
            rivals = [rival for rival in waiting if rival is not other and any(alike(c, rival) for c in candidates)]
            if len(candidates) == 1 and not rivals:
                candidates[0].absorb(other)
                free.remove(candidates[0])
                waiting.remove(other)
    return [*known, *waiting]


def _compatible(one: Running, other: Running) -> bool:
    return one.product() == other.product() and _one_shot(one) == _one_shot(other)


def _one_shot(one: Running) -> bool:
    return one.ends or all(w.one_shot or w.form not in _SERVING for w in one.workloads())


def _same_name(one: Running, other: Running) -> bool:
    return _compatible(one, other) and plain(one.name) == plain(other.name)


def _name_in_name(one: Running, other: Running) -> bool:
    """Tell whether a manifest puts the name of the product before the one that compose uses: `web` and `shop-web`."""
    if not _compatible(one, other) or one.product():
        return False
    return _tail(plain(other.name), plain(one.name)) and plain(other.name).endswith("-" + plain(one.name))


def _same_image(one: Running, other: Running) -> bool:
    return _compatible(one, other) and not one.product() and bool(one.images() & other.images())


def _shared_names(one: Running, other: Running) -> bool:
    return _compatible(one, other) and not one.product() and bool(one.names() & other.names())


def _ends_alike(one: Running, other: Running) -> bool:
    if not _compatible(one, other) or one.product():
        return False
    return any(_tail(a, b) or _tail(b, a) for a in one.names() for b in other.names())


def _tail(long: str, short: str) -> bool:
    return len(short) >= 2 and (long.endswith("-" + short) or long.startswith(short + "-"))


def _same_product(one: Running, other: Running) -> bool:
    return bool(one.product()) and one.product() == other.product()


def _only_service(one: Running, other: Running) -> bool:
    return (
        one.built
        and not other.built
        and not other.product()
        and _compatible(one, other)
        and any(w.form in ("deployment", "statefulset", "pod") for w in other.workloads())
    )


_SIGNS: tuple[Callable[[Running, Running], bool], ...] = (
    _same_name,
    _name_in_name,
    _same_image,
    _shared_names,
    _ends_alike,
    _same_product,
    _only_service,
)
