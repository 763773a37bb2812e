"""What Python code tries again: without end, or although it changes something."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONSTRUCT})

_SENDING = re.compile(r"(^|\.)(post|put|patch)$")
_RETRY = ("tenacity.retry", "backoff.on_exception", "retrying.retry", "stamina.retry")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names a library for it."""
    return "autoretry_for" in file.text or any(name.partition(".")[0] in file.text for name in _RETRY)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every such construct."""
    reader = _Reader(file, python.module(file))
    for function in reader.module.functions:
        yield from reader.retried(function)


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _construct(self, kind: str, name: str, node: ast.expr, says: str) -> Symbol:
        detail = Construct(kind, False, says)
        return Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail
        )

    def retried(self, function: python.Function) -> Iterator[Symbol]:
        """Yield what is tried again without end, or although it changes something."""
        for decorator in function.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            called = self.module.dotted(call.func if call is not None else decorator)
            if call is not None and called.rpartition(".")[2] in ("shared_task", "task"):
                values = {keyword.arg: keyword.value for keyword in call.keywords}
                most = values.get("max_retries")
                if "autoretry_for" in values and isinstance(most, ast.Constant) and most.value is None:
                    says = f"`{function.name}` is tried again for ever"
                    yield self._construct("endless-retry", function.name, most, says)
                continue
            if called not in _RETRY:
                continue
            given = {keyword.arg for keyword in call.keywords} if call is not None else set()
            if called == "tenacity.retry" and not given & {"stop", None}:
                yield self._construct("endless-retry", called, decorator, f"`{function.name}` is tried again for ever")
            text = ast.unparse(function)
            for node in self.module.below(function):
                if isinstance(node, ast.Call) and _SENDING.search(self.module.dotted(node.func)):
                    library = self.module.dotted(node.func).partition(".")[0]
                    if library in ("httpx", "requests", "client", "session", "self", "http") and "dempoten" not in text:
                        yield self._construct(
                            "retry",
                            called,
                            decorator,
                            f"`{function.name}` sends a request that changes something again",
                        )
                        return
