"""Functions that answer probes: whether they ask anything, and whether what they learn can be seen from outside."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.health import HandlerRead
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_ABOUT = re.compile(
    r"health|alive|live(?:z|ness)?\b|ready|readiness|startup|\bping\b|heartbeat|status|probe", re.IGNORECASE
)
_HARMLESS = re.compile(
    r"(?:.*\.)?(?:\w*Response|jsonify|dict|str|int|float|round|len|list|tuple|bool|isoformat|timestamp|now|utcnow|time|"
    r"monotonic|perf_counter|uuid4|getenv|get|format|debug|info|version|gethostname|require_GET|Depends|Query|field)"
    # A metric, written as a constant, is given a value.
    r"|(?:.*\.)?[A-Z][A-Z0-9_]+\.(?:set|inc|dec|observe)|log(?:ger)?\.(?:warning|error|exception|info)"
)
_ASKING = re.compile(
    r"(?:.*\.)?(?:execute|executemany|fetchval|fetchrow|fetch_one|fetch_all|fetchone|scalar|scalars|ping|cursor|connect|"
    r"acquire|ensure_connection|connection|begin|is_connected|server_info|command|head_bucket|list_buckets|urlopen|exec_driver_sql)"
)
_CHECKING = re.compile(
    r"(?:.*\.)?_?(?:check|ping|test|verify|probe|ask|is|assert|validate)_?\w*"
    r"(?:db|database|postgres|redis|cache|store|storage|broker|queue|depend|connection|mysql|mongo|s3|backend)\w*"
)
_FAILURE = re.compile(r"(?:.*[_.])?(?:HTTP_?[45]\d\d\w*|SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR|ServiceUnavailable)")
_CATCHING = re.compile(r"suppress|gather$|wait$|TaskGroup|retry|safe|run_in_executor|submit")
_DEPTH = 3


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of health."""
    return "health" in file.text or "ready" in file.text or "alive" in file.text or "/live" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what each function does that by its name or its route may answer a probe."""
    module = python.module(file)
    own = {function.name: function for function in module.functions}
    for view in module.of(ast.ClassDef):
        get = next((s for s in view.body if isinstance(s, python.Function) and s.name == "get"), None)
        if get is not None and _ABOUT.search(view.name):
            detail = _read(module, get, own)
            yield Symbol(
                Kind.CONSTRUCT, Action.DEFINES, Exact(view.name), module.span(get), role=file.role, detail=detail
            )
    for function in module.functions:
        routes = " ".join(ast.unparse(decorator) for decorator in function.decorator_list)
        if function.args.args and function.args.args[0].arg in ("self", "cls") and "/" not in routes:
            # A method answers no request by itself: `AppConfig.ready`.
            continue
        if _ABOUT.search(function.name) or ("/" in routes and _ABOUT.search(routes)):
            at = module.span(function)
            detail = _read(module, function, own)
            yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(function.name), at, role=file.role, detail=detail)


def _read(module: python.Module, function: python.Function, own: dict[str, python.Function]) -> HandlerRead:
    reached = _reached(module, function, own)
    nodes = [node for each in reached for statement in each.body for node in walk(statement)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    asking = [call for call in calls if _asks(module, call, own)]
    decides = any(
        isinstance(n, ast.If | ast.IfExp | ast.BoolOp | ast.Try | ast.With | ast.For | ast.Await) for n in nodes
    )
    decides = decides or any(isinstance(n, ast.AsyncWith | ast.AsyncFor | ast.While | ast.Match) for n in nodes)
    given = [*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)]
    injected = any(isinstance(node, ast.Call) for default in given for node in walk(default)) or any(
        "Depends" in ast.unparse(a.annotation) for a in function.args.args if a.annotation is not None
    )
    harmless = all(_HARMLESS.fullmatch(module.dotted(call.func) or "?") for call in calls)
    hides = None
    if asking and not _can_fail(nodes, reached):
        hides = _caught(module, nodes, asking)
    return HandlerRead(
        constant=not asking and not decides and not injected and harmless and not _yields(nodes),
        asks=tuple(dict.fromkeys(module.dotted(call.func) for call in asking)),
        asks_at=module.span(asking[0]) if asking else None,
        hides_at=hides,
        throws_at=_thrown(module, nodes, asking),
    )


def _reached(
    module: python.Module, function: python.Function, own: dict[str, python.Function]
) -> list[python.Function]:
    """Return the function and those of its module that it calls."""
    found, pending = [function], [function]
    for _ in range(_DEPTH):
        called = [
            own[node.func.id]
            for each in pending
            for node in walk(each)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own
        ]
        pending = [each for each in dict.fromkeys(called) if each not in found]
        found += pending
    return found


def _asks(module: python.Module, call: ast.Call, own: dict[str, python.Function]) -> bool:
    name = module.dotted(call.func)
    if isinstance(call.func, ast.Name) and call.func.id in own:
        return False  # What it calls is read itself.
    if not name and isinstance(call.func, ast.Attribute):
        name = f".{call.func.attr}"
    return bool(_ASKING.fullmatch(name) or _CHECKING.fullmatch(name))


def _can_fail(nodes: list[ast.AST], reached: list[python.Function]) -> bool:
    """Tell whether the answer can show a failure: a status of 400 or more, or one that is computed, or an exception."""
    for node in nodes:
        match node:
            case ast.Constant(value=int(number)) if 400 <= number < 600 and not isinstance(number, bool):
                return True
            case ast.Attribute(attr=name) | ast.Name(id=name) if _FAILURE.fullmatch(name):
                return True
            case ast.keyword(arg="status_code" | "status", value=value) if not isinstance(
                value, ast.Constant | ast.Dict
            ):
                return True
            case ast.Assign(targets=[ast.Attribute(attr="status_code")], value=value):
                if not isinstance(value, ast.Constant):
                    return True
            case ast.Return(value=ast.Tuple(elts=[_, code, *_])) if not isinstance(code, ast.Constant):
                return True
    top = reached[0]
    return any(isinstance(node, ast.Raise) for node in walk(top))


def _caught(module: python.Module, nodes: list[ast.AST], asking: list[ast.Call]) -> Span | None:
    """Return the handler that takes in the failure of a question, None where the failure goes on as an exception."""
    asked = {id(call) for call in asking}
    for node in nodes:
        if isinstance(node, ast.Try) and node.handlers:
            inside = {id(inner) for statement in node.body for inner in walk(statement)}
            if asked & inside and not any(isinstance(n, ast.Raise) for h in node.handlers for n in walk(h)):
                return module.span(node.handlers[0])
        if (
            isinstance(node, ast.Call)
            and module.dotted(node.func).endswith("gather")
            and any(keyword.arg == "return_exceptions" for keyword in node.keywords)
        ):
            return module.span(node)
    return None


def _thrown(module: python.Module, nodes: list[ast.AST], asking: list[ast.Call]) -> Span | None:
    """Return the first question that is asked for its exception alone, where nothing on the way could catch that."""
    for node in nodes:
        match node:
            case ast.Try() | ast.TryStar():
                return None
            case ast.Call(func=func) if _CATCHING.search(module.dotted(func)):
                return None
    asked = {id(call) for call in asking}
    for node in nodes:
        match node:
            case ast.Expr(value=ast.Await(value=call) | call) if id(call) in asked:
                return module.span(node)
    return None


def _yields(nodes: list[ast.AST]) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes)
