"""Constructs of Python code that rules are about: dropped exceptions, blocking calls, open origins."""

import ast
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.code import BlockingCall, HandlerEmpty, ModuleRead, OriginsAllowed
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import children, walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_TIDYING = frozenset("close aclose unlink remove rmtree kill terminate cancel disconnect shutdown stop".split())
_BROAD = {"", "Exception", "BaseException"}
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_BLOCKING = {f"requests.{verb}": "httpx.AsyncClient" for verb in _VERBS}
_BLOCKING |= {f"httpx.{verb}": "httpx.AsyncClient" for verb in _VERBS}
_BLOCKING |= {
    "time.sleep": "asyncio.sleep",
    "urllib.request.urlopen": "httpx.AsyncClient",
    "subprocess.run": "asyncio.create_subprocess_exec",
    "subprocess.call": "asyncio.create_subprocess_exec",
    "subprocess.check_call": "asyncio.create_subprocess_exec",
    "subprocess.check_output": "asyncio.create_subprocess_exec",
    "os.system": "asyncio.create_subprocess_shell",
    "psycopg2.connect": "psycopg.AsyncConnection.connect",
    "psycopg.connect": "psycopg.AsyncConnection.connect",
    "pymysql.connect": "aiomysql.connect",
    "sqlite3.connect": "aiosqlite.connect",
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Every Python file says something by what it does not contain."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield that the module was read, and every construct in it that a rule is about."""
    module = python.module(file)
    yield Symbol(
        Kind.CONSTRUCT, Action.DEFINES, Exact(file.path), Span(file.path), role=file.role, detail=ModuleRead("python")
    )
    for guarded in module.of(ast.Try):
        yield from _handlers(module, guarded, file)
    for call, called in module.calls:
        yield from _origins(module, call, called, file)
    for function in module.of(ast.AsyncFunctionDef):
        yield from _blocking(module, function, file)


def _symbol(name: str, at: Span, detail: Detail, file: SourceFile) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)


def _handlers(module: python.Module, node: ast.Try, file: SourceFile) -> Iterator[Statement]:
    for handler in node.handlers:
        caught = module.dotted(handler.type) if handler.type is not None else ""
        empty = all(_does_nothing(statement) for statement in handler.body)
        if caught in _BROAD and (handler.type is None or caught) and empty and not _closes(node):
            around = ast.unparse(node.body[0])[:60].partition("\n")[0]
            yield _symbol(caught or "everything", module.span(handler), HandlerEmpty(around), file)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Return(value=None):
            return True
        case ast.Expr(value=ast.Constant()):
            return True
    return False


def _closes(node: ast.Try) -> bool:
    """Tell whether the guarded statement only tidies up, where a failure changes nothing."""
    calls = [inner for statement in node.body for inner in walk(statement) if isinstance(inner, ast.Call)]
    return bool(calls) and all(getattr(c.func, "attr", getattr(c.func, "id", "")) in _TIDYING for c in calls)


def _origins(module: python.Module, node: ast.Call, called: str, file: SourceFile) -> Iterator[Statement]:
    if not called.endswith(("add_middleware", "Middleware", "flask_cors.CORS")):
        return
    named = called.endswith(("CORSMiddleware", "flask_cors.CORS"))
    added = called.endswith("add_middleware") and node.args and module.dotted(node.args[0]).endswith("CORSMiddleware")
    wrapped = called.endswith("Middleware") and node.args and module.dotted(node.args[0]).endswith("CORSMiddleware")
    if not (named or added or wrapped):
        return
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    origins = keywords.get("allow_origins") or keywords.get("origins")
    expression = keywords.get("allow_origin_regex")
    everyone: bool | None = called.endswith("flask_cors.CORS") and origins is None and "resources" not in keywords
    if origins is not None:
        everyone = _holds_star(module, origins)
    if isinstance(expression, ast.Constant) and expression.value in (".*", "^.*$", "https?://.*"):
        everyone = True
    credentials = keywords.get("allow_credentials") or keywords.get("supports_credentials")
    with_them = credentials.value is True if isinstance(credentials, ast.Constant) else None if credentials else False
    if None in keywords:
        everyone, with_them = everyone or None, with_them or None
    yield _symbol(called or "CORSMiddleware", module.span(node), OriginsAllowed(everyone, with_them), file)


def _holds_star(module: python.Module, node: ast.expr) -> bool | None:
    if isinstance(node, ast.Name):
        node = module.constants.get(node.id, node)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        texts = [item.value if isinstance(item, ast.Constant) else None for item in node.elts]
        return True if "*" in texts else None if None in texts else False
    if isinstance(node, ast.Constant):
        return node.value == "*"
    return None


def _blocking(module: python.Module, function: ast.AsyncFunctionDef, file: SourceFile) -> Iterator[Statement]:
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, _FUNCTIONS):
            continue
        if isinstance(node, ast.Call):
            called = module.dotted(node.func)
            if called in _BLOCKING:
                yield _symbol(called, module.span(node), BlockingCall(function.name, _BLOCKING[called]), file)
        pending += children(node)
