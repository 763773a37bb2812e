"""The .dockerignore collector and the matching of its lines."""

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.collect import dockerignore
from roadworthy.link.ignore_rules import ignoring
from roadworthy.model.detail.image import IgnoreRule
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole


def rules(text: str) -> list[tuple[Symbol, IgnoreRule]]:
    statements = dockerignore.collect(SourceFile(".dockerignore", text, FileRole.PROD))
    return [(s, s.detail) for s in statements if isinstance(s, Symbol) and isinstance(s.detail, IgnoreRule)]


def test_last_matching_line_decides() -> None:
    found = rules("# all\n*\n!app\n!*.txt\napp/secret\n")

    kept = [path for path in ("app/a.py", "app/secret/b", "c.txt", "d.md") if ignoring(path, found) is None]

    assert kept == ["app/a.py", "c.txt"]


def test_patterns_match_folders_above_and_any_depth() -> None:
    found = rules("node_modules\n**/*.pyc\n/dist/\n")

    assert ignoring("node_modules/a/b.js", found) is not None
    assert ignoring("web/node_modules/a.js", found) is None
    assert ignoring("a/b/c.pyc", found) is not None
    assert ignoring("c.pyc", found) is not None
    assert ignoring("dist/x", found) is not None


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_any_text_is_read_and_matched(text: str, path: str) -> None:
    found = rules(text)

    ignoring(path, found)

    rows = text.split("\n")
    assert all(1 <= s.at.line <= len(rows) and 1 <= s.at.column <= len(rows[s.at.line - 1]) for s, _ in found)
