"""Load tests of Locust: whether they judge what they measure, and what they ask of the service."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.testing import LoadRequest, LoadScript
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Pattern, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.TEST})

_VERBS = ("get", "post", "put", "patch", "delete", "head")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a script that imports locust."""
    return re.search(r"^(?:from|import) locust\b", file.text, re.MULTILINE) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the script and its requests."""
    module = python.module(file)
    judging = "process_exit_code" in file.text or "quitting" in file.text
    script = LoadScript("locust", judging or None)
    at = Span(file.path)
    yield Symbol(Kind.TEST, Action.DEFINES, Exact(file.path), at, phase="test", role=file.role, detail=script)
    for call in module.of(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="client"), attr=verb), args=[first, *_]):
                name = module.name(first)
                if verb in _VERBS and isinstance(name, Exact | Pattern):
                    path = name.text.partition("?")[0] if name.text.startswith("/") else ""
                    request = LoadRequest("locust", verb.upper(), path)
                    yield Symbol(
                        Kind.TEST,
                        Action.REFERS,
                        name,
                        module.span(first),
                        phase="test",
                        role=file.role,
                        detail=request,
                    )
