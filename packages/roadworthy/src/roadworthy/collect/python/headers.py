"""Whether Python code sends the headers that protect the readers of its answers."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONSTRUCT})

_HEADER = re.compile(
    r"x-content-type-options|strict-transport-security|content-security-policy|x-frame-options", re.IGNORECASE
)
_LIBRARIES = ("secure", "flask_talisman", "talisman", "secweb", "roadworthy_runtime", "fastapi_security_headers", "csp")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names such a header, or a library that sends them."""
    return _HEADER.search(file.text) is not None or any(name in file.text for name in _LIBRARIES)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the first place that sends them."""
    module = python.module(file)
    detail = Construct("headers", True, "")
    for node in module.nodes:
        sends = isinstance(node, ast.Constant) and isinstance(node.value, str) and _HEADER.fullmatch(node.value.strip())
        brings = isinstance(node, ast.ImportFrom | ast.Import) and any(
            (name == library or name.startswith(library + "."))
            for library in _LIBRARIES
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        )
        if (sends or brings) and isinstance(node, ast.expr | ast.stmt):
            yield Symbol(
                Kind.CONSTRUCT, Action.DEFINES, Exact("headers"), module.span(node), role=file.role, detail=detail
            )
            return
