"""Python tests: the cases of a file, whether they assert anything, and which of them only a plug-in can run."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.testing import CaseFound, CasesRead
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.TEST})

# Asking a client of the service, and what can be done with its answer without judging it.
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})
_HARMLESS = frozenset(
    {"json", "print", "str", "len", "dict", "list", "repr", "reverse", "force_login", "login", "dumps"}
)
# What is no reason: it says that the test fails, not what it waits for.
_EXCUSE = re.compile(
    r"\b(flak\w*|broken|todo|fix ?me|unstable|wip|skip(ped)?|not working|fails? sometimes)\b", re.IGNORECASE
)
_TICKET = re.compile(r"#\d+|https?://|[A-Z]{2,}-\d+")
_JUDGING = re.compile(r"check|verif|valid|ensure|should|compare|match|skip")
_FILE = re.compile(r"(?:test_.*|.*_test|tests)\.py")


def wants(path: str) -> bool:
    """Files whose names runners look for, and what configures them."""
    name = path.rpartition("/")[2]
    return _FILE.fullmatch(name) is not None or name == "conftest.py"


def recognises(file: SourceFile) -> bool:
    """Every file of such a name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every case, and that the file was read."""
    module = python.module(file)
    if file.name == "conftest.py":
        for node in module.tree.body:
            if isinstance(node, python.Function) and node.name == "pytest_pyfunc_call":
                yield Open(Kind.TEST, "", "conftest.py runs tests in its own way", module.span(node))
        return
    shared = _module_marks(module)
    cases = list(_cases(module, module.tree.body, shared, "pytest"))
    for node, framework, marks in cases:
        at = module.span(node)
        place = Span(at.path, at.line, at.column, at.line, at.column + len(node.name))
        asynchronous = isinstance(node, ast.AsyncFunctionDef) and framework == "pytest"
        detail = CaseFound(framework, _asserts(module, node), asynchronous, marks)
        yield Symbol(Kind.TEST, Action.DEFINES, Exact(node.name), place, phase="test", role=file.role, detail=detail)
    read = CasesRead("python", len(cases))
    yield Symbol(
        Kind.TEST, Action.DEFINES, Exact(file.path), Span(file.path), phase="test", role=file.role, detail=read
    )


def _cases(
    module: python.Module, body: list[ast.stmt], marks: tuple[str, ...], framework: str
) -> Iterator[tuple[python.Function, str, tuple[str, ...]]]:
    for node in body:
        if isinstance(node, python.Function) and node.name.startswith("test") and not _is_fixture(module, node):
            yield node, framework, (*marks, *_marks(module, node.decorator_list))
        elif isinstance(node, ast.ClassDef):
            bases = [module.dotted(base) for base in node.bases]
            unittest = any(base.endswith("TestCase") for base in bases)
            if unittest or node.name.startswith("Test") or node.name.endswith(("Test", "Tests")):
                own = (*marks, *_marks(module, node.decorator_list), *_assigned_marks(module, node.body))
                inner = "unittest" if unittest or (bases and framework == "unittest") else framework
                yield from _cases(module, node.body, own, inner)


def _is_fixture(module: python.Module, node: python.Function) -> bool:
    return any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)


def _marks(module: python.Module, nodes: list[ast.expr]) -> tuple[str, ...]:
    marks: list[str] = []
    for node in nodes:
        name = module.dotted(node.func if isinstance(node, ast.Call) else node)
        if name.startswith("pytest.mark."):
            marks.append(name.removeprefix("pytest.mark."))
        if name in ("pytest.mark.skip", "unittest.skip"):
            given = [*node.args, *(keyword.value for keyword in node.keywords)] if isinstance(node, ast.Call) else []
            reason = " ".join(n.value for n in given if isinstance(n, ast.Constant) and isinstance(n.value, str))
            if not given or (reason and _EXCUSE.search(reason) and not _TICKET.search(reason)):
                marks.append("skip-without-reason")
    return tuple(marks)


def _module_marks(module: python.Module) -> tuple[str, ...]:
    return _assigned_marks(module, module.tree.body)


def _assigned_marks(module: python.Module, body: list[ast.stmt]) -> tuple[str, ...]:
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=ast.List(elts=items) | ast.Tuple(elts=items)):
                return _marks(module, items)
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                return _marks(module, [value])
    return ()


def _asserts(module: python.Module, node: python.Function) -> bool | None:
    """Return False where nothing can fail, True where something is asserted, None where that depends on what is called."""
    idle = all(_is_idle(statement) for statement in node.body)
    if idle:
        skipped = any(
            "skip" in ast.unparse(decorator) or "xfail" in ast.unparse(decorator) for decorator in node.decorator_list
        )
        return None if skipped else False
    constant = False
    below = list(module.below(node))
    for inner in below:
        if isinstance(inner, ast.Assert):
            if not isinstance(inner.test, ast.Constant) or not inner.test.value:
                return True
            constant = True
        if isinstance(inner, ast.Call) and _called(inner).startswith(("assert", "expect", "raises", "warns", "fail")):
            return True
    if constant and any(isinstance(inner, ast.Call) and _JUDGING.search(_called(inner)) for inner in below):
        return None
    return False if constant or _only_asks(node, below) else None


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _only_asks(node: python.Function, below: list[ast.AST]) -> bool:
    """Tell whether a test asks a client of the service and does nothing with the answer: no status is looked at."""
    if any("mock" in argument.arg or "xfail" in argument.arg for argument in node.args.args) or node.decorator_list:
        return False
    if any(isinstance(inner, ast.With | ast.AsyncWith | ast.Raise | ast.Try | ast.If) for inner in below):
        return False
    asked = False
    for call in (inner for inner in below if isinstance(inner, ast.Call)):
        client = call.func.value if isinstance(call.func, ast.Attribute) else None
        if _called(call) in _VERBS and _names_client(client):
            asked = True
        elif _called(call) not in _HARMLESS:
            return False
    return asked


def _names_client(node: ast.expr | None) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.endswith("client") or name == "http"


def _is_idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assert(test=ast.Constant(value=value)):
            return bool(value)
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return True
        case ast.Return(value=None):
            return True
    return False
