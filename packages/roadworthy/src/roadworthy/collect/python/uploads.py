"""Files that Python handlers take, and the sizes code allows for requests and files."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.limit import BodyLimit, UploadTaken
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_NAMED = re.compile(
    r"_?(max(imum)?_?(\w+_)?(upload|content|body|file|request|image|attachment|payload|avatar|document)s?_?\w*|"
    r"(upload|body|file|request|content|payload)_?(size_?)?(max\w*|limit\w*)|data_upload_max_memory_size)",
    re.IGNORECASE,
)
_SIZED = re.compile(r"size|length|bytes|limit|[mk]i?b(_|$)|max_(body|upload|payload|file|content)s?$", re.IGNORECASE)
_NOT_SIZED = re.compile(
    r"count|number|files$|seconds|timeout|age|ttl|per_|name|retries|concurren|connections", re.IGNORECASE
)
_UNITS = {"kb": 1024, "kib": 1024, "mb": 1024**2, "mib": 1024**2, "gb": 1024**3, "gib": 1024**3}
_UPLOADS = {
    "fastapi.UploadFile",
    "starlette.datastructures.UploadFile",
    "UploadFile",
    "fastapi.datastructures.UploadFile",
}
_CHECKED = re.compile(r"413|TOO_LARGE|content.?length|max_?\w*(size|bytes|length|upload|mb)|size_limit", re.IGNORECASE)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of uploads or of the largest size of something."""
    lowered = file.text.lower()
    return "uploadfile" in lowered or "max" in lowered or "files" in lowered or "limit" in lowered


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every limit of size, and every handler that takes a file."""
    module = python.module(file)
    yield from _limits(module, file)
    if "UploadFile" in file.text or ".files" in file.text:
        for function in module.functions:
            yield from _taken(module, function, file)


def _symbol(file: SourceFile, name: str, at: Span, detail: Detail) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)


def _limits(module: python.Module, file: SourceFile) -> Iterator[Symbol]:
    fields = {id(s) for c in module.of(ast.ClassDef) if _is_settings(module, c) for s in c.body}
    for node in module.of(ast.Assign, ast.AnnAssign):
        match node:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                name = _name(target)
                if not name or not _NAMED.fullmatch(name) or not _SIZED.search(name) or _NOT_SIZED.search(name):
                    continue
                unit = next((size for ending, size in _UNITS.items() if name.lower().endswith(f"_{ending}")), 1)
                number, variable = _number(module, value)
                variable = variable or (name.upper() if id(node) in fields else "")
                if number is not None or variable:
                    size = number * unit if number is not None else None
                    if size is None or size >= 1024:
                        yield _symbol(file, name, module.span(value), BodyLimit(size, variable, unit))

    if "ontent-" in file.text and ("413" in file.text or "TOO_LARGE" in file.text):
        for text in module.of(ast.Constant):
            if isinstance(text.value, str) and text.value.lower() == "content-length":
                yield _symbol(file, "Content-Length", module.span(text), BodyLimit(None))
                return


def _is_settings(module: python.Module, node: ast.ClassDef) -> bool:
    return any("Settings" in module.dotted(base) for base in node.bases)


def _name(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name):
            return name
        case ast.Subscript(value=ast.Attribute(attr="config"), slice=ast.Constant(value=str(name))):
            return name
        case ast.Attribute(value=ast.Attribute(attr="config"), attr=name):
            return name
    return ""


def _number(module: python.Module, node: ast.expr, depth: int = 0) -> tuple[int | None, str]:
    """Return the number an expression comes to, and the variable that can change it."""
    if depth > 6:
        return None, ""
    match node:
        case ast.Constant(value=int() as number) if not isinstance(number, bool) and 0 < number < 2**50:
            return number, ""
        case ast.Constant(value=str(text)) if text.isdecimal() and len(text) < 15:
            return int(text), ""
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            (a, name), (b, other) = _number(module, left, depth + 1), _number(module, right, depth + 1)
            return (a * b if a is not None and b is not None and not (name or other) else None), name or other
        case ast.BinOp(left=left, op=ast.LShift(), right=ast.Constant(value=int(shift))) if 0 < shift < 40:
            a, name = _number(module, left, depth + 1)
            return (a << shift if a is not None else None), name
        case ast.Call(func=ast.Name(id="int"), args=[inner]):
            return _number(module, inner, depth + 1)
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), *rest]) if module.dotted(func) in (
            "os.getenv",
            "os.environ.get",
        ):
            return (_number(module, rest[0], depth + 1)[0] if rest else None), name
        case ast.Call(func=func, keywords=keywords) if module.dotted(func).endswith("Field"):
            default = next((k.value for k in keywords if k.arg == "default"), None)
            default = default or (node.args[0] if node.args else None)
            return _number(module, default, depth + 1) if default is not None else (None, "")
        case ast.Name(id=name) if name in module.constants:
            return _number(module, module.constants[name], depth + 1)
    return None, ""


def _taken(module: python.Module, function: python.Function, file: SourceFile) -> Iterator[Symbol]:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    received = {a.arg: a for a in arguments if a.annotation is not None and _is_upload(module, a.annotation)}
    if not received or not function.decorator_list:
        return
    below = module.below(function)
    nodes = [node for statement in function.body for node in walk(statement)]
    bounds, checked = any(map(_bounds, nodes)), any(map(_checks, nodes))
    for name, argument in received.items():
        how = _read_whole(module, below, name)
        bounded = True if bounds else None if checked or not how or _handed_on(below, name) else False
        yield _symbol(file, function.name, module.span(argument), UploadTaken(bounded, how))


def _is_upload(module: python.Module, annotation: ast.expr) -> bool:
    return any(
        module.dotted(node) in _UPLOADS for node in walk(annotation) if isinstance(node, ast.Name | ast.Attribute)
    )


def _bounds(node: ast.AST) -> bool:
    """Tell whether a node bounds a size: a 413, a length that is compared, a bounded read."""
    match node:
        case ast.Constant(value=413) | ast.Attribute(attr="HTTP_413_REQUEST_ENTITY_TOO_LARGE"):
            return True
        case ast.Compare(left=ast.Call(func=ast.Name(id="len")) | ast.Attribute(attr="size")):
            return True
        case ast.Call(func=ast.Attribute(attr="read"), args=[_, *_]):
            return True
    return False


def _checks(node: ast.AST) -> bool:
    """Tell whether something may compare a size: what is named so."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _CHECKED.search(name) is not None or name == "size"
        case ast.Constant(value=str(text)):
            return _CHECKED.search(text) is not None
    return False


def _read_whole(module: python.Module, below: list[ast.AST], name: str) -> str:
    for node in below:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=id), attr="read"), args=[]) if id == name:
                return f"{name}.read()"
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=id), attr="file"), attr="read"), args=[]
            ) if id == name:
                return f"{name}.file.read()"
            case ast.Call(func=func, args=[ast.Attribute(value=ast.Name(id=id), attr="file"), *_]) if (
                id == name and module.dotted(func) == "shutil.copyfileobj"
            ):
                return "shutil.copyfileobj"
    return ""


def _handed_on(below: list[ast.AST], name: str) -> bool:
    """Tell whether the file itself is given to another function, which may look at its size."""
    for node in below:
        if isinstance(node, ast.Call):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(isinstance(argument, ast.Name) and argument.id == name for argument in given):
                return True
    return False
