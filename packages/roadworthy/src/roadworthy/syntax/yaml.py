"""YAML 1.2 core as a located tree, built from libyaml's events.

The tree is built without recursion and without resolving tags, so that neither deep nesting nor alias bombs cost more
than the limits below. Duplicate keys are kept and reported by `Mapping.duplicates`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import yaml as pyyaml

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax.problem import SyntaxProblem

MAXIMUM_DEPTH = 100
MAXIMUM_NODES = 400_000

_Loader = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Line breaks for libyaml, but neither for YAML 1.2 nor for whoever counts lines.
_NO_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")


@dataclass(slots=True, eq=False)
class Scalar:
    """Text as written; `plain` is False for quoted and block scalars."""

    text: str
    plain: bool
    at: Span
    size: int = 1

    def is_null(self) -> bool:
        return self.plain and _NULL.fullmatch(self.text) is not None

    def integer(self) -> int | None:
        """Return the value of a plain YAML 1.2 integer, otherwise None."""
        if not self.plain or not _INTEGER.fullmatch(self.text):
            return None
        return int(self.text, 0) if self.text[:2] in ("0o", "0x") else int(self.text)

    def boolean(self) -> bool | None:
        """Return the value of a plain YAML 1.2 boolean (`yes` and `on` are text), otherwise None."""
        return _BOOLEAN.get(self.text) if self.plain else None


@dataclass(slots=True, eq=False)
class Sequence:
    """A list."""

    items: list["Node"]
    at: Span
    size: int = 1

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.items)


@dataclass(slots=True, eq=False)
class Mapping:
    """Key and value pairs as written. Merge keys (`<<`) are followed by `get` and `items`, nearest first."""

    pairs: list[tuple["Node", "Node"]]
    at: Span
    size: int = 1
    duplicates: list[Scalar] = field(default_factory=list)

    def get(self, *path: str) -> "Node | None":
        """Return the node below these keys, or None where one is missing."""
        node: Node | None = self
        for key in path:
            if not isinstance(node, Mapping):
                return None
            node = next((value for name, value in node.items() if name.text == key), None)
        return node

    def text(self, *path: str) -> str | None:
        """Return the text of the scalar below these keys; None where it is missing, null or not a scalar."""
        node = self.get(*path)
        return node.text if isinstance(node, Scalar) and not node.is_null() else None

    def key(self, name: str) -> Scalar | None:
        """Return the node of the key itself, for its place."""
        return next((key for key, _ in self.items() if key.text == name), None)

    def items(self) -> Iterator[tuple[Scalar, "Node"]]:
        """Yield the pairs with scalar keys, own ones before merged ones, each name once (the last own one wins)."""
        own: dict[str, tuple[Scalar, Node]] = {}
        merged: list[Mapping] = []
        for key, value in self.pairs:
            if not isinstance(key, Scalar):
                continue
            if key.text == "<<" and key.plain:
                merged += [
                    n for n in (value.items if isinstance(value, Sequence) else [value]) if isinstance(n, Mapping)
                ]
            else:
                own[key.text] = (key, value)
        yield from own.values()
        for mapping in merged:
            if mapping is self:
                continue
            for key, value in mapping.items():
                if key.text not in own:
                    own[key.text] = (key, value)
                    yield key, value


Node = Scalar | Sequence | Mapping


@lru_cache(maxsize=16)
def documents(file: SourceFile) -> tuple[Node, ...]:
    """Parse every document of a file; raise SyntaxProblem with its place."""
    return parse(file.text, file.path)


def parse(text: str, path: str) -> tuple[Node, ...]:
    """Parse every document of a text; raise SyntaxProblem with its place."""
    try:
        return tuple(_build(text.removeprefix("\ufeff").translate(_NO_BREAKS), path))
    except pyyaml.reader.ReaderError as problem:
        before = text[: problem.position] if isinstance(problem.position, int) else ""
        line = before.count("\n") + 1
        raise SyntaxProblem("a character that YAML does not allow", line, len(before) - before.rfind("\n")) from problem
    except pyyaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        why = problem.problem or problem.context or "not valid YAML"
        raise SyntaxProblem(why, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1) from problem


@dataclass(slots=True)
class _Frame:
    node: Sequence | Mapping
    anchor: str | None
    key: Node | None = None


def _build(text: str, path: str) -> Iterator[Node]:
    stack: list[_Frame] = []
    anchors: dict[str, Node] = {}
    count = 0
    for event in pyyaml.parse(text, Loader=_Loader):
        finished: Node
        if isinstance(event, pyyaml.DocumentStartEvent):
            anchors = {}
            continue
        if isinstance(event, (pyyaml.MappingStartEvent, pyyaml.SequenceStartEvent)):
            if len(stack) >= MAXIMUM_DEPTH:
                raise SyntaxProblem(f"nested deeper than {MAXIMUM_DEPTH} levels", *_start(event))
            at = _span(path, event)
            opened: Mapping | Sequence = (
                Mapping([], at) if isinstance(event, pyyaml.MappingStartEvent) else Sequence([], at)
            )
            if event.anchor:
                anchors[event.anchor] = opened
            stack.append(_Frame(opened, event.anchor))
            continue
        if isinstance(event, pyyaml.ScalarEvent):
            finished = Scalar(event.value, not event.style, _span(path, event))
            if event.anchor:
                anchors[event.anchor] = finished
        elif isinstance(event, pyyaml.AliasEvent):
            target = anchors.get(event.anchor or "")
            if target is None or any(frame.node is target for frame in stack):
                raise SyntaxProblem(f"alias '{event.anchor}' has no anchor before it", *_start(event))
            finished = target
        elif isinstance(event, (pyyaml.MappingEndEvent, pyyaml.SequenceEndEvent)):
            node = stack.pop().node
            end = _span(path, event)
            node.at = Span(path, node.at.line, node.at.column, end.end_line, end.end_column)
            finished = node
        else:
            continue
        count += 1
        if not stack:
            yield finished
            count = 0
            continue
        frame = stack[-1]
        frame.node.size += finished.size
        if frame.node.size > MAXIMUM_NODES or count > MAXIMUM_NODES:
            raise SyntaxProblem(f"more than {MAXIMUM_NODES} nodes once its aliases are expanded", *_start(event))
        _place(frame, finished)


def _place(frame: _Frame, finished: Node) -> None:
    if isinstance(frame.node, Sequence):
        frame.node.items.append(finished)
    elif frame.key is None:
        frame.key = finished
    else:
        key = frame.key
        if isinstance(key, Scalar) and any(
            isinstance(k, Scalar) and k.text == key.text for k, _ in frame.node.pairs[-64:]
        ):
            frame.node.duplicates.append(key)
        frame.node.pairs.append((key, finished))
        frame.key = None


def _start(event: pyyaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _span(path: str, event: pyyaml.Event) -> Span:
    end = event.end_mark
    return Span(path, *_start(event), end.line + 1 if end else 1, max(end.column, 1) if end else 1)
