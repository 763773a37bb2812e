"""Personal data in the log lines of JavaScript code, and what exports hand to a person."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.privacy import PersonalLogged
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.COLUMN})

_FIELD = re.compile(
    r"e_?mail(?:Address)?|userEmail|firstName|lastName|fullName|surname|phone(?:Number)?|mobile(?:Number)?|birthDate|birthday"
    r"|dateOfBirth|dob|ssn|passport(?:Number)?|nationalId|iban|(?:street|postal|home|billing|shipping)Address|patientName|diagnosis"
    r"|first_name|last_name|full_name|phone_number|birth_date|date_of_birth"
)
_METHODS = frozenset({"trace", "debug", "info", "log", "warn", "error", "fatal", "verbose", "http"})
_LOGGER = re.compile(r"(?:^|[.)])_?(?:console|log(?:ger)?|LOG(?:GER)?|winston|pino)(?:\(\))?$")
_HIDING = re.compile(r"hash|mask|redact|anonym|pseudonym|scrub|digest|obfusc|Boolean$|typeof|length", re.IGNORECASE)
_STOPS = frozenset(
    {"binary_expression", "unary_expression", "arrow_function", "function_expression", "comment", "string"}
)
_MAXIMUM = 400


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that logs, is not for a browser and not a test."""
    if file.role is FileRole.TEST or is_tool(file.path) or "log" not in file.text.lower():
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each personal field among the arguments of a logging call."""
    module = javascript.module(file)
    for call in module.calls:
        holder, _, method = call.name.rpartition(".")
        if method not in _METHODS or not _LOGGER.search(holder):
            continue
        shown = f"{holder.rpartition('.')[2]}.{method}"
        for argument in call.arguments:
            for name, node, whole in _personal(module, argument):
                detail = PersonalLogged(shown, whole)
                yield Symbol(Kind.COLUMN, Action.REFERS, Exact(name), module.span(node), role=file.role, detail=detail)


def _personal(module: javascript.Module, argument: Node) -> Iterator[tuple[str, Node, bool]]:
    pending, seen = [argument], 0
    while pending and seen < _MAXIMUM:
        node = pending.pop()
        seen += 1
        if node.type in ("call_expression", "new_expression"):
            if _HIDING.search(module.text(node.child_by_field_name("function"))[:200]):
                continue
        elif node.type == "member_expression":
            name = module.text(node.child_by_field_name("property"))
            if _FIELD.fullmatch(name):
                yield name, node, False
            elif name == "body" and module.text(node.child_by_field_name("object")) in (
                "req",
                "request",
                "ctx.request",
            ):
                yield module.text(node), node, True
            continue
        elif node.type in ("identifier", "shorthand_property_identifier"):
            if _FIELD.fullmatch(module.text(node)):
                yield module.text(node), node, False
            continue
        elif node.type == "pair":
            value = node.child_by_field_name("value")
            key = module.text(node.child_by_field_name("key")).strip("\"'")
            if value is not None and value.type in ("identifier", "member_expression") and _FIELD.fullmatch(key):
                yield key, node, False
                continue
            pending += [value] if value is not None else []
            continue
        elif node.type in _STOPS and not (node.type == "binary_expression" and "+" in module.text(node)[:2000]):
            continue
        pending += node.named_children
