"""Tests in JavaScript: the cases of a file, and whether they assert anything."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.testing import CaseFound, CasesRead
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_tree import literal, named

PROVIDES = frozenset({Kind.TEST})

_FILE = re.compile(
    r"(?:.*/)?(?:[^/]+\.(?:test|spec|e2e-spec|cy|e2e)|__tests__/.+|tests?|(?:tests?|e2e|specs?)/.+)\.[cm]?[jt]sx?"
)
_FRAMEWORKS = (
    ("@playwright/test", "playwright"),
    ("vitest", "vitest"),
    ("node:test", "node:test"),
    ("@jest/globals", "jest"),
    ("bun:test", "bun"),
    ("cypress", "cypress"),
    ("mocha", "mocha"),
    ("chai", "mocha"),
    ("ava", "ava"),
    ("tap", "tap"),
)
_CASES = frozenset(
    {"it", "test", "specify", "fit", "node:test", "node:test.it", "node:test.test", "vitest.it", "vitest.test"}
)
_CASES |= {
    "@playwright/test.test",
    "@jest/globals.it",
    "@jest/globals.test",
    "bun:test.it",
    "bun:test.test",
    "ava",
    "tap.test",
}
_SUITES = frozenset({"describe", "context", "suite", "vitest.describe", "vitest.suite", "@jest/globals.describe"})
_SUITES |= {"node:test.describe", "node:test.suite", "bun:test.describe", "@playwright/test.test.describe"}
_ENDINGS = (
    ".only",
    ".skip",
    ".failing",
    ".concurrent",
    ".each()",
    ".skipIf()",
    ".runIf()",
    ".fails",
    ".sequential",
    ".fixme",
)
_TRUISM = re.compile(
    r"expect\(\s*(true|1|\d+\s*\+\s*\d+)\s*\)\.(toBe|toEqual|toStrictEqual)\(\s*(true|1|\d+)\s*\)|expect\(\s*true\s*\)\.toBeTruthy\(\)"
    r"|assert(?:\.ok)?\(\s*true\s*\)|assert\.(?:equal|strictEqual)\(\s*(\d+|true)\s*,\s*\4\s*\)"
)
_ASSERTING = re.compile(
    r"\b(?:expect|assert|should|cy|verify|ok|equal|deepEqual|throws|rejects|toMatchSnapshot)\w*\s*[.(]|\bt\.\w+\(|\.should\b"
)

_JUDGING = re.compile(r"check|verif|valid|ensure|should|compare|snapshot|fail|throw|catch|\bdone\b", re.IGNORECASE)

_REASON = re.compile(r"\bskip|\bbecause\b|\buntil\b|#\d+|https?://", re.IGNORECASE)


def wants(path: str) -> bool:
    """Files whose names runners look for."""
    return javascript.wants(path) and _FILE.fullmatch(path) is not None


def recognises(file: SourceFile) -> bool:
    """Files that name a case."""
    return re.search(r"\b(?:it|test|specify|describe)\b", file.text) is not None and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every case, and that the file was read."""
    module = javascript.module(file)
    framework = _framework(module)
    cases = 0
    for call in module.calls:
        name, marks = _plain(call.name)
        suite = name in _SUITES and bool({"only", "skip"} & set(marks))
        if (name not in _CASES and not suite) or not call.arguments:
            continue
        title = literal(module.tree, call.arguments[0]) or module.text(call.arguments[0])[:60]
        body = next(
            (
                node
                for node in reversed(call.arguments)
                if node.type.endswith("function") or node.type == "arrow_function" or node.type == "function_expression"
            ),
            None,
        )
        if body is None and len(call.arguments) < 2 and "todo" not in call.name:
            continue
        cases += not suite
        if body is not None and "skip" in marks and not _explained(module, call.node, title):
            marks = (*marks, "skip-without-reason")
        asserts = None if body is None or suite or {"skip", "fixme"} & set(marks) else _asserts(module, body)
        at = module.span(call.arguments[0])
        detail = CaseFound(framework, asserts, False, marks)
        yield Symbol(Kind.TEST, Action.DEFINES, Exact(title), at, phase="test", role=file.role, detail=detail)
    if cases:
        read = CasesRead("javascript", cases)
        yield Symbol(
            Kind.TEST, Action.DEFINES, Exact(file.path), Span(file.path), phase="test", role=file.role, detail=read
        )


def _framework(module: javascript.Module) -> str:
    named_modules = {need.module for need in module.needed}
    return next((framework for package, framework in _FRAMEWORKS if package in named_modules), "jest")


def _plain(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a case's function without what it is qualified by, and these marks."""
    marks: list[str] = []
    changed = True
    while changed:
        changed = False
        for ending in _ENDINGS:
            if name.endswith(ending):
                name, changed = name.removesuffix(ending), True
                marks.append(ending.strip(".()"))
    if name in ("xit", "xtest", "xspecify", "xdescribe", "xcontext"):
        return name[1:], (*marks, "skip")
    if name in ("fit", "ftest", "fspecify", "fdescribe", "fcontext"):
        return name[1:], (*marks, "only")
    return name, tuple(reversed(marks))


def _explained(module: javascript.Module, call: Node, title: str) -> bool:
    """Tell whether a comment beside or above a skipped test, or its title, says why it is skipped."""
    before = call.parent.prev_sibling if call.parent is not None else None
    if before is not None and before.type == "comment":
        return True
    body = call.child_by_field_name("arguments")
    last = module.text(body).splitlines()
    return (bool(last) and re.search(r"//|/\*", last[0]) is not None) or _REASON.search(title) is not None


def _asserts(module: javascript.Module, function: Node) -> bool | None:
    """Return False where nothing can fail, True where something is asserted, None where that depends on what is called."""
    body = function.child_by_field_name("body")
    text = module.text(body)
    if body is None:
        return None
    if body.type == "statement_block":
        statements = named(body)
        if all(_is_idle(module, statement) for statement in statements):
            return False
    rest, truisms = _TRUISM.subn("", text)
    if truisms and not _ASSERTING.search(rest) and not _JUDGING.search(rest):
        return False
    return True if _ASSERTING.search(text) else None


def _is_idle(module: javascript.Module, statement: Node) -> bool:
    text = module.text(statement).strip().rstrip(";")
    return _TRUISM.fullmatch(text) is not None or (
        text.startswith(("console.log(", "return"))
        and "expect" not in text
        and len(text) < 80
        and ("console" in text or text == "return")
    )
