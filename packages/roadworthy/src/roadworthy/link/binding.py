"""Gives every statement the id of the running thing it is about.

What a manifest says of a workload is about that one. A Dockerfile speaks for all that are built from it. Code shared by
several defines names for each of them, but what it refers to counts for the one that serves: a job that shares the
image need not run the line.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import is_code, within
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.workload import HostName
from roadworthy.model.symbol import Action, Kind, Open, Symbol

_NAMED_FOR_EACH = frozenset(
    {Kind.ENVIRONMENT, Kind.PORT, Kind.PATH, Kind.FILE, Kind.COMMAND, Kind.SETTING, Kind.PACKAGE, Kind.VOLUME}
)
_RANK = {ComponentKind.SERVICE: 0, ComponentKind.WORKER: 1, ComponentKind.OTHER: 2, ComponentKind.JOB: 3}

Locals = dict[tuple[str, str], str]


def bind(draft: Draft, locals: Locals) -> None:  # noqa: A002 - names local to one artifact
    """Replace local names of components by ids, and give code and Dockerfiles to what runs them."""
    owners = _Owners(draft.components)
    symbols: list[Symbol] = []
    for symbol in draft.symbols:
        if isinstance(symbol.detail, HostName) and symbol.detail.component:
            id_ = _id(locals, symbol.at.path, symbol.detail.component)
            symbol = replace(symbol, detail=replace(symbol.detail, component=id_))
        if symbol.component:
            symbols.append(replace(symbol, component=_id(locals, symbol.at.path, symbol.component)))
        else:
            symbols += (replace(symbol, component=id_) if id_ else symbol for id_ in owners.of_symbol(symbol))
    draft.symbols[:] = symbols
    opens: list[Open] = []
    for opening in draft.opens:
        if opening.component:
            id_ = _id(locals, opening.at.path, opening.component)
            opens.append(replace(opening, component=id_))
        else:
            opens += (
                replace(opening, component=id_) if id_ else opening for id_ in owners.of(opening.at.path) or ("",)
            )
    draft.opens[:] = opens


def _id(locals: Locals, path: str, name: str) -> str:  # noqa: A002
    """Return the id behind a local name; a name that other files use for one thing only, "" as path, will do too."""
    return locals.get((path, name)) or locals.get(("", name), name)


class _Owners:
    """Which components run the code of a file."""

    def __init__(self, components: list[Component]) -> None:
        self._by_dockerfile: dict[str, list[Component]] = defaultdict(list)
        self._by_folder: dict[str, list[Component]] = defaultdict(list)
        for component in sorted(components, key=lambda c: (_RANK.get(c.kind, 2), c.id)):
            for path in component.dockerfiles:
                self._by_dockerfile[path].append(component)
            for folder in component.sources:
                self._by_folder[folder].append(component)
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, path: str) -> tuple[str, ...]:
        """Return the ids of the components a file belongs to, the one that serves first; none where it is shared."""
        if path not in self._known:
            self._known[path] = tuple(component.id for component in self._found(path))
        return self._known[path]

    def _found(self, path: str) -> list[Component]:
        if path in self._by_dockerfile:
            return self._by_dockerfile[path]
        if not is_code(path):
            return []
        folder = within(path, self._by_folder)
        return self._by_folder[folder] if folder is not None else []

    def of_symbol(self, symbol: Symbol) -> Iterator[str]:
        """Yield the components a statement without one is about, "" for all."""
        ids = self.of(symbol.at.path)
        if not ids:
            yield ""
        elif symbol.action is Action.DEFINES and symbol.kind in _NAMED_FOR_EACH:
            yield from ids
        else:
            yield ids[0]
