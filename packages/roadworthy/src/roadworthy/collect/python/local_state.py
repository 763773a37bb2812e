"""State that Python code keeps in its own memory or on its own disk: sessions, tokens, uploads."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from roadworthy.model.collector import Statement
from roadworthy.model.detail.local_state import StateKept
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_USERS_STATE = re.compile(
    r"_?(active_|user_|login_|auth_|refresh_|access_|reset_|pending_|shopping_|background_)*"
    r"(sessions?|tokens?|otps?|nonces?|carts?|jobs|uploads|login_attempts|verification_codes)(_store|_db|_by_\w+|_data)?",
    re.IGNORECASE,
)
_EMPTY = {"dict", "collections.defaultdict", "collections.OrderedDict", "list", "set"}
_CHANGING = {"append", "add", "update", "setdefault", "pop", "remove", "discard", "extend", "popitem"}
_FILE_SESSIONS = {
    "SESSION_TYPE": {"filesystem"},
    "SESSION_ENGINE": {"django.contrib.sessions.backends.file"},
}
_FILE_STORAGE = "django.core.files.storage.FileSystemStorage"
_FIXED = re.compile(r"/(?!tmp/|dev/|proc/|sys/|var/tmp/|run/|var/run/)[\w.-]+/.*")
_UPLOADS = {"fastapi.UploadFile", "starlette.datastructures.UploadFile", "UploadFile"}
_WORDS = ("session", "token", "otp", "nonce", "cart", "job", "upload", "attempt", "request.files", "storage", "open(")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that such state goes by."""
    lowered = file.text.lower()
    return any(word in lowered for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every place where such state is kept."""
    module = python.module(file)
    yield from _containers(module, file)
    if "SESSION_" in file.text:
        yield from _sessions(module, file)
    if _FILE_STORAGE in file.text:
        yield from _storages(module, file)
    if "open(" in file.text:
        for function in module.functions:
            yield from _written(module, function, file)
    if "UploadFile" in file.text or "files" in file.text:
        for function in module.functions:
            yield from _uploads(module, function, file)


def _sessions(module: python.Module, file: SourceFile) -> Iterator[Symbol]:
    for node in module.of(ast.Assign):
        match node:
            case ast.Assign(targets=[target], value=ast.Constant(value=str(value))):
                name = _setting(target)
                if value in _FILE_SESSIONS.get(name, ()):
                    folder = "/tmp" if name == "SESSION_ENGINE" and "SESSION_FILE_PATH" not in file.text else ""  # noqa: S108
                    yield _kept(name, module.span(node), "disk", "sessions", file, folder)


def _storages(module: python.Module, file: SourceFile) -> Iterator[Symbol]:
    """Yield each storage of Django that is a folder with a fixed name."""
    for node in module.of(ast.Dict):
        pairs = {
            key.value: value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)
        }
        backend, options = pairs.get("BACKEND"), pairs.get("OPTIONS")
        if not (isinstance(backend, ast.Constant) and backend.value == _FILE_STORAGE and isinstance(options, ast.Dict)):
            continue
        for key, value in zip(options.keys, options.values, strict=True):
            fixed = isinstance(value, ast.Constant) and isinstance(value.value, str) and _FIXED.match(value.value + "/")
            if isinstance(key, ast.Constant) and key.value == "location" and fixed:
                folder = str(ast.literal_eval(value)).rstrip("/")
                yield _kept("FileSystemStorage", module.span(node), "disk", "files", file, folder)


def _written(module: python.Module, function: python.Function, file: SourceFile) -> Iterator[Symbol]:
    """Yield the files that a route writes into a folder with a fixed name, each with a name of its own."""
    if not any(_is_route(decorator) for decorator in function.decorator_list):
        return
    for node in module.below(function):
        match node:
            case ast.Call(func=func, args=[ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]), mode, *_]) if (
                module.dotted(func) in ("open", "aiofiles.open")
                and isinstance(mode, ast.Constant)
                and str(mode.value).startswith(("w", "a", "x"))
                and _FIXED.match(start)
            ):
                yield _kept(module.dotted(func), module.span(node), "disk", "files", file, start.rpartition("/")[0])


def _is_route(decorator: ast.expr) -> bool:
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(func, ast.Attribute) and func.attr in (
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "route",
        "websocket",
    )


def _kept(name: str, at: Span, where: str, what: str, file: SourceFile, folder: str = "") -> Symbol:
    detail = StateKept(where, what, folder)
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)


def _setting(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name):
            return name
        case ast.Subscript(value=ast.Attribute(attr="config"), slice=ast.Constant(value=str(name))):
            return name
    return ""


def _containers(module: python.Module, file: SourceFile) -> Iterator[Symbol]:
    """Yield the empty containers of a module that its functions fill and that are named like users' state."""
    candidates = {
        name: value
        for name, value in module.constants.items()
        if _USERS_STATE.fullmatch(name) and _is_empty_container(module, value)
    }
    if not candidates:
        return
    changed: set[str] = set()
    for function in module.functions:
        below = module.below(function)
        own = {node.id for node in below if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        changed |= {name for node in below for name in _changes(node)} - own
    for name in sorted(candidates.keys() & changed):
        yield _kept(name, module.span(candidates[name]), "memory", name.strip("_").replace("_", " "), file)


def _is_empty_container(module: python.Module, value: ast.expr) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=func):
            return module.dotted(func) in _EMPTY
    return False


def _changes(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _CHANGING:
            yield name


def _uploads(module: python.Module, function: python.Function, file: SourceFile) -> Iterator[Symbol]:
    """Yield the calls that write what a request brought to a path of the local disk."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    received = {a.arg for a in arguments if a.annotation is not None and _is_upload(module, a.annotation)}
    for node in module.below(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _from_request(module, value):
                received.add(name)
    if not received:
        return
    for node in module.below(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="save"), args=[_, *_]) if name in received:
                yield _kept(f"{name}.save", module.span(node), "disk", "uploads", file)
            case ast.Call(func=func, args=[ast.Attribute(value=ast.Name(id=name), attr="file"), _]) if (
                name in received and module.dotted(func) == "shutil.copyfileobj" and not _is_temporary(module, function)
            ):
                yield _kept("shutil.copyfileobj", module.span(node), "disk", "uploads", file)
            case ast.Call(func=func, args=[_, ast.Constant(value="wb"), *_]) if module.dotted(func) in (
                "open",
                "aiofiles.open",
            ) and not _is_temporary(module, function):
                yield _kept(module.dotted(func), module.span(node), "disk", "uploads", file)


def _is_upload(module: python.Module, annotation: ast.expr) -> bool:
    return any(
        module.dotted(node) in _UPLOADS for node in walk(annotation) if isinstance(node, ast.Name | ast.Attribute)
    )


def _from_request(module: python.Module, value: ast.expr) -> bool:
    return any(
        module.dotted(node) in ("flask.request.files", "quart.request.files")
        for node in walk(value)
        if isinstance(node, ast.Attribute)
    )


@lru_cache(maxsize=8)
def _is_temporary(module: python.Module, function: python.Function) -> bool:
    return any(
        module.dotted(node).startswith(("tempfile.", "aiofiles.tempfile."))
        for node in module.below(function)
        if isinstance(node, ast.Name | ast.Attribute)
    )
