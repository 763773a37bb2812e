"""fly.toml: where Fly asks whether the service is well, what it runs before a release, and the variables it gives."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import toml
from roadworthy.syntax.secrecy import names_secret

PROVIDES = frozenset({Kind.PATH, Kind.COMMAND, Kind.ENVIRONMENT})


def wants(path: str) -> bool:
    """A file named fly.toml, or one per environment: fly.staging.toml."""
    name = path.rpartition("/")[2]
    return name.startswith("fly.") and name.endswith(".toml")


claims = wants


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield checks, the command of a release and variables."""
    read = toml.document(file)

    def says(kind: Kind, action: Action, name: Name, at: Span, detail: Detail, phase: str = "run") -> Symbol:
        return Symbol(kind, action, name, at, phase=phase, role=file.role, detail=detail)

    port = read.get("http_service", "internal_port")
    for path, place in _checks(read):
        at = read.word(path, place)
        yield says(
            Kind.PATH, Action.REFERS, Exact(path), at, ProbeUse("health", str(port) if port is not None else "", "fly")
        )
    command = read.get("deploy", "release_command")
    if isinstance(command, str) and command.strip():
        use = CommandUse("job", "shell", (command,))
        yield says(Kind.COMMAND, Action.REFERS, Unreadable("a shell line"), read.at("deploy", "release_command"), use)
    for name, value in read.table("env").items():
        given = EnvironmentGiven("fly", None if names_secret(name) else str(value))
        yield says(Kind.ENVIRONMENT, Action.DEFINES, Exact(name), read.at("env", name), given)


def _checks(read: toml.Document) -> Iterator[tuple[str, Span]]:
    """Yield each path that is asked over HTTP, and a place at or above it."""
    for check in _tables(read.get("http_service", "checks")):
        if isinstance(path := check.get("path"), str):
            yield path, read.at("http_service", "checks")
    for service in _tables(read.get("services")):
        for check in _tables(service.get("http_checks")):
            if isinstance(path := check.get("path"), str):
                yield path, read.at("services", "http_checks")
    for name in read.table("checks"):
        path = read.get("checks", name, "path")
        if isinstance(path, str):
            yield path, read.at("checks", name)


def _tables(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
