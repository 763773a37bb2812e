"""Secrets among the arguments of Python's logging calls."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.privacy import SecretLogged
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONSTRUCT})

_SECRET = re.compile(
    r"(?!(?:hashed|encrypted|masked|redacted|has|is|no|missing|invalid|with|forgot|change|need|require|use|show)_)"
    r"(?:\w+_)?(?:password|passwd|passphrase|secret|secret_key|api_?key|private_key|client_secret|credentials"
    r"|(?:access|refresh|auth|api|bearer|session|jwt|id|admin|bot)_token|authorization|connection_string)",
    re.IGNORECASE,
)
_METHODS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "success", "trace", "msg"}
)
_LOGGERS = re.compile(r"(?:^|\.)(?:_?log(?:ger|ging)?|LOG(?:GER)?|structlog)$")
_HIDING = re.compile(
    r"hash|mask|redact|anonym|scrub|digest|obfusc|sanit|sha\d|^len$|^bool$|^type$|^id$|count|fingerprint"
)
_HEADERS = frozenset({"authorization", "cookie", "x-api-key", "proxy-authorization"})
_FOR_PEOPLE = re.compile(r"(?:^|/)(?:cli|commands?|management|scripts?|tools|seeds?|__main__|manage)(?:/|\.py$|_)")
_MAXIMUM = 400


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module of the product that logs and names a secret."""
    text = file.text.lower()
    return (
        file.role is FileRole.PROD
        and ("log" in text or "print(" in text)
        and any(word in text for word in ("passw", "secret", "token", "key", "credential", "authorization", "environ"))
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each secret that a logging call shows."""
    module = python.module(file)
    for call, dotted in module.calls:
        holder, _, method = dotted.rpartition(".")
        printed = (
            dotted == "print" and not _FOR_PEOPLE.search(file.path) and not any(k.arg == "file" for k in call.keywords)
        )
        if not printed and (method not in _METHODS or not _LOGGERS.search(holder)):
            continue
        shown = "print" if printed else f"{holder.rpartition('.')[2]}.{method}"
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
            for name, node in _secrets(module, argument):
                yield Symbol(
                    Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role,
                    detail=SecretLogged(shown),
                )  # fmt: skip


def _secrets(module: python.Module, argument: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield what an argument shows that is a secret, leaving out what hides it on the way."""
    pending: list[ast.expr] = [argument]
    for _ in range(_MAXIMUM):
        if not pending:
            return
        node = pending.pop()
        match node:
            case ast.Call(func=ast.Attribute(attr="get_secret_value", value=value)):
                yield module.dotted(value).rpartition(".")[2] or getattr(value, "attr", "a secret"), node
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]) if (
                key.lower() in _HEADERS
            ):
                yield key, node
            case ast.Call(func=func):
                last = module.dotted(func).rpartition(".")[2]
                if last in ("str", "repr", "format", "dict", "dumps", "decode", "encode", "strip", "join"):
                    pending += [*node.args, *(k.value for k in node.keywords)]
                    if isinstance(func, ast.Attribute) and not _HIDING.search(last):
                        pending.append(func.value)
            case ast.Attribute(attr="environ", value=ast.Name(id="os")):
                yield "os.environ", node
            case ast.Attribute(attr=name) | ast.Name(id=name):
                if _SECRET.fullmatch(name):
                    yield name, node
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                if _SECRET.fullmatch(key) or key.lower() in _HEADERS:
                    yield key, node
            case ast.IfExp(body=body, orelse=orelse):
                pending += [body, orelse]
            case ast.Dict(values=values):
                pending += values
            case ast.Lambda() | ast.Compare() | ast.Subscript() | ast.UnaryOp() | ast.GeneratorExp() | ast.ListComp():
                continue
            case _:
                pending += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
