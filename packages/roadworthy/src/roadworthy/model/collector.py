"""What a collector is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Open, Symbol

Statement = Symbol | Open | Problem


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector as the catalogue found it. `name` is its module's path below `collect`, with dashes.

    `wants` tells by the path alone whether a file may be of this kind, so that an unreadable file is known to be one;
    `claims` that it can be of no other kind (collectors that do not claim it are then not asked); `recognises` decides
    once the text is there.
    """

    name: str
    provides: frozenset[Kind]
    wants: Callable[[str], bool]
    claims: Callable[[str], bool]
    recognises: Callable[[SourceFile], bool]
    collect: Callable[[SourceFile], Iterator[Statement]]
