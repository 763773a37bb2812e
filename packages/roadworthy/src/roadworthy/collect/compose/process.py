"""What a compose service starts, and how it is asked whether it is well."""

import shlex
from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.compose.interpolation import interpolate
from roadworthy.syntax.compose.service import Service


def collect(service: Service) -> Iterator[Symbol]:
    """Yield entrypoint, command and health check."""
    for key in ("entrypoint", "command"):
        node = service.get(key)
        if node is not None and (words := _words(node)):
            yield _command(service, CommandUse(key, "exec", words), node.at)
    test = service.get("healthcheck", "test")
    if service.text("healthcheck", "disable") == "true" or test is None:
        return
    if isinstance(test, yaml.Scalar) and not test.is_null():
        yield _command(service, CommandUse("healthcheck", "shell", (_filled(test.text),)), test.at)
    elif isinstance(test, yaml.Sequence):
        words = _words(test)
        if words[:1] == ("CMD-SHELL",) and len(words) > 1:
            yield _command(service, CommandUse("healthcheck", "shell", words[1:2]), test.at)
        elif words[:1] == ("CMD",) and len(words) > 1:
            yield _command(service, CommandUse("healthcheck", "exec", words[1:]), test.at)


def _command(service: Service, detail: CommandUse, at: Span) -> Symbol:
    name = (
        detail.words[0]
        if detail.form == "exec"
        else detail.words[0].split(maxsplit=1)[0]
        if detail.words[0].strip()
        else ""
    )
    return Symbol(Kind.COMMAND, Action.REFERS, Exact(name), at, service.name, role=service.role, detail=detail)


def _words(node: yaml.Node) -> tuple[str, ...]:
    if isinstance(node, yaml.Sequence):
        return tuple(_filled(item.text) for item in node if isinstance(item, yaml.Scalar))
    if isinstance(node, yaml.Scalar) and not node.is_null():
        text = _filled(node.text)
        try:
            return tuple(shlex.split(text))
        except ValueError:
            return tuple(text.split())
    return ()


def _filled(text: str) -> str:
    """Replace variables by their defaults; one without a default stays as it is written."""
    return interpolate(text).template
