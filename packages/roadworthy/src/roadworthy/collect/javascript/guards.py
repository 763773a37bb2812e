"""What stands before each Express, Koa or Fastify handler: who may call it, and how often."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import HandlerGuarded
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_routers as routers
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call
from roadworthy.syntax.javascript_tree import FUNCTIONS

PROVIDES = frozenset({Kind.CONSTRUCT})

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "all"})
_ROUTER = re.compile(r"(^|[a-z])(app|router|routes|api|server|fastify)$", re.IGNORECASE)
_GUARD = re.compile(
    r"auth|user|token|login|permission|admin|api_?key|jwt|passport|session|security|require|verify|guard|role|protect|ensure",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"limit|throttl|slowDown", re.IGNORECASE)
_REFUSES = re.compile(r"\b(?:404|405|410|501)\b|method not allowed", re.IGNORECASE)
_INSIDE = re.compile(
    r"auth|token|verify|signature|hmac|timingSafeEqual|req\.user|session|apiKey|permission", re.IGNORECASE
)


def wants(path: str) -> bool:
    """Every JavaScript or TypeScript file."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that hangs handlers on something."""
    return any(f".{verb}(" in file.text for verb in _VERBS) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement for each route."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    before: dict[str, set[str]] = defaultdict(set)
    made = routers.made(module)
    for call in module.calls:
        router, _, verb = call.name.rpartition(".")
        if not (_ROUTER.search(router) or f"{file.path}:{router}" in made):
            continue
        if verb in ("use", "addHook"):
            first = values.string(module, call.arguments[0]) if call.arguments else None
            if first is None or first in ("/", "onRequest", "preHandler"):
                before[router] |= _names(module, call)
        elif verb in _VERBS and len(call.arguments) > 1:
            path = values.string(module, call.arguments[0])
            if path is None or not path.startswith("/"):
                continue
            names = _names(module, call) | before[router]
            handler = call.arguments[-1]
            detail = HandlerGuarded(
                f"{file.path}:{router}",
                path,
                () if verb == "all" else (verb.upper(),),
                tuple(sorted(name for name in names if _GUARD.search(name))),
                any(_LIMIT.search(name) for name in names),
                _looks_inside(module, handler),
            )
            name = module.dotted(handler) or f"{verb.upper()} {path}"
            yield Symbol(
                Kind.CONSTRUCT,
                Action.DEFINES,
                Exact(name),
                module.span(call.arguments[0]),
                role=file.role,
                detail=detail,
            )


def _names(module: javascript.Module, call: Call) -> set[str]:
    """Return the names of what is handed over, functions written in place left out."""
    found: set[str] = set()
    for argument in call.arguments:
        if argument.type in FUNCTIONS or argument.type in ("string", "template_string"):
            continue
        if argument is call.arguments[-1] and call.name.rpartition(".")[2] in _VERBS:
            continue
        inner = module.call(argument)
        found.add(inner.name if inner is not None else module.text(argument)[:200])
    return found


def _looks_inside(module: javascript.Module, handler: Node) -> bool:
    """Tell whether the handler itself may ask who calls; one that stands elsewhere is not followed."""
    if handler.type not in FUNCTIONS:
        binding = module.lookup(handler) if handler.type == "identifier" else None
        if binding is None or binding.value is None:
            return handler.type == "call_expression"
        handler = binding.value
    text = module.text(handler)[:20_000]
    # What only says that there is no such method needs nobody to be known.
    return _INSIDE.search(text) is not None or (len(text) < 400 and _REFUSES.search(text) is not None)
