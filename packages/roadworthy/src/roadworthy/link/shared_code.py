"""Code that several components run speaks for each of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.link.source_trees import within
from roadworthy.model.component import Component
from roadworthy.model.detail.logging import LogSetup
from roadworthy.model.detail.route import RouterDeclared
from roadworthy.model.symbol import Open, Symbol


def derive(draft: Draft) -> None:
    """Give applications and the set-up of logs to every component that runs their module."""
    draft.symbols = [
        one
        for symbol in draft.symbols
        for one in (
            for_each(draft.components, symbol) if isinstance(symbol.detail, LogSetup | RouterDeclared) else (symbol,)
        )
    ]


def for_each(components: Iterable[Component], symbol: Symbol) -> Iterator[Symbol]:
    """Yield a statement of code once for each component that runs the code."""
    for id_ in sharers(components, symbol.at.path) or (symbol.component,):
        yield replace(symbol, component=id_)


def opened_for_each(components: Iterable[Component], opening: Open) -> Iterator[Open]:
    """Yield an opening once for each component that runs the code it stands in."""
    for id_ in sharers(components, opening.at.path) or (opening.component,):
        yield replace(opening, component=id_)


def sharers(components: Iterable[Component], path: str) -> tuple[str, ...]:
    """Return the components whose innermost source folder holds a file."""
    by_folder = {folder: component for component in components for folder in component.sources}
    folder = within(path, by_folder)
    return tuple(component.id for component in components if folder is not None and folder in component.sources)
