"""What Python code refuses as the value of a secret: lengths, words and beginnings of words."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.secret import SecretGuard
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset[Kind]()

_WORDS = re.compile(r"environ|getenv|Settings|decouple|validator|EXAMPLE|PLACEHOLDER|INSECURE|FORBIDDEN|DEFAULT|WEAK")
_CONSTANT = re.compile(
    r"\w*(?:EXAMPLE|PLACEHOLDER|INSECURE|FORBIDDEN|DEFAULT|WEAK|REFUSED|DENIED|BANNED)\w*", re.IGNORECASE
)
_VALIDATORS = ("field_validator", "validator", "model_validator", "root_validator", "AfterValidator", "BeforeValidator")
_EVERY = Unreadable("every secret the module reads")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise modules that read settings, or that hold words which are refused."""
    return _WORDS.search(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every value that is compared, every length that is asked for, and every check that is not understood."""
    module = python.module(file)

    def guard(form: str, text: str, node: ast.expr | ast.stmt, name: Name = _EVERY) -> Symbol:
        detail = SecretGuard(form, text)
        return Symbol(Kind.SECRET_KEY, Action.REFERS, name, module.span(node), "", "guard", file.role, detail)

    for constant, value in module.constants.items():
        if _CONSTANT.fullmatch(constant):
            for text in _texts(module, value):
                yield guard(f"constant {constant}", text, value)
    for compare in module.of(ast.Compare):
        for form, text in _compared(module, compare):
            yield guard(form, text, compare)
    for call in module.of(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "startswith" and call.args:
            for text in _texts(module, call.args[0]):
                yield guard("starts", text, call)
            if isinstance(call.args[0], ast.Name) and call.args[0].id not in module.constants:
                yield guard("starts", f"constant {call.args[0].id}", call)
    for field, length, statement in _lengths(module):
        yield guard("length", str(length), statement, Exact(field))
    for call, name in module.calls:
        if name.rpartition(".")[2] in _VALIDATORS:
            yield guard("validator", "", call)


def _texts(module: python.Module, node: ast.expr) -> list[str]:
    if isinstance(node, ast.Name) and node.id in module.constants:
        node = module.constants[node.id]
    if (
        isinstance(node, ast.Call)
        and node.args
        and isinstance(node.func, ast.Name)
        and node.func.id in ("frozenset", "set", "tuple")
    ):
        node = node.args[0]
    items = node.elts if isinstance(node, ast.Set | ast.Tuple | ast.List) else [node]
    return [
        item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str) and item.value
    ]


def _compared(module: python.Module, node: ast.Compare) -> Iterator[tuple[str, str]]:
    left, operator, right = node.left, node.ops[0], node.comparators[0]
    match operator:
        case ast.Eq() | ast.NotEq():
            for side in (left, right):
                yield from (("equals", text) for text in _texts(module, side))
        case ast.In() | ast.NotIn():
            yield from (("contains", text) for text in _texts(module, left))
            yield from (("equals", text) for text in _texts(module, right))
            if isinstance(right, ast.Name) and right.id not in module.constants:
                yield "equals", f"constant {right.id}"
        case ast.Lt() | ast.LtE():
            length = _number(module, right)
            if isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id == "len" and length:
                yield "length", str(length)


def _number(module: python.Module, node: ast.expr) -> int | None:
    if isinstance(node, ast.Name) and node.id in module.constants:
        node = module.constants[node.id]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _lengths(module: python.Module) -> Iterator[tuple[str, int, ast.AnnAssign]]:
    """Yield the fields of classes that ask for a smallest length."""
    for node in module.of(ast.AnnAssign):
        if not isinstance(node.target, ast.Name):
            continue
        for call in walk(node):
            for keyword in call.keywords if isinstance(call, ast.Call) else ():
                length = _number(module, keyword.value) if keyword.arg == "min_length" else None
                if length is not None:
                    yield node.target.id.upper(), length, node
