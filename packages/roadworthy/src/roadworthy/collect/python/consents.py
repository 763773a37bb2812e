"""Where Python code writes a consent down, and an entry of an audit trail without the one who acted."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.privacy import ActorWritten, ConsentWritten
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONSTRUCT})

_CONSENT = re.compile(r"consent|terms_?accept|opt_?in", re.IGNORECASE)
_MAKING = frozenset(
    {
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "acreate",
        "insert",
        "add",
        "append",
        "save",
        "upsert",
    }
)
_SQL = re.compile(r"insert\s+into\s+\S*(?:consent|terms|opt_?in)|set\s+\S*consent\S*\s*=", re.IGNORECASE)
_AUDIT = re.compile(r"audit", re.IGNORECASE)
_ACTOR = re.compile(r"actor|user|user_id|performed_by|changed_by|created_by|who|principal|by")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of consents or of an audit trail."""
    return _CONSENT.search(file.text) is not None or "udit" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each place that makes a row of a consent, and each audit entry with how its actor is written."""
    module = python.module(file)
    for call, dotted in module.calls:
        owner, _, last = dotted.rpartition(".")
        if (call.args or call.keywords) and (
            (_CONSENT.search(last) and last[:1].isupper())
            or (last in _MAKING and (_CONSENT.search(owner) or any(_names(module, a) for a in call.args)))
            or any(k.arg and _CONSENT.search(k.arg) for k in call.keywords)
        ):
            yield _symbol(module, file, call, last, ConsentWritten())
        if _AUDIT.search(dotted) and dotted:
            yield from _actor(module, file, call, dotted)
    for node in module.of(ast.Assign, ast.Constant):
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(isinstance(t, ast.Attribute) and _CONSENT.search(t.attr) for t in targets):
                    yield _symbol(module, file, value, "consent", ConsentWritten())
            case ast.Constant(value=str(text)) if _SQL.search(text[:4000]):
                yield _symbol(module, file, node, "consent", ConsentWritten())


def _names(module: python.Module, node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    return _CONSENT.search(module.dotted(called)) is not None


def _actor(module: python.Module, file: SourceFile, call: ast.Call, dotted: str) -> Iterator[Symbol]:
    for keyword in call.keywords:
        if keyword.arg and _ACTOR.fullmatch(keyword.arg):
            fixed = isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
            function = module.around.get(call)
            known = ""
            if function is not None:
                given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
                known = next((a.arg for a in given if _ACTOR.fullmatch(a.arg.removeprefix("current_"))), "")
            text = str(keyword.value.value) if isinstance(keyword.value, ast.Constant) else ""
            yield _symbol(
                module, file, keyword.value, dotted.rpartition(".")[2] or dotted, ActorWritten(fixed, text, known)
            )


def _symbol(
    module: python.Module, file: SourceFile, node: ast.expr, name: str, detail: ConsentWritten | ActorWritten
) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role, detail=detail)
