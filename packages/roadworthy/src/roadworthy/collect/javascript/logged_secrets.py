"""Secrets among the arguments of JavaScript's logging calls."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.privacy import SecretLogged
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.CONSTRUCT})

_SECRET = re.compile(
    r"(?!(?:hashed|encrypted|masked|redacted|has|is|no|missing|invalid|with|forgot|change|need|require|use|show)(?:[A-Z_]))"
    r"(?:\w+_|[a-z]\w*(?=[A-Z]))?(?:[pP]assword|PASSWORD|[pP]assphrase|[sS]ecret|SECRET|[sS]ecret_?[kK]ey|SECRET_KEY|[aA]pi_?[kK]ey|API_KEY"
    r"|[pP]rivate_?[kK]ey|PRIVATE_KEY|[cC]redentials|(?:[aA]ccess|[rR]efresh|[aA]uth|[aA]pi|[bB]earer|[sS]ession|[jJ]wt)_?[tT]oken"
    r"|(?:ACCESS|REFRESH|AUTH|API|BEARER|SESSION|JWT)_TOKEN|[cC]onnection_?[sS]tring|DATABASE_URL)"
)
_METHODS = frozenset({"trace", "debug", "info", "log", "warn", "error", "fatal", "verbose", "http"})
_LOGGER = re.compile(r"(?:^|[.)])_?(?:console|log(?:ger)?|LOG(?:GER)?|winston|pino)(?:\(\))?$")
_SHOWING = re.compile(r"(?:^|\.)(?:stringify|String|inspect|toString|assign|join|concat)$")
_HEADERS = frozenset({"authorization", "cookie", "x-api-key"})
_STOPS = frozenset(
    {"unary_expression", "arrow_function", "function_expression", "comment", "string", "subscript_expression"}
)
_MAXIMUM = 400


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module of a server that logs and names a secret."""
    text = file.text.lower()
    if file.role is not FileRole.PROD or is_tool(file.path) or "log" not in text:
        return False
    if not any(
        word in text for word in ("passw", "secret", "token", "key", "credential", "authorization", "process.env")
    ):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each secret that a logging call shows."""
    module = javascript.module(file)
    for call in module.calls:
        holder, _, method = call.name.rpartition(".")
        if method not in _METHODS or not _LOGGER.search(holder):
            continue
        shown = f"{holder.rpartition('.')[2]}.{method}"
        for argument in call.arguments:
            for name, node in _secrets(module, argument):
                yield Symbol(
                    Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role,
                    detail=SecretLogged(shown),
                )  # fmt: skip


def _secrets(module: javascript.Module, argument: Node) -> Iterator[tuple[str, Node]]:
    pending = [argument]
    for _ in range(_MAXIMUM):
        if not pending:
            return
        node = pending.pop()
        if node.type in ("call_expression", "new_expression"):
            call = module.call(node)
            if call is not None and _SHOWING.search(call.name):
                pending += call.arguments
        elif node.type == "member_expression":
            name = module.text(node.child_by_field_name("property"))
            owner = module.text(node.child_by_field_name("object"))
            if values.is_environment(module, node):
                yield "process.env", node
            elif _SECRET.fullmatch(name) or (name in _HEADERS and owner.endswith("headers")):
                yield name, node
        elif node.type == "subscript_expression":
            key = values.string(module, node.child_by_field_name("index"))
            owner = module.text(node.child_by_field_name("object"))
            if key is not None and key.lower() in _HEADERS and owner.endswith("headers"):
                yield key, node
        elif node.type in ("identifier", "shorthand_property_identifier"):
            if _SECRET.fullmatch(module.text(node)):
                yield module.text(node), node
        elif node.type == "pair":
            value = node.child_by_field_name("value")
            pending += [value] if value is not None else []
        elif node.type == "ternary_expression":
            pending += [part for name in ("consequence", "alternative") if (part := node.child_by_field_name(name))]
        elif node.type == "binary_expression":
            operator = node.child_by_field_name("operator")
            if operator is not None and operator.type in ("+", "??", "||"):
                pending += node.named_children
        elif node.type not in _STOPS:
            pending += node.named_children
