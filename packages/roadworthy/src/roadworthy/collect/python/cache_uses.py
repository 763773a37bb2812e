"""How Python code uses a cache: whether it goes on without it, and whether what it keeps there ever ends."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_CLIENT = re.compile(r"(^|_|\.)(redis|valkey|cache)(_client|_pool|_conn\w*)?$", re.IGNORECASE)
_USES = frozenset({"get", "set", "setex", "mget", "hget", "delete", "incr", "hset"})
_ENDING = frozenset({"ex", "px", "exat", "pxat", "timeout", "ttl", "expire", "keepttl"})
_CAUGHT = re.compile(r"Exception|RedisError|ConnectionError|TimeoutError|OSError")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that speaks of a cache in Redis."""
    lowered = f"{file.path}\n{file.text}".lower()
    return "cache" in lowered and ("redis" in lowered or "valkey" in lowered)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every use of the cache, with whether its loss is provided for; and what is kept there for ever."""
    module = python.module(file)
    provided = _provided(module)
    for call in module.of(ast.Call):
        inside = module.around.get(call)
        match call.func:
            case ast.Attribute(value=receiver, attr=attr) if attr in _USES and inside is not None:
                name = ast.unparse(receiver)
                if not _CLIENT.search(name):
                    continue
                says = f"`{inside.name}` fails when the cache is lost, for which its siblings provide"
                detail = Construct("cache-read", id(call) in provided, says)
                at = module.span(call)
                yield Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(f"{inside.name}"), at, role=file.role, detail=detail)
                if attr == "set" and len(call.args) >= 2:
                    ends = any(k.arg in _ENDING or k.arg is None for k in call.keywords) or len(call.args) > 2
                    later = any(
                        isinstance(n, ast.Attribute) and n.attr in ("expire", "expireat") for n in module.below(inside)
                    )
                    about = "cache" in f"{inside.name} {file.path} {ast.unparse(call.args[0])}".lower()
                    if about:
                        says = f"`{inside.name}` keeps what it caches for ever"
                        kept = Construct("cache-end", ends or later, says)
                        yield Symbol(
                            Kind.CONSTRUCT, Action.DEFINES, Exact(inside.name), at, role=file.role, detail=kept
                        )


def _provided(module: python.Module) -> set[int]:
    """Return the calls that stand in a block whose failure is caught."""
    found: set[int] = set()
    for guarded in module.of(ast.Try):
        caught = [ast.unparse(h.type) if h.type is not None else "Exception" for h in guarded.handlers]
        if any(_CAUGHT.search(text) for text in caught):
            for statement in guarded.body:
                found |= {id(node) for node in walk(statement) if isinstance(node, ast.Call)}
    blocks: list[ast.With | ast.AsyncWith] = [*module.of(ast.With), *module.of(ast.AsyncWith)]
    for block in blocks:
        if any("suppress" in ast.unparse(item.context_expr) for item in block.items):
            for statement in block.body:
                found |= {id(node) for node in walk(statement) if isinstance(node, ast.Call)}
    return found
