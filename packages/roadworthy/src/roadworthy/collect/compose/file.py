"""Compose files: their services, volumes, configs and secrets."""

import re
from collections.abc import Iterator

from roadworthy.collect.compose import (
    environment,
    mounts,
    network,
    privileges,
    process,
    shared_network,
    traefik,
    workload,
)
from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentTaken
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.volume import FileUse, VolumeDeclared
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml, yaml_places
from roadworthy.syntax.compose.interpolation import interpolate
from roadworthy.syntax.compose.service import services, texts
from roadworthy.syntax.paths import joined

PROVIDES = frozenset(
    {Kind.SERVICE, Kind.HOST, Kind.PORT, Kind.ENVIRONMENT, Kind.FILE, Kind.VOLUME, Kind.COMMAND, Kind.IMAGE}
    | {Kind.PATH, Kind.SECRET_KEY, Kind.URL}
)

_NAME = re.compile(r"(.*[-_.])?(docker-)?compose([-_.].*)?\.ya?ml", re.IGNORECASE)
_PARTS = (
    workload.collect,
    network.collect,
    environment.collect,
    mounts.collect,
    process.collect,
    traefik.collect,
    shared_network.collect,
    privileges.collect,
)


def wants(path: str) -> bool:
    """Any YAML file may be a compose file."""
    return path.endswith((".yml", ".yaml"))


def claims(path: str) -> bool:
    """Claim the names the compose command looks for, and their variants."""
    return _NAME.fullmatch(path.rpartition("/")[2]) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise a compose file by its name, or by services that have an image or are built."""
    documents = yaml.documents(file)
    if claims(file.path):
        return True
    if len(documents) != 1 or not isinstance(documents[0], yaml.Mapping) or documents[0].get("jobs") is not None:
        return False
    listed = documents[0].get("services")
    found = [node for _, node in listed.items()] if isinstance(listed, yaml.Mapping) else []
    return bool(found) and all(
        isinstance(node, yaml.Mapping) and (node.get("image") is not None or node.get("build") is not None)
        for node in found
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what every service defines and refers to, and the volumes and files the document declares."""
    for document in yaml.documents(file):
        if not isinstance(document, yaml.Mapping):
            if not (isinstance(document, yaml.Scalar) and document.is_null()):
                yield Problem(document.at, "a compose file must be a mapping", PROVIDES, file.role)
            continue
        for service in services(file, document):
            for part in _PARTS:
                yield from part(service)
        yield from _declared(file, document)
        yield from _included(file, document)
        yield from _taken(file, document)


def _declared(file: SourceFile, document: yaml.Mapping) -> Iterator[Symbol]:
    volumes = document.get("volumes")
    for key, node in volumes.items() if isinstance(volumes, yaml.Mapping) else ():
        settings = node if isinstance(node, yaml.Mapping) else yaml.Mapping([], key.at)
        external = settings.get("external") is not None and settings.text("external") != "false"
        detail = VolumeDeclared("compose", external, settings.text("driver") or "")
        yield Symbol(Kind.VOLUME, Action.DEFINES, Exact(key.text), key.at, role=file.role, detail=detail)
    for section in ("configs", "secrets"):
        listed = document.get(section)
        for key, node in listed.items() if isinstance(listed, yaml.Mapping) else ():
            held = ObjectKey(f"compose {section.removesuffix('s')}", "compose")
            yield Symbol(
                Kind.SECRET_KEY, Action.DEFINES, Exact(f"{key.text}/"), key.at, "", "deploy", file.role, held
            )  # fmt: skip
            variable = node.get("environment") if isinstance(node, yaml.Mapping) else None
            if isinstance(variable, yaml.Scalar) and not variable.is_null():
                taken = EnvironmentTaken("secret", required=True)
                yield Symbol(
                    Kind.ENVIRONMENT, Action.REFERS, Exact(variable.text), variable.at, "", "deploy", file.role, taken
                )  # fmt: skip
            written = node.get("file") if isinstance(node, yaml.Mapping) else None
            if isinstance(written, yaml.Scalar) and (path := _path(file, written)) is not None:
                detail_file = FileUse(section.removesuffix("s"))
                yield Symbol(
                    Kind.FILE, Action.REFERS, Exact(path), written.at, "", "deploy", role=file.role, detail=detail_file
                )


def _included(file: SourceFile, document: yaml.Mapping) -> Iterator[Symbol]:
    included = document.get("include")
    for item in included if isinstance(included, yaml.Sequence) else ():
        for written in texts(item.get("path") if isinstance(item, yaml.Mapping) else item):
            if (path := _path(file, written)) is not None:
                detail = FileUse("include")
                yield Symbol(
                    Kind.FILE, Action.REFERS, Exact(path), written.at, "", "deploy", role=file.role, detail=detail
                )


def _taken(file: SourceFile, document: yaml.Node) -> Iterator[Symbol]:
    """Yield the variables the file takes from the environment of whoever starts it."""
    waiting, seen = [document], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case yaml.Mapping():
                waiting += [value for _, value in reversed(node.pairs)]
            case yaml.Sequence():
                waiting += reversed(node.items)
            case yaml.Scalar() if "$" in node.text:
                for taken in interpolate(node.text).taken:
                    detail = EnvironmentTaken("interpolation", taken.default is None)
                    at = yaml_places.inside(node, file, taken.name)
                    yield Symbol(
                        Kind.ENVIRONMENT, Action.REFERS, Exact(taken.name), at, "", "deploy", file.role, detail
                    )


def _path(file: SourceFile, written: yaml.Scalar) -> str | None:
    text = interpolate(written.text).text
    return None if text is None else joined(file.folder, text)
