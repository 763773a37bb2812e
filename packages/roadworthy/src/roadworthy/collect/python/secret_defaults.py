"""Secrets that Python code falls back on: `SECRET_KEY = "…"` at the top of a module, `app.secret_key = "…"`."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from roadworthy.model.collector import Statement
from roadworthy.model.detail.secret import SecretDefault
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python, secrecy
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.SECRET_KEY})

_WORDS = "secret_key jwt_secret jwt_key signing_key encryption_key cookie_secret session_secret token_secret".split()
_NAMES = re.compile(rf"(?:\w+_)?(?:{'|'.join(_WORDS)})(?:_BASE)?", re.IGNORECASE)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise modules that name such a setting."""
    lowered = file.text.lower()
    return any(word in lowered for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each setting of this kind that is given a plain text."""
    module = python.module(file)
    for node in module.of(ast.Assign, ast.AnnAssign):
        match node:
            case ast.Assign(targets=[target], value=ast.Constant(value=str(value))):
                name = _name(target)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(value))):
                pass
            case _:
                continue
        literal = len(value) >= 3 and "$" not in value and not value.startswith("/")
        # `_csrf_secret_key = "_csrf_secret"` tells under which key something else keeps the secret.
        literal = literal and not (name.startswith("_") and name == f"{value}_key")
        if _NAMES.fullmatch(name) and literal and not re.fullmatch(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+", value):
            refused = value in _compared(module)
            detail = SecretDefault("assigned", secrecy.stands_for_secret(value), refused)
            at = module.span(node)
            yield Symbol(Kind.SECRET_KEY, Action.DEFINES, Exact(name), at, role=file.role, detail=detail)


def _name(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


@lru_cache(maxsize=2)
def _compared(module: python.Module) -> frozenset[str]:
    """Return the texts the module compares something with, as code does that refuses them."""
    return frozenset(
        inner.value
        for node in module.of(ast.Compare)
        for inner in walk(node)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    )
