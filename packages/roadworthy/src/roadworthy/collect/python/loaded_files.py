"""What Python modules load: the modules they import, and the files they read while they run."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.build import ModuleNeeds
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONTENT})

_DIRECTORIES = ("Jinja2Templates", "StaticFiles", "FileSystemLoader")
_PATH = re.compile(r"[\w@.+ -]+(?:/[\w@.+ -]+)*/?")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_MAXIMUM = 200
_Read = tuple[str, int, int, int, str]


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Modules that import anything."""
    return "import " in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what the module loads, in one statement."""
    module = python.module(file)
    guarded = {
        id(inner)
        for node in module.of(ast.Try)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    guarded |= {
        id(inner) for node in module.of(ast.If) if "TYPE_CHECKING" in ast.unparse(node.test) for inner in ast.walk(node)
    }
    modules: list[tuple[str, int, int, int, str]] = []
    for node in module.of(ast.Import, ast.ImportFrom):
        if id(node) in guarded:
            continue
        at = module.span(node)
        end = at.end_column if at.end_line == at.line else at.column
        match node:
            case ast.Import(names=names):
                modules += [(alias.name, at.line, at.column, end, "import") for alias in names]
            case ast.ImportFrom(module=source, names=names, level=level):
                base = "." * level + (source or "")
                joint = "" if base.endswith(".") or not base else "."
                modules += [
                    (f"{base}{joint}{alias.name}" if alias.name != "*" else base, at.line, at.column, end, "import")
                    for alias in names
                ]
    modules += _named(file, module)
    files = (
        list(_files(module))
        if any(word in file.text for word in (*_DIRECTORIES, "open(", "read_text", "read_bytes"))
        else []
    )
    if modules or files:
        detail = ModuleNeeds("python", tuple(modules[:_MAXIMUM]), tuple(files[:_MAXIMUM]))
        yield Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(file.path), Span(file.path), role=file.role, detail=detail)


def _named(file: SourceFile, module: python.Module) -> Iterator[_Read]:
    """Yield the modules that Django loads by their names: the settings, the addresses, the applications, the middleware."""
    texts: list[ast.expr] = []
    if "DJANGO_SETTINGS_MODULE" in file.text:
        for call in module.of(ast.Call):
            match call:
                case ast.Call(
                    func=ast.Attribute(attr="setdefault"), args=[ast.Constant(value="DJANGO_SETTINGS_MODULE"), given]
                ):
                    texts.append(given)
    if "INSTALLED_APPS" in file.text:
        for name in ("ROOT_URLCONF", "INSTALLED_APPS", "MIDDLEWARE"):
            value = module.constants.get(name)
            texts += value.elts if isinstance(value, ast.List | ast.Tuple) else [value] if value is not None else []
    if "urlpatterns" in file.text:
        for call, called in module.calls:
            if called == "django.urls.include" and call.args:
                texts.append(call.args[0])
    for node in texts:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _MODULE.fullmatch(node.value):
            at = module.span(node)
            yield node.value, at.line, at.column, at.end_column if at.end_line == at.line else at.column, "import"


def _files(module: python.Module) -> Iterator[_Read]:
    for call, called in module.calls:
        last = called.rpartition(".")[2]
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        given: ast.expr | None = None
        if last in _DIRECTORIES:
            given = keywords.get("directory", keywords.get("searchpath", call.args[0] if call.args else None))
        elif called == "open" and call.args and _reads(call, keywords):
            given = call.args[0]
        elif isinstance(call.func, ast.Attribute) and call.func.attr in ("read_text", "read_bytes"):
            given = call.func.value
        found = _path(module, given, 0) if given is not None else None
        if given is not None and found is not None and _PATH.fullmatch(found[0]) and found[0] not in (".", ".."):
            at = module.span(given)
            yield found[0], at.line, at.column, at.end_column if at.end_line == at.line else at.column, found[1]


def _reads(call: ast.Call, keywords: dict[str | None, ast.expr]) -> bool:
    mode = keywords.get("mode", call.args[1] if len(call.args) > 1 else None)
    return mode is None or (isinstance(mode, ast.Constant) and isinstance(mode.value, str) and mode.value[:1] == "r")


def _path(module: python.Module, node: ast.expr, depth: int) -> tuple[str, str] | None:
    """Return a path and what it is relative to; None where it cannot be read."""
    if depth > 6:
        return None
    match node:
        case ast.Constant(value=str(text)):
            return None if text.startswith(("/", "~")) or ":" in text else (text.removeprefix("./"), "start")
        case ast.Name(id=id) if id in module.constants:
            return _path(module, module.constants[id], depth + 1)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(text))):
            above = _path(module, left, depth + 1)
            return (text if above[0] == "." else f"{above[0]}/{text}", above[1]) if above is not None else None
        case ast.Attribute(value=inner, attr="parent"):
            above = _path(module, inner, depth + 1)
            if above is None or above[1] != "module":
                return None
            upwards = {"": ".", ".": "..", "..": "../..", "../..": "../../.."}.get(above[0])
            return (upwards, "module") if upwards is not None else None
        case ast.Call(func=ast.Attribute(value=inner, attr="resolve" | "absolute"), args=[]):
            return _path(module, inner, depth + 1)
        case ast.Call(args=[ast.Name(id="__file__")]) if module.dotted(node.func) in (
            "pathlib.Path",
            "Path",
            "os.path.abspath",
            "os.path.realpath",
        ):
            return "", "module"
        case ast.Call(args=[inner]) if module.dotted(node.func) in ("pathlib.Path", "str"):
            return _path(module, inner, depth + 1)
        case ast.Call(args=[ast.Name(id="__file__")]) if module.dotted(node.func) == "os.path.dirname":
            return ".", "module"
        case ast.Call(args=[inner]) if module.dotted(node.func) in ("os.path.dirname", "os.path.abspath"):
            above = _path(module, inner, depth + 1)
            if module.dotted(node.func) == "os.path.abspath" or above is None:
                return above
            return (
                ("." if above[0] == "" else "..", "module") if above[1] == "module" and above[0] in ("", ".") else None
            )
        case ast.Call(args=[first, *rest]) if module.dotted(node.func) == "os.path.join" and rest:
            above = _path(module, first, depth + 1)
            texts = [
                item.value if isinstance(item, ast.Constant) and isinstance(item.value, str) else None for item in rest
            ]
            if above is None or None in texts:
                return None
            joined = "/".join(text.strip("/") for text in texts if text)
            return (joined if above[0] == "." else f"{above[0]}/{joined}"), above[1]
    return None
