"""Frameworks and libraries that bring names of their own: what Python code imports and calls of them."""

import ast
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.METRIC, Kind.PATH})

_ROOTS = frozenset(
    {"prometheus_client", "prometheus_fastapi_instrumentator", "starlette_exporter", "starlette_prometheus"}
    | {"django_prometheus", "prometheus_flask_exporter", "aioprometheus", "roadworthy_runtime", "opentelemetry"}
    | {"statsd", "datadog", "fastapi", "starlette", "flask", "django", "aiohttp", "sanic", "litestar", "tornado"}
    | {"falcon", "bottle", "quart", "robyn", "blacksheep", "pyramid", "cherrypy", "ninja", "rest_framework", "nicegui"}
    | {"gradio", "celery", "flask_restx", "apiflask", "connexion", "strawberry", "health_check", "flower"}
)
_OPTIONS = frozenset(
    {"endpoint", "path", "should_group_status_codes", "docs_url", "redoc_url", "openapi_url", "root_path", "app_name"}
    | {"prefix", "metric_namespace", "metric_subsystem", "defaults_prefix", "export_defaults", "metrics_path"}
    | {"should_ignore_untemplated", "handle_metrics", "static_url_path", "static_folder", "group_by", "registry"}
    | {"buckets", "latency_highr_buckets", "latency_lowr_buckets"}
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names one of the frameworks."""
    return any(root in file.text for root in _ROOTS) or "PROMETHEUS_" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each framework imported or listed as an installed application, and each call of it, once per place."""
    module = python.module(file)
    made = _made(module)
    for node in module.of(ast.Import, ast.ImportFrom, ast.Call, ast.Assign):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield from _use(file, module, alias.name, node)
            case ast.ImportFrom(module=str(source), names=names, level=0):
                for alias in names:
                    yield from _use(file, module, f"{source}.{alias.name}", node)
            case ast.Call() if _brings(name := _called(module, node.func, made)):
                yield from _use(file, module, name, node, FrameworkUse(True, _options(node)))
            case ast.Assign(targets=[ast.Name(id="PROMETHEUS_LATENCY_BUCKETS" | "PROMETHEUS_METRIC_NAMESPACE" as id)]):
                detail = FrameworkUse(False, ((id, "(computed)"),))
                yield from _use(file, module, "django_prometheus.conf", node, detail)
            case ast.Assign(targets=[ast.Name(id="INSTALLED_APPS" | "MIDDLEWARE")], value=value):
                for item in walk(value):
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        yield from _use(file, module, item.value, item)


def _use(
    file: SourceFile,
    module: python.Module,
    name: str,
    node: ast.expr | ast.stmt,
    detail: FrameworkUse = FrameworkUse(),  # noqa: B008 - it is frozen
) -> Iterator[Symbol]:
    if _brings(name):
        yield Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role, detail=detail)


def _brings(name: str) -> bool:
    return name.partition(".")[0] in _ROOTS


def _options(call: ast.Call) -> tuple[tuple[str, str], ...]:
    return tuple(
        (keyword.arg, str(keyword.value.value) if isinstance(keyword.value, ast.Constant) else "(computed)")
        for keyword in call.keywords
        if keyword.arg in _OPTIONS
    )


def _made(module: python.Module) -> dict[str, str]:
    """Map the names that hold what a framework's class gives, `x = Instrumentator()`, to the class."""
    found: dict[str, str] = {}
    for node in module.of(ast.Assign, ast.AnnAssign):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=id)], value=ast.Call(func=called))
                | ast.AnnAssign(target=ast.Name(id=id), value=ast.Call(func=called))
            ):
                name = _called(module, called, {})
                if _brings(name):
                    found[id] = name
    return found


def _called(module: python.Module, node: ast.expr, made: dict[str, str]) -> str:
    """Return the dotted name of what is called, through chains like `Instrumentator().instrument(app).expose`."""
    attributes: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=value, attr=attr):
                attributes.append(attr)
                node = value
            case ast.Call(func=called):
                # What a method of a builder returns is taken for the builder: only the last method counts.
                if attributes and isinstance(called, ast.Attribute) and not module.dotted(called):
                    node = called.value
                elif attributes and module.dotted(called).split(".")[0] in made:
                    return f"{made[module.dotted(called).split('.')[0]]}.{attributes[0]}"
                else:
                    node = called
            case ast.Name(id=id) if id in made:
                return ".".join([made[id], *reversed(attributes)])
            case ast.Name():
                return ".".join([module.dotted(node), *reversed(attributes)])
            case _:
                return ""
