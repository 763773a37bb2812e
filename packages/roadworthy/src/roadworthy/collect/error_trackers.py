"""Trackers of errors that code starts: Sentry, Rollbar, Bugsnag, in Python and JavaScript."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.error_tracker import TrackerStarted
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONSTRUCT})

_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte")
_WORDS = ("sentry", "rollbar", "bugsnag", "raven")
_PYTHON = {
    "sentry_sdk.init": "Sentry",
    "raven.Client": "Sentry",
    "rollbar.init": "Rollbar",
    "bugsnag.configure": "Bugsnag",
}
_SCRIPT = re.compile(
    r"\b(?P<sentry>Sentry\w*\.init|SentryModule\.forRoot\w*|withSentry\w*)\s*\(|\b(?P<rollbar>new Rollbar|Rollbar\.init)\s*\("
    r"|\b(?P<bugsnag>[Bb]ugsnag\.start)\s*\(|(?P<bare>(?<![\w.])init)\s*\(\s*\{"
)
_BARE = re.compile(r"import\s*\{[^}]*\binit\b[^}]*\}\s*from\s*[\"']@sentry/")
_COMMENT = re.compile(r"(?<![:\"'`\w])//[^\n]*|/\*.*?\*/", re.DOTALL)
_READ = re.compile(r"(?:process\.env|import\.meta\.env|env)(?:\.|\[[\"'])([A-Z][A-Z0-9_]*)")
_CAPITALS = re.compile(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b")
_ARGUMENTS = 400
_MAXIMUM_STEPS = 4


def wants(path: str) -> bool:
    """Every file of Python and of JavaScript."""
    return path.endswith((".py", *_SCRIPTS))


def recognises(file: SourceFile) -> bool:
    """Recognise a file that names a tracker."""
    text = file.text.lower() if len(file.text) < 400_000 else file.text
    return any(word in text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each call that starts a tracker, with the variable its address comes from."""
    if not file.path.endswith(".py"):
        yield from _scripted(file)
        return
    module = python.module(file)
    for call, dotted in module.calls:
        product = _PYTHON.get(dotted.lstrip("."))
        if product:
            yield _started(file, product, module.span(call), _variable(module, call))


def _started(file: SourceFile, product: str, at: Span, variable: str) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(product), at, role=file.role, detail=TrackerStarted(variable))


def _variable(module: python.Module, call: ast.Call) -> str:
    given = next((k.value for k in call.keywords if k.arg in ("dsn", "access_token", "api_key")), None)
    node = given or (call.args[0] if call.args else None)
    for _ in range(_MAXIMUM_STEPS):
        if node is None:
            return ""
        text = ast.unparse(node)
        if found := _CAPITALS.search(text):
            return found[1]
        if last := re.search(r"\.(\w*(?:dsn|token|key))\b", text):
            return last[1].upper()
        name = next((inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)), "")
        node = _assigned(module, name)
    return ""


def _assigned(module: python.Module, name: str) -> ast.expr | None:
    """Return what a name is given, once, somewhere in the module."""
    found: list[ast.expr] = []
    for node in module.of(ast.Assign, ast.NamedExpr):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=id)], value=value) | ast.NamedExpr(target=ast.Name(id=id), value=value)
            ):
                if id == name:
                    found.append(value)
    return found[0] if len(found) == 1 else None


def _scripted(file: SourceFile) -> Iterator[Symbol]:
    text = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), file.text)
    bare = _BARE.search(text) is not None
    for found in _SCRIPT.finditer(text):
        if found["bare"] and not bare:
            continue
        product = "Rollbar" if found["rollbar"] else "Bugsnag" if found["bugsnag"] else "Sentry"
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
        at = Span(file.path, line, column, line, column + len(found[0].split("(")[0].rstrip()) - 1)
        read = _READ.search(text, found.end(), found.end() + _ARGUMENTS)
        yield _started(file, product, at, read[1] if read else "")
