"""Where JavaScript code writes a consent down, and an entry of an audit trail without the one who acted."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.privacy import ActorWritten, ConsentWritten
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_browser import in_browser, is_tool
from roadworthy.syntax.javascript_tree import literal

PROVIDES = frozenset({Kind.CONSTRUCT})

_CONSENT = re.compile(r"consent|termsAccept|optIn", re.IGNORECASE)
_MAKING = re.compile(r"(?:create|createMany|upsert|insert|insertMany|save|add|values|push)(?:\(\))?")
_NESTED = re.compile(r"\w*[cC]onsents?\w*\s*:\s*(?:\{\s*(?:create|connectOrCreate|upsert)|new Date|true|now)")
_SQL = re.compile(r"insert\s+into\s+\S*consent", re.IGNORECASE)
_ACTOR = frozenset({"actor", "actorId", "user", "userId", "performedBy", "changedBy", "who", "principal"})


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module of a server that speaks of consents or of an audit trail."""
    if is_tool(file.path) or not ("onsent" in file.text or "udit" in file.text or "optIn" in file.text):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each place that makes a row of a consent, and each audit entry with how its actor is written."""
    module = javascript.module(file)
    for call in module.calls:
        owner, _, last = call.name.rpartition(".")
        makes = _MAKING.fullmatch(last) is not None
        constructs = last[:1].isupper() and _CONSENT.search(last) is not None and bool(call.arguments)
        nested = makes and any(_NESTED.search(module.text(a)[:4000]) for a in call.arguments)
        if constructs or nested or (makes and _CONSENT.search(owner)):
            yield _symbol(module, file, call.node, last, ConsentWritten())
        if re.search("audit", call.name, re.IGNORECASE) and call.arguments:
            yield from _actor(module, file, call)
    if (found := _SQL.search(file.text)) is not None:
        node = module.tree.root.descendant_for_byte_range(
            len(file.text[: found.start()].encode()), len(file.text[: found.end()].encode())
        )
        if node is not None:
            yield _symbol(module, file, node, "consent", ConsentWritten())


def _actor(module: javascript.Module, file: SourceFile, call: javascript.Call) -> Iterator[Symbol]:
    for argument in call.arguments:
        for pair in module.below(argument, "pair"):
            key, value = module.text(pair.child_by_field_name("key")).strip("\"'"), pair.child_by_field_name("value")
            if key in _ACTOR and value is not None:
                text = literal(module.tree, value)
                known = re.search(r"res\.locals\.\w+|req(?:uest)?\.(?:user|auth|client|session)\b", file.text)
                detail = ActorWritten(text is not None, text or "", known[0] if known else "")
                yield _symbol(module, file, value, call.name.rpartition(".")[2], detail)


def _symbol(
    module: javascript.Module, file: SourceFile, node: Node, name: str, detail: ConsentWritten | ActorWritten
) -> Symbol:
    return Symbol(Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role, detail=detail)
