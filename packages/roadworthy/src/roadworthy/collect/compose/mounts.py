"""What a compose service sees of volumes, of the repository, and of configs and secrets."""

from collections.abc import Iterator

from roadworthy.model.detail.object_key import ObjectKeyUse
from roadworthy.model.detail.volume import Mount
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import yaml
from roadworthy.syntax.compose.interpolation import interpolate
from roadworthy.syntax.compose.mount import mount
from roadworthy.syntax.compose.service import Service, texts
from roadworthy.syntax.paths import joined


def collect(service: Service) -> Iterator[Symbol]:
    """Yield every mount; those of the repository's own files also as references to these files."""
    for layer in service.all("volumes"):
        for item in layer if isinstance(layer, yaml.Sequence) else ():
            if isinstance(item, yaml.Scalar):
                short = mount(interpolate(item.text).shown)
                detail = Mount(short.form, short.target, short.source, short.read_only)
                yield from _mounted(service, detail, item.at)
            elif isinstance(item, yaml.Mapping):
                form = item.text("type") or "volume"
                source = _shown(item.get("source") or item.get("src"))
                target = _shown(item.get("target") or item.get("dst") or item.get("destination"))
                if form == "volume" and not source:
                    form = "anonymous"
                detail = Mount(
                    form, target, source, item.text("read_only") == "true", item.text("volume", "subpath") or ""
                )
                yield from _mounted(service, detail, item.at)
    for node in texts(service.get("tmpfs")):
        yield from _mounted(service, Mount("tmpfs", node.text.partition(":")[0]), node.at)
    for section in ("secrets", "configs"):
        for layer in service.all(section):
            for item in layer if isinstance(layer, yaml.Sequence) else ():
                yield from _granted(service, section.removesuffix("s"), item)


def _mounted(service: Service, detail: Mount, at: Span) -> Iterator[Symbol]:
    text = detail.source or detail.target
    name: Name = Unreadable("taken from a variable") if "*" in text else Exact(text)
    yield Symbol(Kind.VOLUME, Action.REFERS, name, at, service.name, role=service.role, detail=detail)
    if detail.form == "bind" and "*" not in detail.source:
        path = joined(service.file.folder, detail.source)
        if path is not None:
            yield Symbol(Kind.FILE, Action.REFERS, Exact(path), at, service.name, role=service.role, detail=detail)


def _shown(node: yaml.Node | None) -> str:
    return interpolate(node.text).shown if isinstance(node, yaml.Scalar) and not node.is_null() else ""


def _granted(service: Service, form: str, item: yaml.Node) -> Iterator[Symbol]:
    """Yield a secret or config of the document that the service is given as a file."""
    source = item.get("source") if isinstance(item, yaml.Mapping) else item
    if not isinstance(source, yaml.Scalar) or "$" in source.text:
        return
    target = (item.text("target") if isinstance(item, yaml.Mapping) else None) or source.text
    folder = "/run/secrets/" if form == "secret" else "/"
    path = target if target.startswith("/") else folder + target
    use = ObjectKeyUse(f"compose {form}", path=path)
    name = Exact(f"{source.text}/")
    yield Symbol(Kind.SECRET_KEY, Action.REFERS, name, source.at, service.name, "deploy", service.role, use)
