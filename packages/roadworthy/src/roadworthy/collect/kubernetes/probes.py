"""The probes of a container."""

from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource
from roadworthy.syntax.probe_command import asked

_KINDS = {"livenessProbe": "live", "readinessProbe": "ready", "startupProbe": "startup"}


def probes(resource: Resource, container: yaml.Mapping, local: str) -> Iterator[Symbol]:
    """Yield the path, the port or the command each probe asks."""
    role = resource.file.role
    for key, kind in _KINDS.items():
        probe = container.get(key)
        if not isinstance(probe, yaml.Mapping):
            continue
        get = probe.get("httpGet")
        port = probe.get("httpGet", "port") or probe.get("tcpSocket", "port") or probe.get("grpc", "port")
        port_text = port.text if isinstance(port, yaml.Scalar) else ""
        elsewhere = probe.text("httpGet", "host") or probe.text("tcpSocket", "host")
        if isinstance(get, yaml.Mapping) and not elsewhere:
            path = get.get("path")
            text, at = (path.text, path.at) if isinstance(path, yaml.Scalar) else ("/", get.at)
            detail = _use(probe, kind, port_text)
            yield Symbol(Kind.PATH, Action.REFERS, Exact(_plain(text)), at, local, role=role, detail=detail)
        if isinstance(port, yaml.Scalar) and not elsewhere:
            yield Symbol(Kind.PORT, Action.REFERS, Exact(port.text), port.at, local, role=role, detail=PortUse("probe"))
        command = probe.get("exec", "command")
        words = (
            tuple(i.text for i in command if isinstance(i, yaml.Scalar)) if isinstance(command, yaml.Sequence) else ()
        )
        if words and command is not None:
            use = CommandUse("probe", "exec", words)
            yield Symbol(Kind.COMMAND, Action.REFERS, Exact(words[0]), command.at, local, role=role, detail=use)
            for question in asked(words):
                detail = _use(probe, kind, question.port)
                if question.path:
                    yield Symbol(
                        Kind.PATH, Action.REFERS, Exact(question.path), command.at, local, role=role, detail=detail
                    )
                if question.port.isdecimal():
                    yield Symbol(
                        Kind.PORT, Action.REFERS, Exact(question.port), command.at, local, role=role,
                        detail=PortUse("probe"),
                    )  # fmt: skip


def _use(probe: yaml.Mapping, kind: str, port: str) -> ProbeUse:
    return ProbeUse(
        kind,
        port,
        "kubernetes",
        _seconds(probe, "timeoutSeconds"),
        _seconds(probe, "periodSeconds"),
        _whole(probe, "failureThreshold"),
        _seconds(probe, "initialDelaySeconds"),
    )


def _whole(probe: yaml.Mapping, key: str) -> int | None:
    node = probe.get(key)
    return node.integer() if isinstance(node, yaml.Scalar) else None


def _seconds(probe: yaml.Mapping, key: str) -> float | None:
    found = _whole(probe, key)
    return None if found is None else float(found)


def _plain(path: str) -> str:
    bare = path.partition("?")[0].partition("#")[0]
    return bare if bare.startswith("/") else "/" + bare
