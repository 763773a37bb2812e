"""Procfiles."""

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.collect import procfile
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole


def test_processes_and_their_commands() -> None:
    text = "# processes\nweb: gunicorn app:app\n\nrelease:  alembic upgrade head\n"
    found = [s for s in procfile.collect(SourceFile("Procfile", text, FileRole.PROD)) if isinstance(s, Symbol)]

    assert [(s.component, s.detail.one_shot) for s in found if isinstance(s.detail, Workload)] == [
        ("web", False),
        ("release", True),
    ]
    assert [s.detail.words for s in found if isinstance(s.detail, CommandUse)] == [
        ("gunicorn app:app",),
        ("alembic upgrade head",),
    ]
    assert [s.at.column for s in found if isinstance(s.detail, CommandUse)] == [6, 11]


@given(st.text(max_size=100))
def test_any_text_is_survived(text: str) -> None:
    lines = text.split("\n")
    for statement in procfile.collect(SourceFile("Procfile", text, FileRole.PROD)):
        assert 1 <= statement.at.line <= len(lines)
        assert statement.at.end_column <= len(lines[statement.at.line - 1])
