"""A service of a compose file with what it extends in the same file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import yaml
from roadworthy.syntax.compose.interpolation import Interpolated, interpolate

_FOR_TESTS = re.compile(r"(^|[-_])(tests?|testing|e2e|playwright|cypress|selenium|chromium)([-_]|$)")
_TEST_PROFILES = frozenset({"test", "tests", "testing", "e2e", "ci"})
_DEVELOPMENT_PROFILES = frozenset({"dev", "development", "debug", "local", "tools", "tool"}) | _TEST_PROFILES
_REPLACED = frozenset({"command", "entrypoint", "healthcheck", "image"})


@dataclass(frozen=True, slots=True)
class Service:
    """`key` is the node of its name; `layers` its own mapping and then those it extends in this file, nearest first."""

    file: SourceFile
    key: yaml.Scalar
    layers: tuple[yaml.Mapping, ...]

    @property
    def name(self) -> str:
        """The name under `services`."""
        return self.key.text

    @property
    def role(self) -> FileRole:
        """The role of the file, or that which the service's own name or its profiles give it."""
        profiles = {node.text.lower() for node in texts(self.get("profiles"))}
        if _FOR_TESTS.search(self.name.lower()) or (profiles and profiles <= _TEST_PROFILES):
            return FileRole.TEST if self.file.role is FileRole.PROD else self.file.role
        if profiles and profiles <= _DEVELOPMENT_PROFILES:
            return FileRole.DEV if self.file.role is FileRole.PROD else self.file.role
        return self.file.role

    def get(self, *path: str) -> yaml.Node | None:
        """Return the nearest node below these keys."""
        for layer in self.layers:
            if path[0] in _REPLACED and layer.get(path[0]) is not None:
                return layer.get(*path)
            if (node := layer.get(*path)) is not None:
                return node
        return None

    def text(self, *path: str) -> str | None:
        """Return the text of the nearest scalar below these keys, variables replaced by their defaults."""
        node = self.get(*path)
        if not isinstance(node, yaml.Scalar) or node.is_null():
            return None
        return interpolate(node.text).text

    def all(self, *path: str) -> Iterator[yaml.Node]:
        """Yield the nodes below these keys of every layer, nearest first."""
        for layer in self.layers:
            if (node := layer.get(*path)) is not None:
                yield node


def services(file: SourceFile, document: yaml.Mapping) -> Iterator[Service]:
    """Yield the services of a document."""
    listed = document.get("services")
    if not isinstance(listed, yaml.Mapping):
        return
    for key, node in listed.items():
        if isinstance(node, yaml.Mapping):
            yield Service(file, key, tuple(_layers(listed, node)))


def _layers(listed: yaml.Mapping, node: yaml.Mapping) -> Iterator[yaml.Mapping]:
    seen: list[yaml.Mapping] = []
    current: yaml.Node | None = node
    while isinstance(current, yaml.Mapping) and not any(current is one for one in seen):
        seen.append(current)
        yield current
        extends = current.get("extends")
        if isinstance(extends, yaml.Scalar):
            current = listed.get(extends.text)
        elif isinstance(extends, yaml.Mapping) and extends.get("file") is None:
            current = listed.get(extends.text("service") or "")
        else:
            return


def entries(node: yaml.Node) -> Iterator[tuple[str, yaml.Scalar, yaml.Scalar | None, Interpolated | None]]:
    """Yield name, place of the name, value and read value of a mapping or a list of `NAME=value` texts.

    The value is None for a name that is passed on from the environment.
    """
    if isinstance(node, yaml.Mapping):
        for key, value in node.items():
            if isinstance(value, yaml.Scalar):
                yield (
                    key.text,
                    key,
                    None if value.is_null() else value,
                    None if value.is_null() else interpolate(value.text),
                )
    elif isinstance(node, yaml.Sequence):
        for item in node:
            if isinstance(item, yaml.Scalar):
                name, equals, value_text = item.text.partition("=")
                yield name, item, item if equals else None, interpolate(value_text) if equals else None


def texts(node: yaml.Node | None) -> tuple[yaml.Scalar, ...]:
    """Return the scalars of a list, or the one scalar, or the keys of a mapping."""
    match node:
        case yaml.Scalar() if not node.is_null():
            return (node,)
        case yaml.Sequence():
            return tuple(item for item in node if isinstance(item, yaml.Scalar))
        case yaml.Mapping():
            return tuple(key for key, _ in node.items())
    return ()
