"""Which variables a compose service is given, when it runs and when it is built."""

from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentImported
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml, yaml_places
from roadworthy.syntax.compose.interpolation import interpolate
from roadworthy.syntax.compose.service import Service, entries
from roadworthy.syntax.paths import joined


def collect(service: Service) -> Iterator[Symbol]:
    """Yield every variable of `environment` and of the build arguments, and the files of `env_file`."""
    yield from _given(service, ("environment",), "run", "compose")
    yield from _given(service, ("build", "args"), "build", "compose build args")
    for node in service.all("env_file"):
        for item in node if isinstance(node, yaml.Sequence) else [node]:
            written = item.get("path") if isinstance(item, yaml.Mapping) else item
            optional = isinstance(item, yaml.Mapping) and item.text("required") == "false"
            if not isinstance(written, yaml.Scalar) or written.is_null():
                continue
            text = interpolate(written.text).text
            path = joined(service.file.folder, text) if text is not None else None
            name = interpolate(written.text).name if path is None else Exact(path)
            yield Symbol(
                Kind.ENVIRONMENT, Action.REFERS, name, written.at, service.name, "deploy", service.role,
                EnvironmentImported("env_file", optional=optional),
            )  # fmt: skip


def _given(service: Service, path: tuple[str, ...], phase: str, by: str) -> Iterator[Symbol]:
    seen: set[str] = set()
    for node in service.all(*path):
        for name, at, value, read in entries(node):
            if name in seen or not name:
                continue
            seen.add(name)
            if value is None or read is None:
                detail = EnvironmentGiven("host", None, source=name)
            else:
                source = read.taken[0].name if read.taken else ""
                template = read.template if read.text is None else ""
                detail = EnvironmentGiven(by, read.text, source=source, template=template)
            span = at.at if isinstance(node, yaml.Mapping) else yaml_places.inside(at, service.file, name)
            yield Symbol(Kind.ENVIRONMENT, Action.DEFINES, Exact(name), span, service.name, phase, service.role, detail)
