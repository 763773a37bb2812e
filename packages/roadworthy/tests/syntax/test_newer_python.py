"""Code written for newer versions of Python is read with its lines where they are."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import python
from roadworthy.syntax.newer_python import older
from roadworthy.syntax.problem import SyntaxProblem


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    run()\nexcept ValueError, TypeError:\n    x = 1\n",
        "def first[T](items: list[T]) -> T:\n    return items[0]\n",
        "class Box[T: (int, list[str])](Base):\n    pass\n",
        "type Pair[T] = tuple[T, T]\nx: Pair[int] = (1, 2)\n",
    ],
)
def test_newer_syntax_is_read(text: str) -> None:
    module = python.module(SourceFile("a.py", text, FileRole.PROD))

    assert module.tree.body
    assert older(text).count("\n") == text.count("\n")


def test_what_no_version_reads_is_a_problem_at_its_line() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        python.module(SourceFile("a.py", "x = 1\nexcept A, B:\n", FileRole.PROD))

    assert caught.value.line == 2


@given(st.text(alphabet="def class[]type(): ,=\nexcept\t*Ab", max_size=80))
def test_what_an_older_python_reads_is_never_changed_in_meaning(text: str) -> None:
    try:
        before = ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return

    assert ast.dump(python.module(SourceFile("a.py", text, FileRole.PROD)).tree) == before
