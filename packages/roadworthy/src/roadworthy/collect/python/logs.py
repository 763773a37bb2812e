"""How Python code writes its logs: the form of a line, and whether it carries the id of its request."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.logging import LogSetup
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

# Dotted names whose use decides the form of a line.
_JSON = {
    "structlog.processors.JSONRenderer": "structlog",
    "pythonjsonlogger.jsonlogger.JsonFormatter": "python-json-logger",
    "pythonjsonlogger.json.JsonFormatter": "python-json-logger",
    "pythonjsonlogger.orjson.OrjsonFormatter": "python-json-logger",
    "ecs_logging.StdlibFormatter": "ecs-logging",
    "ecs_logging.StructlogFormatter": "ecs-logging",
    "json_log_formatter.JSONFormatter": "json-log-formatter",
    "json_logging.init_fastapi": "json-logging",
    "json_logging.init_flask": "json-logging",
    "google.cloud.logging.Client": "google-cloud-logging",
    "aws_lambda_powertools.Logger": "powertools",
    "logstash_formatter.LogstashFormatterV1": "logstash-formatter",
    "logfmter.Logfmter": "logfmter",
}
_CORRELATED = {
    "asgi_correlation_id.CorrelationIdMiddleware": "asgi-correlation-id",
    "asgi_correlation_id.CorrelationIdFilter": "asgi-correlation-id",
    "starlette_context.plugins.RequestIdPlugin": "starlette-context",
    "starlette_context.plugins.CorrelationIdPlugin": "starlette-context",
    "django_guid.middleware.guid_middleware": "django-guid",
    "opentelemetry.instrumentation.logging.LoggingInstrumentor": "OpenTelemetry",
    "structlog.contextvars.bind_contextvars": "structlog",
    "structlog.contextvars.bound_contextvars": "structlog",
}
_LIBRARIES = {name.partition(".")[0] for name in _JSON} | {"roadworthy_runtime", "loguru", "logging", "contextvars"}
_IN_TEXT = re.compile(
    r"pythonjsonlogger\.[\w.]+|json_log_formatter\.\w+|ecs_logging\.\w+|structlog\.stdlib\.ProcessorFormatter"
)
_IDS = re.compile(r"(?i)(?:^|[^a-z])(?:x-)?(?:request|correlation|trace)[-_]?id(?:$|[^a-z])")
_WORDS = ("log", "roadworthy_runtime", "request-id", "request_id", "correlation")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of logs or request ids."""
    lowered = file.text.lower()
    return any(word in lowered for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every place that decides how log lines look or gives them the id of their request."""
    module = python.module(file)
    for call, dotted in module.calls:
        yield from _called(file, module, call, dotted, call.keywords)
    for made in module.of(ast.ClassDef):
        yield from _formatter(file, module, made)
    for text in module.of(ast.Constant):
        if isinstance(text.value, str):
            yield from _text(file, module, text, text.value)
    if any(name.rpartition(".")[2] in file.text for name in _CORRELATED):
        for node in module.of(ast.Name, ast.Attribute):
            dotted = module.dotted(node)
            if dotted in _CORRELATED:
                yield _setup(file, module, node, LogSetup("", _CORRELATED[dotted], True))


def _text(file: SourceFile, module: python.Module, node: ast.Constant, text: str) -> Iterator[Symbol]:
    if found := _IN_TEXT.search(text):
        yield _setup(file, module, node, LogSetup("json", found[0].partition(".")[0]))
    elif len(text) < 60 and "id" in text.lower() and _IDS.search(text):
        yield _setup(file, module, node, LogSetup("", "a mention"))


def _called(
    file: SourceFile, module: python.Module, call: ast.Call, dotted: str, keywords: list[ast.keyword]
) -> Iterator[Symbol]:
    if dotted.partition(".")[0] not in _LIBRARIES:
        return
    given = {keyword.arg: keyword.value for keyword in keywords}
    if dotted in _JSON:
        yield _setup(file, module, call, LogSetup("json", _JSON[dotted]))
    elif dotted in ("roadworthy_runtime.Roadworthy", "roadworthy_runtime.logs.setup.setup"):
        yield _setup(file, module, call, LogSetup("json", "roadworthy_runtime", True))
    elif dotted == "structlog.dev.ConsoleRenderer":
        yield _setup(file, module, call, LogSetup("text", "structlog"))
    elif dotted.startswith("loguru.") and dotted.endswith("logger.add"):
        serialized = given.get("serialize")
        if serialized is None and "format" in given and not isinstance(given["format"], ast.Constant):
            form = ""
        elif serialized is None or (isinstance(serialized, ast.Constant) and serialized.value is False):
            form = "text"
        else:
            form = "json" if isinstance(serialized, ast.Constant) else ""
        yield _setup(file, module, call, LogSetup(form, "loguru"))
    elif dotted == "logging.basicConfig":
        form = "" if "handlers" in given else "text"
        format_ = module.name(given["format"]) if "format" in given else None
        if isinstance(format_, Exact) and format_.text.lstrip().startswith("{"):
            form = "json"
        yield _setup(file, module, call, LogSetup(form, "logging"))
    elif dotted == "loguru.logger.configure":
        whole = ast.unparse(call)
        form = "json" if re.search(r"serialize['\"]?\s*[:=]\s*True", whole) else "" if "serialize" in whole else "text"
        yield _setup(file, module, call, LogSetup(form, "loguru"))
    elif dotted in ("logging.config.dictConfig", "logging.config.fileConfig") and "alembic" not in file.text:
        yield _setup(file, module, call, LogSetup("", "logging.config"))
    elif dotted == "contextvars.ContextVar" and call.args:
        name = module.name(call.args[0])
        if _IDS.search(str(name)):
            yield _setup(file, module, call, LogSetup("", "contextvars", True))


def _formatter(file: SourceFile, module: python.Module, node: ast.ClassDef) -> Iterator[Symbol]:
    """Yield a formatter of the module's own that writes JSON."""
    if not any("Formatter" in module.dotted(base) for base in node.bases):
        return
    json = any("json" in module.dotted(base).lower() for base in node.bases) or any(
        isinstance(inner, ast.Call) and module.dotted(inner.func) in ("json.dumps", "orjson.dumps", "ujson.dumps")
        for inner in walk(node)
    )
    if json:
        correlated = any(_IDS.search(word) is not None for inner in walk(node) for word in _words(inner))
        told = correlated or (None if _writes_more(module, node) else False)
        yield _setup(file, module, node, LogSetup("json", "a formatter of its own", told))


def _writes_more(module: python.Module, node: ast.ClassDef) -> bool:
    """Tell whether a formatter may write what it does not name: all that the record holds, or what another one writes."""
    if not any(isinstance(inner, python.Function) and inner.name == "format" for inner in node.body):
        return True
    for inner in walk(node):
        match inner:
            case ast.Attribute(attr="__dict__" | "extra") | ast.Constant(value="__dict__") | ast.DictComp():
                return True
            case ast.Call(func=ast.Name(id="super" | "vars" | "getattr" | "hasattr")):
                return True
            case ast.Dict(keys=keys) if None in keys:
                return True
            case ast.Call(func=ast.Attribute(attr="update" | "__dict__")):
                return True
            case ast.Call(func=ast.Name(id=name)) if name.lower() == name and name not in (
                "str",
                "dict",
                "repr",
                "int",
            ):
                return True
    return False


def _words(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return (name,)
    return ()


def _setup(file: SourceFile, module: python.Module, node: ast.expr | ast.stmt, detail: LogSetup) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact("logs"), module.span(node), role=file.role, detail=detail)
