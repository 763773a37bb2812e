"""render.yaml: the services of Render, what it asks of each, what it starts, and the variables it gives."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Symbol, Unreadable
from roadworthy.syntax import yaml
from roadworthy.syntax.secrecy import names_secret

PROVIDES = frozenset({Kind.PATH, Kind.COMMAND, Kind.ENVIRONMENT})
_COMMANDS = {"startCommand": "command", "preDeployCommand": "job", "dockerCommand": "command"}


def wants(path: str) -> bool:
    """A file named render.yaml."""
    return path.rpartition("/")[2] in ("render.yaml", "render.yml")


claims = wants


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what each service is asked, starts and is given."""
    for root in yaml.documents(file):
        services = root.get("services") if isinstance(root, yaml.Mapping) else None
        for service in services if isinstance(services, yaml.Sequence) else ():
            if isinstance(service, yaml.Mapping):
                yield from _service(file, service)


def _service(file: SourceFile, service: yaml.Mapping) -> Iterator[Statement]:
    def says(kind: Kind, action: Action, name: Name, at: Span, detail: Detail) -> Symbol:
        return Symbol(kind, action, name, at, phase="run", role=file.role, detail=detail)

    asked = service.get("healthCheckPath")
    if isinstance(asked, yaml.Scalar) and not asked.is_null():
        yield says(Kind.PATH, Action.REFERS, Exact(asked.text), asked.at, ProbeUse("health", "", "render"))
    for key, purpose in _COMMANDS.items():
        command = service.get(key)
        if isinstance(command, yaml.Scalar) and command.text.strip():
            use = CommandUse(purpose, "shell", (command.text,))
            yield says(Kind.COMMAND, Action.REFERS, Unreadable("a shell line"), command.at, use)
    listed = service.get("envVars")
    for item in listed if isinstance(listed, yaml.Sequence) else ():
        if not isinstance(item, yaml.Mapping):
            continue
        name = item.get("key")
        if isinstance(name, yaml.Scalar):
            value = item.text("value")
            given = EnvironmentGiven("render", None if names_secret(name.text) else value)
            yield says(Kind.ENVIRONMENT, Action.DEFINES, Exact(name.text), name.at, given)
        elif item.key("fromGroup") is not None:
            yield Open(Kind.ENVIRONMENT, "", "a group of variables kept by Render", item.at)
