"""Functions that answer probes: whether they ask anything, and whether what they learn can be seen from outside."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.health import HandlerRead
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_browser import in_browser, is_tool
from roadworthy.syntax.javascript_tree import FUNCTIONS

PROVIDES = frozenset({Kind.CONSTRUCT})

_ABOUT = re.compile(
    r"health|alive|live(?:z|ness)?\b|ready|readiness|startup|\bping\b|heartbeat|status|probe", re.IGNORECASE
)
_VERBS = frozenset({"get", "all", "route"})
_HARMLESS = re.compile(
    r"(?:.*\.)?(?:json|status|send|sendStatus|code|type|end|header|set|uptime|now|Date|toISOString|memoryUsage|hrtime|"
    r"NextResponse|Response|String|Number|Math\.\w+|stringify|writeHead|hostname|debug|info)(?:\(\))?"
)
_ASKING = re.compile(
    r"(?:.*\.)?(?:query|execute|ping|\$queryRaw|\$queryRawUnsafe|\$executeRaw|\$connect|\$runCommandRaw|raw|authenticate|"
    r"connect|command|pingCheck|isHealthy|headBucket|listBuckets|fetch|getConnection|findOne|findFirst|count)(?:\(\))?"
)
_CHECKING = re.compile(
    r"(?:.*\.)?_?(?:check|ping|test|verify|probe|ask|is|assert|validate)\w*"
    r"(?:db|database|postgres|redis|cache|store|storage|broker|queue|depend|connection|mysql|mongo|prisma|s3)\w*",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"\b[45]\d\d\b|SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR|ServiceUnavailable|\bthrow\b|\bnext\(\s*\w+"
)
_DECIDING = ("if_statement", "ternary_expression", "try_statement", "await_expression", "switch_statement")
_INDICATING = re.compile(r"pingCheck|isHealthy|check$")
_DEPTH = 3


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module of a server that speaks of health."""
    if not any(word in file.text for word in ("ealth", "ready", "eady", "alive", "/live")) or is_tool(file.path):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what each function does that by its route or its name may answer a probe."""
    module = javascript.module(file)
    own = _functions(module)
    for name, function in own.items():
        if _ABOUT.search(name):
            yield _symbol(file, module, name, function, _read(module, function, own, None))
    for call in module.calls:
        if call.method not in _VERBS or len(call.arguments) < 2 or "." not in call.name:
            continue
        path = values.string(module, call.arguments[0])
        if path is None or not path.startswith("/") or not (_ABOUT.search(path) or _ABOUT.search(file.name)):
            continue
        last = call.arguments[-1]
        handler = last if last.type in FUNCTIONS else own.get(module.text(last))
        if handler is not None:
            read = _read(module, handler, own, module.span(call.arguments[0]))
            yield _symbol(file, module, path, handler, read)


def _symbol(file: SourceFile, module: javascript.Module, name: str, function: Node, detail: HandlerRead) -> Symbol:
    at = module.span(function)
    place = Span(at.path, at.line, at.column)
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), place, role=file.role, detail=detail)


def _functions(module: javascript.Module) -> dict[str, Node]:
    """Return the functions of a file by the name they can be called by."""
    found: dict[str, Node] = {}
    for node in module.of("function_declaration", "method_definition"):
        found.setdefault(module.text(node.child_by_field_name("name")), node)
    for node in module.of("variable_declarator"):
        value = node.child_by_field_name("value")
        if value is not None and value.type in FUNCTIONS:
            found.setdefault(module.text(node.child_by_field_name("name")), value)
    return found


def _read(module: javascript.Module, function: Node, own: dict[str, Node], route: Span | None) -> HandlerRead:
    reached = _reached(module, function, own)
    calls = [call for call in module.calls if any(_within(call.node, each) for each in reached)]
    asking = [call for call in calls if _asks(call, own)]
    decides = any(module.below(each, *_DECIDING) for each in reached)
    harmless = all(_HARMLESS.fullmatch(call.name or "?") for call in calls)
    text = " ".join(module.text(each) for each in reached)
    hides = _caught(module, reached, asking) if asking and not _FAILURE.search(text) else None
    return HandlerRead(
        constant=not asking and not decides and harmless,
        asks=tuple(dict.fromkeys(call.name for call in asking)),
        asks_at=module.span(asking[0].node) if asking else None,
        hides_at=hides,
        route=route,
        throws_at=_thrown(module, reached, asking, text),
    )


def _asks(call: javascript.Call, own: dict[str, Node]) -> bool:
    if call.name in own or call.name.removeprefix("this.") in own:
        return False  # What it calls is read itself.
    return bool(_ASKING.fullmatch(call.name) or _CHECKING.fullmatch(call.name))


def _reached(module: javascript.Module, function: Node, own: dict[str, Node]) -> list[Node]:
    """Return a function and those of its module that it calls."""
    found, pending = [function], [function]
    for _ in range(_DEPTH):
        names = {
            call.name.removeprefix("this.") for call in module.calls for each in pending if _within(call.node, each)
        }
        pending = [own[name] for name in sorted(names) if name in own and own[name] not in found]
        found += pending
    return found


def _within(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte


def _thrown(module: javascript.Module, reached: list[Node], asking: list[javascript.Call], text: str) -> Span | None:
    """Return the first question that is asked for its failure alone, where nothing on the way could catch that."""
    if ".catch(" in text or "allSettled" in text or any(module.below(each, "try_statement") for each in reached):
        return None
    for call in asking:
        outer = call.node.parent
        if outer is not None and outer.type == "await_expression":
            outer = outer.parent
            if outer is not None and outer.type == "expression_statement" and not _INDICATING.search(call.name):
                return module.span(outer)
    return None


def _caught(module: javascript.Module, reached: list[Node], asking: list[javascript.Call]) -> Span | None:
    """Return what takes in the failure of a question, None where the failure goes on as an exception."""
    for each in reached:
        for node in module.below(each, "try_statement"):
            body, handler = node.child_by_field_name("body"), node.child_by_field_name("handler")
            if body is not None and handler is not None and any(_within(call.node, body) for call in asking):
                return module.span(handler)
    for call in module.calls:
        if call.method == "catch" and any(_within(inner.node, call.node) for inner in asking):
            return module.span(call.node)
    return None
