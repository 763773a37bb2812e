"""railway.json and railway.toml: how Railway starts the service, what it asks, and what it runs before a release."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import json, toml, yaml

PROVIDES = frozenset({Kind.PATH, Kind.COMMAND})
_COMMANDS = {"startCommand": "command", "preDeployCommand": "job"}


def wants(path: str) -> bool:
    """Files of these two names."""
    return path.rpartition("/")[2] in ("railway.json", "railway.toml")


claims = wants


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the path that is asked and the commands that are run."""

    def says(kind: Kind, name: Name, at: Span, detail: Detail) -> Symbol:
        return Symbol(kind, Action.REFERS, name, at, phase="run", role=file.role, detail=detail)

    for key, text, at in _deploy(file):
        if key == "healthcheckPath":
            yield says(Kind.PATH, Exact(text), at, ProbeUse("health", "", "railway"))
        elif key in _COMMANDS and text.strip():
            use = CommandUse(_COMMANDS[key], "shell", (text,))
            yield says(Kind.COMMAND, Unreadable("a shell line"), at, use)


def _deploy(file: SourceFile) -> Iterator[tuple[str, str, Span]]:
    """Yield the texts of the section `deploy`, a list of commands one by one."""
    if file.name.endswith(".toml"):
        read = toml.document(file)
        for key, value in read.table("deploy").items():
            for text in (value,) if isinstance(value, str) else read.texts("deploy", key):
                yield key, text, read.at("deploy", key)
        return
    section = json.document(file).get("deploy")
    for name, node in section.items() if isinstance(section, yaml.Mapping) else ():
        for item in node.items if isinstance(node, yaml.Sequence) else [node]:
            if isinstance(item, yaml.Scalar) and not item.is_null():
                yield name.text, item.text, item.at
