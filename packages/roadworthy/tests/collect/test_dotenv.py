"""Dotenv files, as compose and python-dotenv read them."""

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.collect import dotenv
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole


def given_by(text: str) -> dict[str, str | None]:
    """Return the variables a file gives."""
    found = dotenv.collect(SourceFile(".env", text, FileRole.PROD))
    return {
        str(s.name): s.detail.value for s in found if isinstance(s, Symbol) and isinstance(s.detail, EnvironmentGiven)
    }


def test_quotes_comments_and_export_are_understood() -> None:
    text = "# c\nA=1\nexport B = 'x # y' # z\nC=\"a\nb\"\nD=p#q # r\nE=\n\nF=a=b\r\n"

    assert given_by(text) == {"A": "1", "B": "x # y", "C": "a\nb", "D": "p#q", "E": "", "F": "a=b"}


def test_place_is_that_of_the_name() -> None:
    (symbol,) = dotenv.collect(SourceFile(".env", "\n export AB=1\n", FileRole.PROD))

    assert isinstance(symbol, Symbol)
    assert (symbol.at.line, symbol.at.column, symbol.at.end_column) == (2, 9, 10)


def test_line_without_a_name_is_a_located_problem() -> None:
    (problem,) = dotenv.collect(SourceFile(".env", "A\n{broken}\n", FileRole.PROD))

    assert isinstance(problem, Problem)
    assert problem.at.line == 2


def test_only_dotenv_names_are_wanted() -> None:
    wanted = [
        ".env",
        "a/.env.prod",
        "prod.env",
        ".env.example",
        "env.example",
        "env.py",
        ".envrc.md",
        "app/environment.py",
    ]

    assert [path for path in wanted if dotenv.wants(path)] == [
        ".env",
        "a/.env.prod",
        "prod.env",
        ".env.example",
        "env.example",
    ]


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for statement in dotenv.collect(SourceFile(".env", text, FileRole.PROD)):
        assert isinstance(statement, Symbol | Problem)
        assert 1 <= statement.at.line <= text.count("\n") + 1


def test_value_that_an_example_offers_another_for_is_chosen_by_whoever_copies_it() -> None:
    text = "DB_HOST=localhost\n# in docker\n# DB_HOST=postgres\nDB_PORT=5432\n"

    def values(path: str, role: FileRole) -> dict[str, str | None]:
        found = dotenv.collect(SourceFile(path, text, role))
        return {
            str(s.name): s.detail.value
            for s in found
            if isinstance(s, Symbol) and isinstance(s.detail, EnvironmentGiven)
        }

    assert values(".env.example", FileRole.EXAMPLE) == {"DB_HOST": None, "DB_PORT": "5432"}
    assert values(".env", FileRole.PROD) == {"DB_HOST": "localhost", "DB_PORT": "5432"}
