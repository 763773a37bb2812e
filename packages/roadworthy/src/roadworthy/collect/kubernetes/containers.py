"""What one container says: image, command, ports, variables, mounts and probes."""

import re
from collections.abc import Iterator

from roadworthy.collect.kubernetes import mounts, probes
from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentImported
from roadworthy.model.detail.image import RunsAs
from roadworthy.model.detail.object_key import ObjectKeyUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource

_EXPANSION = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")


def container(resource: Resource, pod: yaml.Mapping, node: yaml.Mapping, local: str) -> Iterator[Statement]:
    """Yield the statements of a container whose running thing is called `local` in this file."""
    role = resource.file.role

    def says(
        kind: Kind, action: Action, name: Name, at: Span, detail: Detail | None = None, phase: str = "run"
    ) -> Symbol:
        return Symbol(kind, action, name, at, local, phase, role, detail)

    image = node.get("image")
    if isinstance(image, yaml.Scalar) and not image.is_null():
        yield says(Kind.IMAGE, Action.REFERS, Exact(image.text), image.at)
    for runs_as, at in _runs_as(pod, node):
        yield says(Kind.SETTING, Action.DEFINES, Exact("user"), at, runs_as)
    for use, at in _commands(resource, node):
        yield says(Kind.COMMAND, Action.REFERS, Exact(use.words[0]), at, use)
    for port in _mappings(node.get("ports")):
        number = port.get("containerPort")
        if isinstance(number, yaml.Scalar):
            detail = PortUse("containerPort", name=port.text("name") or "", protocol=_protocol(port))
            yield says(Kind.PORT, Action.DEFINES, Exact(number.text), number.at, detail)
    known: dict[str, str] = {}
    for variable in _mappings(node.get("env")):
        name = variable.get("name")
        if isinstance(name, yaml.Scalar):
            given = _given(variable, known)
            yield says(Kind.ENVIRONMENT, Action.DEFINES, Exact(name.text), name.at, given)
            known[name.text] = given.value if given.value is not None else given.template or f"${{{name.text}}}"
            yield from _key(resource, variable, name.text, local)
    for source in _mappings(node.get("envFrom")):
        for by in ("configMapRef", "secretRef"):
            target = source.get(by, "name")
            if isinstance(target, yaml.Scalar):
                optional = source.text(by, "optional") == "true"
                imported = EnvironmentImported(by, source.text("prefix") or "", resource.namespace, optional)
                yield says(Kind.ENVIRONMENT, Action.REFERS, Exact(target.text), target.at, imported, "deploy")
    yield from mounts.mounts(resource, pod, node, local)
    yield from probes.probes(resource, node, local)


def _runs_as(pod: yaml.Mapping, node: yaml.Mapping) -> Iterator[tuple[RunsAs, Span]]:
    """Yield whom the container is told to run as; its own security context goes before that of the pod."""
    specification = pod.get("spec")
    holders = (node, specification) if isinstance(specification, yaml.Mapping) else (node,)
    for holder in holders:
        number = holder.get("securityContext", "runAsUser")
        if isinstance(number, yaml.Scalar) and not number.is_null():
            yield RunsAs("kubernetes", number.text), number.at
            return
    for holder in holders:
        asked = holder.get("securityContext", "runAsNonRoot")
        if isinstance(asked, yaml.Scalar) and asked.boolean():
            yield RunsAs("kubernetes", "non-root"), asked.at
            return


def _commands(resource: Resource, node: yaml.Mapping) -> Iterator[tuple[CommandUse, Span]]:
    given, added = node.get("command"), node.get("args")
    command, arguments = _words(given), _words(added)
    job = resource.kind in ("Job", "CronJob")
    if command and given is not None:
        words = command + arguments if job else command
        yield CommandUse("job" if job else "entrypoint", "exec", words), given.at
    if arguments and added is not None and not (job and command):
        yield CommandUse("command", "exec", arguments), added.at
    for hook in ("preStop", "postStart"):
        target = node.get("lifecycle", hook, "exec", "command")
        if target is not None and (words := _words(target)):
            yield CommandUse("hook", "exec", words), target.at


def _words(node: yaml.Node | None) -> tuple[str, ...]:
    return tuple(i.text for i in node if isinstance(i, yaml.Scalar)) if isinstance(node, yaml.Sequence) else ()


def _given(variable: yaml.Mapping, known: dict[str, str]) -> EnvironmentGiven:
    for reference, by in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
        name, key = variable.text("valueFrom", reference, "name"), variable.text("valueFrom", reference, "key")
        if name is not None and key is not None:
            return EnvironmentGiven(by, None, source=f"{name}/{key}", template=f"${{{name}/{key}}}")
    if variable.get("valueFrom") is not None:
        return EnvironmentGiven("kubernetes field", None)
    value = variable.get("value")
    if not isinstance(value, yaml.Scalar):
        return EnvironmentGiven("kubernetes", "")
    text = _EXPANSION.sub(lambda m: known.get(m[1], m[0]), value.text) if len(value.text) < 10_000 else value.text
    if "${" in text and text != value.text:
        return EnvironmentGiven("kubernetes", None, template=text)
    return EnvironmentGiven("kubernetes", text)


def _key(resource: Resource, variable: yaml.Mapping, name: str, local: str) -> Iterator[Symbol]:
    for reference, object_ in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
        target, key = variable.text("valueFrom", reference, "name"), variable.get("valueFrom", reference, "key")
        if target is not None and isinstance(key, yaml.Scalar):
            optional = variable.text("valueFrom", reference, "optional") == "true"
            yield Symbol(
                Kind.SECRET_KEY, Action.REFERS, Exact(f"{target}/{key.text}"), key.at, local, "deploy",
                resource.file.role, ObjectKeyUse(object_, resource.namespace, optional, name),
            )  # fmt: skip


def _mappings(node: yaml.Node | None) -> Iterator[yaml.Mapping]:
    for item in node if isinstance(node, yaml.Sequence) else ():
        if isinstance(item, yaml.Mapping):
            yield item


def _protocol(port: yaml.Mapping) -> str:
    return (port.text("protocol") or "TCP").lower()
