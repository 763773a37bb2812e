"""What a compose service is: its image, what builds it, how many run, whom it waits for."""

from collections.abc import Iterator

from roadworthy.model.detail.image import RunsAs
from roadworthy.model.detail.volume import FileUse
from roadworthy.model.detail.workload import DependsOn, Resources, Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.compose.interpolation import interpolate
from roadworthy.syntax.compose.service import Service, entries, texts
from roadworthy.syntax.duration import seconds
from roadworthy.syntax.paths import joined


def collect(service: Service) -> Iterator[Symbol]:
    """Yield the service itself, its image, its build and what it depends on."""
    role = service.role
    context, dockerfile = _build(service)
    detail = Workload(
        artifact="compose",
        form="service",
        image=_image(service),
        context=context,
        dockerfile=dockerfile,
        target=service.text("build", "target") or "",
        replicas=_number(service.text("deploy", "replicas") or service.text("scale")),
        resources=Resources(
            service.text("deploy", "resources", "reservations", "cpus") or "",
            service.text("deploy", "resources", "limits", "cpus") or service.text("cpus") or "",
            service.text("deploy", "resources", "reservations", "memory") or service.text("mem_reservation") or "",
            service.text("deploy", "resources", "limits", "memory") or service.text("mem_limit") or "",
        ),
        grace_seconds=_whole(seconds(service.text("stop_grace_period"))),
        restart=service.text("restart") or service.text("deploy", "restart_policy", "condition") or "",
        profiles=tuple(node.text for node in texts(service.get("profiles"))),
        deployed=not texts(service.get("profiles")),
        network=_shared_network(service.text("network_mode") or ""),
    )
    yield Symbol(
        Kind.SERVICE, Action.DEFINES, Exact(service.name), service.key.at, service.name, role=role, detail=detail
    )
    image = service.get("image")
    if isinstance(image, yaml.Scalar) and not image.is_null():
        yield Symbol(Kind.IMAGE, Action.REFERS, interpolate(image.text).name, image.at, service.name, role=role)
    user = service.get("user")
    if isinstance(user, yaml.Scalar) and not user.is_null():
        runs_as = RunsAs("compose", interpolate(user.text).text or "*")
        yield Symbol(Kind.SETTING, Action.DEFINES, Exact("user"), user.at, service.name, role=role, detail=runs_as)
    yield from _built(service)
    yield from _waits(service)
    yield from _extended(service)


def _shared_network(mode: str) -> str:
    return "host" if mode == "host" else mode.partition(":")[2]


def _image(service: Service) -> str:
    image = service.get("image")
    return interpolate(image.text).shown if isinstance(image, yaml.Scalar) and not image.is_null() else ""


def _build(service: Service) -> tuple[str | None, str]:
    build = service.get("build")
    if build is None or (isinstance(build, yaml.Scalar) and build.is_null()):
        return None, ""
    written = service.text("build") if isinstance(build, yaml.Scalar) else service.text("build", "context") or "."
    if written is None or "://" in written or written.startswith("git@"):
        return None, ""
    context = joined(service.file.folder, written)
    if context is None:
        return None, ""
    if service.get("build", "dockerfile_inline") is not None:
        return context, ""
    return context, joined(context, service.text("build", "dockerfile") or "Dockerfile") or ""


def _built(service: Service) -> Iterator[Symbol]:
    context, dockerfile = _build(service)
    build = service.get("build")
    if context is None or build is None:
        return
    role = service.role
    given = service.get("build", "dockerfile")
    if dockerfile:
        at = given.at if given is not None else build.at if isinstance(build, yaml.Scalar) else _at(service, "build")
        yield Symbol(
            Kind.FILE, Action.REFERS, Exact(dockerfile), at, service.name, "build", role, FileUse("dockerfile")
        )
    target = service.get("build", "target")
    if isinstance(target, yaml.Scalar):
        yield Symbol(
            Kind.STAGE, Action.REFERS, interpolate(target.text).name, target.at, service.name, "build", role,
            FileUse("target"),
        )  # fmt: skip
    extra = service.get("build", "additional_contexts")
    for name, at_node, value, read in entries(extra) if extra is not None else ():
        yield Symbol(
            Kind.STAGE, Action.DEFINES, Exact(name), at_node.at, service.name, "build", role, FileUse("build context")
        )
        text = read.text if value is not None and read is not None else None
        if text and "://" not in text and not text.startswith("service:"):
            path = joined(service.file.folder, text)
            if path is not None:
                yield Symbol(
                    Kind.FILE, Action.REFERS, Exact(path), at_node.at, service.name, "build", role,
                    FileUse("build context"),
                )  # fmt: skip


def _at(service: Service, key: str) -> Span:
    for layer in service.layers:
        if (node := layer.key(key)) is not None:
            return node.at
    return service.key.at


def _waits(service: Service) -> Iterator[Symbol]:
    seen: set[str] = set()
    for node in service.all("depends_on"):
        for key in texts(node):
            if key.text in seen:
                continue
            seen.add(key.text)
            settings = node.get(key.text) if isinstance(node, yaml.Mapping) else None
            condition = (
                settings.text("condition") if isinstance(settings, yaml.Mapping) else None
            ) or "service_started"
            required = not (isinstance(settings, yaml.Mapping) and settings.text("required") == "false")
            yield Symbol(
                Kind.SERVICE, Action.REFERS, Exact(key.text), key.at, service.name, role=service.role,
                detail=DependsOn(condition, required),
            )  # fmt: skip


def _extended(service: Service) -> Iterator[Symbol]:
    for layer in service.layers:
        written = layer.get("extends", "file") if isinstance(layer.get("extends"), yaml.Mapping) else None
        name = layer.get("extends", "service") if written is not None else None
        if isinstance(written, yaml.Scalar) and isinstance(name, yaml.Scalar):
            path = joined(service.file.folder, interpolate(written.text).text or "/")
            if path is not None:
                yield Symbol(
                    Kind.SERVICE, Action.REFERS, Exact(f"{path}#{name.text}"), name.at, service.name, "deploy",
                    service.role, FileUse("extends"),
                )  # fmt: skip


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
