"""What Python handlers make of what callers write: queries, commands, paths, identities, and what they answer when it fails."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = (
    "execute",
    "raw(",
    "text(",
    "subprocess",
    "os.system",
    "Header",
    "headers",
    "except",
    "open(",
    "FileResponse",
    "retry",
)
_ASKING = ("execute", "raw(", "fetch", "text(", "subprocess", "os.system", "open(", "FileResponse", "send_file")
_EXECUTING = frozenset(
    {"execute", "executemany", "raw", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one", "executescript"}
)
_DRIVER = re.compile(
    r"(Database|Operational|SQLAlchemy|Redis|Connection|OS|Psycopg|Mongo|PyMongo|AsyncPG|DBAPI|Driver)Error"
)
# A session of SQLAlchemy is asked with these as well.
_READING = ("scalars", "scalar", "stream", "stream_scalars", "exec")
_SQL = re.compile(r"\b(select|insert|update|delete|where|from|order by|values)\b", re.IGNORECASE)
_QUOTED = re.compile(r"['\"%]$")
_SHELLS = frozenset(
    {"subprocess.run", "subprocess.call", "subprocess.check_output", "subprocess.Popen", "subprocess.check_call"}
)
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "route", "api_route"})
_SAFE = re.compile(
    r"secure_filename|basename|resolve|is_relative_to|safe_join|normpath|realpath|commonpath|fullmatch|\.name\b|isalnum"
)
_IDENTITY = re.compile(
    r"x[-_]?(user|role|account|tenant|auth|admin|is[-_]?admin)([-_]?(id|role|name|email|user|admin))?s?", re.IGNORECASE
)
_HTTP = (
    "HTTPException",
    "JSONResponse",
    "jsonify",
    "Response",
    "JsonResponse",
    "HttpResponse",
    "PlainTextResponse",
    "abort",
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that such constructs go by."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every such construct."""
    reader = _Reader(file, python.module(file))
    if any(word in file.text for word in _ASKING):
        for function in reader.module.functions:
            yield from reader.function(function)
    for handler in reader.module.of(ast.ExceptHandler):
        yield from reader.answered(handler)
    if "eader" in file.text:
        yield from reader.identity()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _construct(self, kind: str, name: str, node: ast.expr | ast.stmt | ast.arg, says: str) -> Symbol:
        detail = Construct(kind, False, says)
        return Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail
        )

    def function(self, function: python.Function) -> Iterator[Symbol]:
        """Yield what one function makes of its arguments."""
        texts = _texts(function)
        first = function.args.args[0].arg if function.args.args else ""
        handles = first == "request" or any(_is_route(decorator) for decorator in function.decorator_list)
        below = self.module.below(function)
        made = _made(below) if handles else set[str]()
        tainted = {*texts, *made, "request"} if handles else set[str]()
        for node in below:
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called, attr = self.module.dotted(node.func), getattr(node.func, "attr", getattr(node.func, "id", ""))
            said = self._inner(node.args[0], below)
            if attr in (*_EXECUTING, *_READING) or called in ("sqlalchemy.text", "text"):
                quoted = _quotes(said, tainted | texts) or (handles and _quotes(said, self._unknown(function)))
                if _holds_query(said) and (_mixes(said, tainted) or quoted):
                    yield self._construct("injection", attr, node, "what a caller writes becomes part of a query")
            elif called == "os.system" or (called in _SHELLS and _shell(node)):
                if _mixes(said, tainted):
                    yield self._construct(
                        "injection", called, node, "what a caller writes becomes part of a shell's command"
                    )
            elif handles and called in (
                "open",
                "fastapi.responses.FileResponse",
                "flask.send_file",
                "starlette.responses.FileResponse",
            ):
                loose = texts - _segments(function)
                if (_mixes(said, loose) or _path_of(said, loose)) and not _SAFE.search(ast.unparse(function)):
                    yield self._construct("injection", called, node, "what a caller writes becomes part of a path")

    def _unknown(self, function: python.Function) -> set[str]:
        """Return the names a handler uses that nothing of the module or of the function gives a value."""
        below = self.module.below(function)
        names = {n.id for n in below if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        given = {n.id for n in below if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        given |= {a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
        return names - given - set(self.module.constants) - set(self.module.imports)

    def _inner(self, node: ast.expr, below: list[ast.AST]) -> ast.expr:
        """Return the text itself: out of `text(…)`, and from the name it was given."""
        if (
            isinstance(node, ast.Call)
            and node.args
            and getattr(node.func, "id", getattr(node.func, "attr", "")) == "text"
        ):
            node = node.args[0]
        if isinstance(node, ast.Name):
            given = [n.value for n in below if isinstance(n, ast.Assign) and _targets(n, node.id)]
            return given[0] if len(given) == 1 else node
        return node

    def answered(self, handler: ast.ExceptHandler) -> Iterator[Symbol]:
        """Yield an answer that holds the text of a broad exception."""
        caught = self.module.dotted(handler.type) if handler.type is not None else "Exception"
        # What a driver says tells the caller of hosts, users and statements.
        if caught not in ("Exception", "BaseException") and not _DRIVER.fullmatch(caught.rpartition(".")[2]):
            return
        for statement in handler.body:
            for node in walk(statement):
                called = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
                if not isinstance(node, ast.Call) or called not in _HTTP or _client_error(node):
                    continue
                if any(_tells(inner, handler.name or "") for inner in walk(node)):
                    which = "any exception" if caught in ("Exception", "BaseException") else f"every `{caught}`"
                    says = f"`{called}` tells the caller the text of {which}"
                    yield self._construct("leak", called, node, says)
                    return

    def identity(self) -> Iterator[Symbol]:
        """Yield an identity that is taken from a header."""
        for function in self.module.functions:
            arguments = [*function.args.args, *function.args.kwonlyargs]
            defaults = [*([None] * (len(function.args.args) - len(function.args.defaults))), *function.args.defaults]
            for argument, default in zip(arguments, [*defaults, *function.args.kw_defaults], strict=False):
                written = ast.unparse(default) if default is not None else ""
                written += ast.unparse(argument.annotation) if argument.annotation is not None else ""
                if _IDENTITY.fullmatch(argument.arg) and "Header(" in written:
                    yield self._told(argument.arg.replace("_", "-"), argument)
        for call in self.module.of(ast.Call):
            match call:
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="headers"), attr="get"),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    if _IDENTITY.fullmatch(name) and "request" in ast.unparse(call.func).lower():
                        yield self._told(name, call)
        for node in self.module.of(ast.Subscript):
            match node:
                case ast.Subscript(
                    value=ast.Attribute(attr="headers"), slice=ast.Constant(value=str(name)), ctx=ast.Load()
                ):
                    if _IDENTITY.fullmatch(name) and "request" in ast.unparse(node).lower():
                        yield self._told(name, node)

    def _told(self, name: str, node: ast.expr | ast.arg) -> Symbol:
        return self._construct(
            "identity", name.lower(), node, f"the header `{name}` says who calls, and anybody can write it"
        )


def _targets(node: ast.Assign, name: str) -> bool:
    return len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name


def _texts(function: python.Function) -> set[str]:
    """Return the parameters that are texts."""
    found: set[str] = set()
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        written = ast.unparse(argument.annotation) if argument.annotation is not None else ""
        if re.search(r"\bstr\b", written) and "Literal" not in written:
            found.add(argument.arg)
    return found


def _segments(function: python.Function) -> set[str]:
    """Return the parameters that are one segment of the path: they can hold no slash."""
    found: set[str] = set()
    for decorator in function.decorator_list:
        for node in walk(decorator):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {
                    name for name in re.findall(r"\{(\w+)\}|<(?:string:)?(\w+)>", node.value) for name in name if name
                }
    return found


def _is_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in _VERBS
    )


def _made(below: list[ast.AST]) -> set[str]:
    """Return the local names that hold what a request brought."""
    found: set[str] = set()
    for node in below:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            written = ast.unparse(node.value)
            if re.match(r"(flask\.)?request\.(args|form|values|GET|POST|query_params|json)\b", written):
                found.add(node.targets[0].id)
    return found


def _holds_query(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Constant) and isinstance(n.value, str) and _SQL.search(n.value) for n in walk(node))


def _mixes(node: ast.expr, names: set[str]) -> bool:
    """Tell whether a text is put together with one of the names."""
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(v, ast.FormattedValue) and _is_one(v.value, names) for v in values)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod() | ast.Div(), right=right):
            sides = right.elts if isinstance(right, ast.Tuple) else [right]
            return any(_is_one(side, names) for side in (left, *sides)) or _mixes(left, names)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format"), args=args):
            return any(_is_one(argument, names) for argument in args)
    return False


def _is_one(node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    written = ast.unparse(node) if isinstance(node, ast.Call | ast.Subscript) else ""
    return "request" in names and re.match(r"request\.(args|form|values|GET|POST|query_params)\b", written) is not None


def _quotes(node: ast.expr, names: set[str]) -> bool:
    """Tell whether a parameter stands between quotes of a query."""
    if not isinstance(node, ast.JoinedStr):
        return False
    for before, value in zip(node.values, node.values[1:], strict=False):
        quoted = isinstance(before, ast.Constant) and isinstance(before.value, str) and _QUOTED.search(before.value)
        if quoted and isinstance(value, ast.FormattedValue) and _is_one(value.value, names):
            return True
    return False


def _shell(call: ast.Call) -> bool:
    return any(k.arg == "shell" and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords)


def _path_of(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="join") | ast.Name(id="Path"), args=args):
            return any(_is_one(argument, names) for argument in args)
    return False


def _client_error(call: ast.Call) -> bool:
    """Tell whether an answer blames the caller, who may be told what he did wrong."""
    written = ast.unparse(call)
    return re.search(r"\b4\d\d\b|HTTP_4\d\d", written) is not None


def _tells(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id=given)]):
            return given == name
        case ast.FormattedValue(value=ast.Name(id=given)):
            return given == name
        case ast.Call(func=ast.Attribute(attr="format_exc")):
            return True
    return False
