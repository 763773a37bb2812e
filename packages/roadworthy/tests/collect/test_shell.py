"""The shell collector: the programs a script calls, and which of them it can do without."""

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.collect import shell
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Open, Symbol
from roadworthy.model.words import FileRole


def uses(text: str) -> list[tuple[str, CommandUse]]:
    statements = shell.collect(SourceFile("run.sh", text, FileRole.PROD))
    return [(str(s.name), s.detail) for s in statements if isinstance(s, Symbol) and isinstance(s.detail, CommandUse)]


def test_programs_are_told_with_their_arguments_and_the_shebang() -> None:
    found = uses('#!/usr/bin/env bash\nset -e\npg_dump "$URL" > /b/x.sql\n')

    assert [(name, use.purpose) for name, use in found] == [
        ("/usr/bin/env", "shebang"),
        ("set", "script"),
        ("pg_dump", "script"),
    ]
    assert found[2][1].writes == ("/b/x.sql",)


def test_what_a_script_can_do_without_is_optional() -> None:
    found = dict(
        uses(
            "if command -v curl >/dev/null; then curl a; fi\n"
            "wget b || exit 1\nnc c || true\n[ -x /bin/jq ] && jq .\nif [ $A = b ]; then psql; fi\n"
        )
    )

    optional = {name: use.optional for name, use in found.items()}

    assert optional["curl"] is True
    assert optional["wget"] is False
    assert optional["nc"] is True
    assert found["nc"].swallowed is True
    assert optional["jq"] is True
    assert optional["psql"] is False


def test_calls_of_own_functions_are_optional() -> None:
    found = dict(uses("log() { echo x; }\nlog hello\n"))

    assert found["log"].optional is True


@given(st.text(max_size=80) | st.lists(st.sampled_from(list("a $(){}[]|&;<>\"'\\\n`!é🚀")), max_size=40).map("".join))
def test_any_text_is_read_with_places_inside_the_file(text: str) -> None:
    rows = text.split("\n")

    for statement in shell.collect(SourceFile("run.sh", text, FileRole.PROD)):
        assert 1 <= statement.at.line <= statement.at.end_line <= len(rows)
        assert 1 <= statement.at.column <= max(len(rows[statement.at.line - 1]), 1) + 1


def test_script_larger_than_any_person_writes_opens_what_it_may_call() -> None:
    found = list(shell.collect(SourceFile("run.sh", "#!/bin/sh\n" + "a;" * 200_000, FileRole.PROD)))

    assert [(s.kind, s.at.line) for s in found if isinstance(s, Open)] == [(Kind.COMMAND, 1)]


def test_metrics_a_script_pushes_are_defined() -> None:
    text = (
        '#!/bin/bash\ncat <<EOF | curl --data-binary @- "$GATEWAY/metrics/job/backup"\n'
        "# TYPE backup_last_success_seconds gauge\nbackup_last_success_seconds $(date +%s)\nEOF\n"
        'echo "backup_size_bytes{kind=\\"db\\"} $size" | curl --data-binary @- x/metrics/job/backup\n'
    )

    said = shell.collect(SourceFile("a.sh", text, FileRole.PROD))
    found = [s for s in said if isinstance(s, Symbol) and s.kind is Kind.METRIC]

    assert [str(symbol.name) for symbol in found] == ["backup_last_success_seconds", "backup_size_bytes"]
    assert [(symbol.at.line, symbol.at.column) for symbol in found] == [(4, 1), (6, 7)]
