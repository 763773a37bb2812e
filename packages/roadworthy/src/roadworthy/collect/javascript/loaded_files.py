"""What JavaScript modules load: the modules they import by path, and the files they read while they run."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.build import ModuleNeeds
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_tree import named, unwrapped

PROVIDES = frozenset({Kind.CONTENT})

_READING = frozenset(
    {"readFile", "readFileSync", "createReadStream", "readdir", "readdirSync", "opendir", "opendirSync"}
)
_SERVING = frozenset({"express.static", "koa-static", "serve-static", "yamljs.load", "YAML.load"})
_OWN = frozenset({"__dirname", "import.meta.dirname"})
_SPEAKS = re.compile(
    r"readFile|createReadStream|readdir|opendir|\.static\(|serve-static|koa-static|\.set\(\s*[\"']views|YAML\.load|migrationsFolder"
)
_IMPORTS = re.compile(r"""(?:from|import|require\()\s*["'(]*\.""")
_PATH = re.compile(r"[\w@.+ -]+(?:/[\w@.+ -]+)*/?")
_MAXIMUM = 200


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise modules that import by path or read a file."""
    speaks = _IMPORTS.search(file.text) is not None or _SPEAKS.search(file.text) is not None
    return file.role is not FileRole.TEST and speaks and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what the module loads, in one statement."""
    module = javascript.module(file)
    modules = []
    for need in module.needed[:_MAXIMUM]:
        if need.module.startswith(".") and not need.types:
            at = module.span(need.node)
            end = at.end_column if at.end_line == at.line else at.column
            by_call = need.node.type == "call_expression" and not module.text(need.node).startswith("import")
            modules.append((need.module, at.line, at.column, end, "call" if by_call else "import"))
    files = []
    if _SPEAKS.search(file.text):
        for call in module.calls:
            for node in _read(module, call):
                found = _path(module, node, 0)
                if found is not None and _PATH.fullmatch(found[0]):
                    at = module.span(node)
                    end = at.end_column if at.end_line == at.line else at.column
                    files.append((found[0], at.line, at.column, end, found[1]))
    if modules or files:
        detail = ModuleNeeds("javascript", tuple(modules), tuple(files[:_MAXIMUM]))
        yield Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(file.path), Span(file.path), role=file.role, detail=detail)


def _read(module: javascript.Module, call: javascript.Call) -> Iterator[Node]:
    """Yield the expressions that name what a call reads."""
    first = call.arguments[0] if call.arguments else None
    if first is None:
        return
    if (
        call.method in _READING and re.match(r"(?:node:)?fs|fs-extra|graceful-fs|fsPromises|promises", call.name)
    ) or call.name in _SERVING:
        yield first
    elif call.method == "set" and values.string(module, first) == "views" and len(call.arguments) > 1:
        yield call.arguments[1]
    elif call.method == "migrate":
        for argument in call.arguments:
            given = values.options(module, argument)
            if "migrationsFolder" in given:
                yield given["migrationsFolder"]


def _path(module: javascript.Module, node: Node | None, depth: int) -> tuple[str, str] | None:
    """Return a path and what it is relative to; None where it cannot be read."""
    found = unwrapped(values.resolved(module, node))
    if found is None or depth > 6:
        return None
    call = module.call(found)
    if call is not None and call.name.removeprefix("node:") in (
        "path.join",
        "path.resolve",
        "path.posix.join",
        "join",
        "resolve",
    ):
        return _joined(module, call, depth)
    if call is not None and call.name == "URL" and len(call.arguments) == 2:
        text = values.string(module, call.arguments[0])
        own = "import.meta.url" in module.text(call.arguments[1])
        return (text.removeprefix("./"), "module") if text is not None and own else None
    if call is not None and call.method == "fileURLToPath" and call.arguments:
        return _path(module, call.arguments[0], depth + 1)
    if found.type == "template_string":
        parts = named(found)
        inner = next(iter(named(parts[0])), None) if parts and parts[0].type == "template_substitution" else None
        if inner is not None and module.dotted(inner) in _OWN and len(parts) == 2:
            return module.text(parts[1]).lstrip("/"), "module"
        if len(parts) > 1:
            return None
    if found.type == "binary_expression" and module.text(found.child_by_field_name("left")) in _OWN:
        text = values.string(module, found.child_by_field_name("right"))
        return (text.lstrip("/"), "module") if text is not None else None
    text = values.string(module, found)
    if text is None or text.startswith(("/", "~")) or ":" in text:
        return None
    return text.removeprefix("./"), "start"


def _joined(module: javascript.Module, call: javascript.Call, depth: int) -> tuple[str, str] | None:
    relative, pieces = "start", []
    for index, node in enumerate(call.arguments):
        name = module.dotted(node)
        inner = values.resolved(module, node)
        derived = module.call(inner)
        if index == 0 and (name in _OWN or (derived is not None and derived.method == "dirname")):
            relative = "module"
        elif index == 0 and derived is not None and derived.name == "process.cwd":
            relative = "start"
        else:
            text = values.string(module, node)
            if text is None:
                return None
            if text.startswith("/") and call.method == "resolve":
                return None
            pieces.append(text.strip("/"))
    return "/".join(piece for piece in pieces if piece) or ".", relative
