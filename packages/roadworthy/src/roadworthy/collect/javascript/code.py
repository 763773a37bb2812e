"""Constructs of JavaScript code that rules are about: dropped errors, and calls that block while requests wait."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.code import BlockingCall, HandlerEmpty, ModuleRead
from roadworthy.model.facts import Problem
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_browser import in_browser, is_tool
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, named

PROVIDES = frozenset({Kind.CONSTRUCT})

_BLOCKING = {
    **{
        f"fs.{name}Sync": f"fs.promises.{name}"
        for name in ("readFile", "writeFile", "appendFile", "readdir", "copyFile")
    },
    **{f"fs.{name}Sync": f"fs.promises.{name}" for name in ("unlink", "mkdir", "rm", "stat")},
    **{f"child_process.{name}Sync": f"child_process.{name}" for name in ("exec", "execFile", "spawn")},
    **{f"crypto.{name}Sync": f"crypto.{name}" for name in ("pbkdf2", "scrypt")},
    **{f"zlib.{name}Sync": f"zlib.{name}" for name in ("gzip", "gunzip", "deflate", "inflate", "brotliCompress")},
    **{
        f"{library}.{name}Sync": f"{library}.{name}"
        for library in ("bcrypt", "bcryptjs")
        for name in ("hash", "compare")
    },
}
_BARE = {f"{name}Sync": f"crypto.{name}Sync" for name in ("pbkdf2", "scrypt")}
_BARE |= {f"{name}Sync": f"child_process.{name}Sync" for name in ("exec", "execFile")}
# These take so long that any asynchronous function that calls them stops all others.
_HEAVY = ("bcrypt", "bcryptjs", "crypto", "child_process")
_REQUESTS = frozenset({"req", "request", "_req", "_request", "ctx", "context"})
_TIDYING = re.compile(
    r"\b(?:close|end|destroy|disconnect|unlink(?:Sync)?|rm(?:Sync)?|rmdir|kill|abort|release|removeItem|setItem|getItem|"
    r"unsubscribe|removeListener|terminate|quit|cancel|parse|decodeURIComponent|clear|dispose|unref|rollback|stop)\s*\("
)
_SHRUG = re.compile(
    r"(?i)[/*\s]*(?:ignored?|no-?op|empty|swallow\w*|nothing|do nothing|skip|pass|todo|fixme|silent\w*|suppress\w*)?"
    r"[\s.*/]*(?:errors?|exceptions?)?[\s.*/]*"
)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Every such file says something by what it does not contain."""
    return file.role is not FileRole.TEST and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield that the module was read, and every construct in it that a rule is about."""
    module = javascript.module(file)
    yield _symbol(file.path, Span(file.path), ModuleRead("javascript"), file)
    if is_tool(file.path) or in_browser(file):
        return
    for at in module.broken:
        if at.line > 1:
            yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    for node in module.of("catch_clause"):
        yield from _caught(module, node, file)
    for call in module.calls:
        if call.method == "catch" and call.arguments:
            yield from _dropped(module, call, file)
        plain = call.name.removeprefix("node:")
        # A name as plain as `scryptSync` means one thing, wherever it comes from.
        plain = _BARE.get(plain, plain) if "." not in plain and not _is_own(module, call) else plain
        if plain in _BLOCKING:
            yield from _blocks(module, call, plain, file)


def _is_own(module: javascript.Module, call: javascript.Call) -> bool:
    """Tell whether the file itself makes what is called."""
    called = call.node.child_by_field_name("function")
    return called is not None and called.type == "identifier" and module.lookup(called) is not None


def _symbol(name: str, at: Span, detail: Detail, file: SourceFile) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)


def _is_empty(module: javascript.Module, body: Node | None) -> bool:
    """Tell whether a block holds nothing, or only a comment that gives no reason."""
    if body is None or body.type != "statement_block" or named(body):
        return False
    return all(_SHRUG.fullmatch(module.text(child)) for child in body.named_children)


def _caught(module: javascript.Module, node: Node, file: SourceFile) -> Iterator[Symbol]:
    guarded = node.parent.child_by_field_name("body") if node.parent is not None else None
    if not _is_empty(module, node.child_by_field_name("body")) or guarded is None:
        return
    statements = named(guarded)
    if statements and not _TIDYING.search(module.text(guarded)):
        around = " ".join(module.text(statements[0]).split())[:60]
        yield _symbol("everything", module.span(node), HandlerEmpty(around), file)


def _dropped(module: javascript.Module, call: javascript.Call, file: SourceFile) -> Iterator[Symbol]:
    """Yield `promise.catch(() => {})`."""
    handler = call.arguments[0]
    if handler.type not in ("arrow_function", "function_expression"):
        return
    function = call.node.child_by_field_name("function")
    if function is None or not _is_empty(module, handler.child_by_field_name("body")):
        return
    guarded = module.text(function.child_by_field_name("object"))
    if not _TIDYING.search(guarded):
        yield _symbol("everything", module.span(call.node), HandlerEmpty(" ".join(guarded.split())[:60]), file)


def _blocks(module: javascript.Module, call: javascript.Call, name: str, file: SourceFile) -> Iterator[Symbol]:
    for function in enclosing(call.node, *FUNCTIONS):
        asynchronous = any(child.type == "async" for child in function.children)
        heavy = asynchronous and name.startswith(_HEAVY)
        if heavy or (_REQUESTS & set(_parameters(module, function))):
            owner = _name(module, function)
            yield _symbol(name, module.span(call.node), BlockingCall(owner, _BLOCKING[name]), file)
            return


def _parameters(module: javascript.Module, function: Node) -> list[str]:
    single = function.child_by_field_name("parameter")
    listed = named(function.child_by_field_name("parameters"))
    nodes = (single,) if single is not None else listed
    return [module.text(node.child_by_field_name("pattern") or node) for node in nodes]


def _name(module: javascript.Module, function: Node) -> str:
    own = function.child_by_field_name("name")
    above = function.parent
    if own is None and above is not None and above.type in ("variable_declarator", "pair", "public_field_definition"):
        own = above.child_by_field_name("name") or above.child_by_field_name("key")
    return module.text(own) if own is not None else "a request handler"
