"""Which texts an expression in Python can become."""

import ast

import pytest

from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import python, python_values

HEAD = """\
from enum import StrEnum
from typing import Literal

class Outcome(StrEnum):
    OK = "ok"
    BAD = "bad"

def status_class(code):
    return f"{code // 100}xx"

MODE = "web"
"""


def values(body: str, signature: str = "") -> set[tuple[str, str]] | None:
    """Return what the argument of `use(…)` in a function can be."""
    text = HEAD + f"def f({signature}):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    module = python.module(SourceFile("a.py", text, FileRole.PROD))
    call = next(
        n
        for n in ast.walk(module.tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "use"
    )
    found = python_values.values(module, call.args[0], module.around.get(call))
    return None if found is None else {(value.domain, value.text) for value in found}


@pytest.mark.parametrize(
    ("body", "signature", "expected"),
    [
        ("use('a')", "", {("exact", "a")}),
        ("use('a' if x else 'b')", "x", {("exact", "a"), ("exact", "b")}),
        ("use(response.status_code)", "response", {("status-code", "*")}),
        ("use(str(response.status_code))", "response", {("status-code", "*")}),
        ("use(f'{response.status_code // 100}xx')", "response", {("status-class", "*")}),
        ("use(status_class(response.status_code))", "response", {("status-class", "*")}),
        ("s = 500\ns = response.status_code\nuse(s)", "response", {("exact", "500"), ("status-code", "*")}),
        ("use(request.method)", "request", {("method", "*")}),
        ("use(request.method.lower())", "request", None),
        ("use(status)", "status: int", {("status-code", "*")}),
        ("use(n)", "n: int", {("integer", "*")}),
        ("use(n)", "n", None),
        ("use(m)", "m: Literal['a', 'b']", {("exact", "a"), ("exact", "b")}),
        ("use(Outcome.OK.value)", "", {("exact", "ok")}),
        ("use(Outcome.OK)", "", {("exact", "ok")}),
        ("use(o.value)", "o: Outcome", {("exact", "ok"), ("exact", "bad")}),
        ("use(MODE)", "", {("exact", "web")}),
        ("for k in ('a', 'b'):\n    use(k)", "", {("exact", "a"), ("exact", "b")}),
        ("for k in names:\n    use(k)", "names", None),
        ("x = 'a'\nx += y\nuse(x)", "y", None),
        ("use(other(x))", "x", None),
    ],
)
def test_values_of_an_expression(body: str, signature: str, expected: set[tuple[str, str]] | None) -> None:
    assert values(body, signature) == expected
