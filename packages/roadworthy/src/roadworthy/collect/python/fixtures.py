"""Fixtures of pytest: which a file defines, which its tests ask for, and what may define others that are not seen."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.testing import FixtureDefined, FixturesHidden, FixtureUse
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.TEST})

_FILE = re.compile(r"(?:test_.*|.*_test|tests|conftest)\.py")


def wants(path: str) -> bool:
    """Files that pytest looks into, and those that may hold fixtures for them."""
    name = path.rpartition("/")[2]
    return _FILE.fullmatch(name) is not None or ("fixture" in path.lower() and path.endswith(".py"))


def recognises(file: SourceFile) -> bool:
    """Every such file."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield fixtures and uses; what replaces or adds parameters in ways that are not followed hides its function."""
    module = python.module(file)
    reader = _Reader(file, module)
    yield from reader.hidden()
    folder = file.path.rpartition("/")[0] if file.name == "conftest.py" else file.path
    for function in module.functions:
        fixture = reader.fixture(function)
        if fixture is not None:
            place = "" if "fixture" in file.path.rpartition("/")[2] and file.name != "conftest.py" else folder
            yield reader.symbol(fixture, FixtureDefined(place), function)
        if fixture is not None or (_is_test(module, function) and file.name != "conftest.py"):
            yield from reader.uses(function)
    for own, target in sorted(module.imports.items()):
        # A fixture that is imported can be asked for by the name it has here.
        if "fixture" in target.lower() or file.name == "conftest.py":
            at = Span(file.path)
            yield Symbol(
                Kind.TEST, Action.DEFINES, Exact(own), at, phase="test", role=file.role, detail=FixtureDefined(folder)
            )


def _is_test(module: python.Module, function: python.Function) -> bool:
    parent = module.parents.get(function)
    if isinstance(parent, ast.ClassDef):
        if any(module.dotted(base).endswith("TestCase") for base in parent.bases) or not parent.name.startswith("Test"):
            return False
        if isinstance(module.parents.get(parent), ast.ClassDef):
            return False
    elif not isinstance(parent, ast.Module):
        return False
    return function.name.startswith("test")


class _Reader:
    def __init__(self, file: SourceFile, module: python.Module) -> None:
        self.file, self.module = file, module

    def symbol(self, name: str, detail: Detail, node: ast.arg | python.Function, *, refers: bool = False) -> Symbol:
        at = self.module.span(node)
        if isinstance(node, python.Function):
            at = Span(at.path, at.line, at.column, at.line, at.column + len(node.name))
        action = Action.REFERS if refers else Action.DEFINES
        return Symbol(Kind.TEST, action, Exact(name), at, phase="test", role=self.file.role, detail=detail)

    def fixture(self, function: python.Function) -> str | None:
        """Return the name of the fixture a function is, None where it is none."""
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            dotted = self.module.dotted(called)
            if dotted.endswith("fixture"):
                if isinstance(decorator, ast.Call):
                    for keyword in decorator.keywords:
                        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                            return str(keyword.value.value)
                return function.name
        return None

    def uses(self, function: python.Function) -> Iterator[Symbol]:
        """Yield what a function asks for by its parameters, unless a decorator may fill them."""
        filled: set[str] = set()
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            dotted = self.module.dotted(called)
            if dotted.endswith(".parametrize") and isinstance(decorator, ast.Call) and decorator.args:
                filled |= set(_names(self.module, decorator.args[0]) or {"*"})
            elif not (dotted.startswith("pytest.mark.") or dotted.endswith("fixture") or dotted == "staticmethod"):
                return
        if "*" in filled or self._class_filled(function):
            return
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        required = positional[: len(positional) - len(arguments.defaults)] if arguments.defaults else positional
        required += [a for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is None]
        for argument in required:
            if argument.arg not in filled | {"self", "cls", "request"}:
                yield self.symbol(argument.arg, FixtureUse(function.name), argument, refers=True)

    def _class_filled(self, function: python.Function) -> bool:
        above = self.module.parents.get(function)
        marked = above.decorator_list if isinstance(above, ast.ClassDef) else []
        own = [n.value for n in self.module.tree.body if isinstance(n, ast.Assign) and _is_mark(n)]
        return any("parametrize" in ast.unparse(node) or not _plain_mark(self.module, node) for node in (*marked, *own))

    def hidden(self) -> Iterator[Symbol]:
        """Yield what gives this module fixtures by other means."""
        for node in self.module.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id="pytest_plugins")]):
                    yield self._hides(node, "`pytest_plugins` loads more")
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    yield self._hides(node, "a star import may bring more")
        for function in self.module.functions:
            if function.name in ("pytest_generate_tests", "pytest_plugins", "pytest_fixture_setup"):
                yield self._hides(function, f"`{function.name}` may add parameters")
        for call in self.module.of(ast.Call):
            if isinstance(call, ast.Call) and self.module.dotted(call.func).endswith("pytest.fixture"):
                parent = self.module.parents.get(call)
                if not isinstance(parent, python.Function):
                    yield self._hides(call, "fixtures are made by a call")

    def _hides(self, node: ast.stmt | ast.expr, why: str) -> Symbol:
        at = self.module.span(node)
        role = self.file.role
        return Symbol(
            Kind.TEST, Action.REFERS, Exact(self.file.path), at, phase="test", role=role, detail=FixturesHidden(why)
        )


def _is_mark(node: ast.Assign) -> bool:
    return isinstance(node.targets[0], ast.Name) and node.targets[0].id == "pytestmark"


def _plain_mark(module: python.Module, node: ast.expr) -> bool:
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return all(
        module.dotted(item.func if isinstance(item, ast.Call) else item).startswith("pytest.mark.") for item in items
    )


def _names(module: python.Module, node: ast.expr) -> list[str] | None:
    match node:
        case ast.Constant(value=str(text)):
            return [part.strip() for part in text.split(",")]
        case ast.List(elts=items) | ast.Tuple(elts=items) if all(isinstance(i, ast.Constant) for i in items):
            return [str(i.value) for i in items if isinstance(i, ast.Constant)]
        case ast.Name(id=id) if id in module.constants:
            return _names(module, module.constants[id])
    return None
