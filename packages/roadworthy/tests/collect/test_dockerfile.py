"""The Dockerfile collector: what it says of stages, files, commands and secrets, and where."""

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.collect import dockerfile
from roadworthy.model.collector import Statement
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.image import BaseImage, CopySource, PackageInstalled, SecretBaked, StageBuilt
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem


def said(text: str) -> list[Statement]:
    return list(dockerfile.collect(SourceFile("Dockerfile", text, FileRole.PROD)))


def details(statements: list[Statement], of: type[object]) -> list[Symbol]:
    return [s for s in statements if isinstance(s, Symbol) and isinstance(s.detail, of)]


def test_base_image_takes_the_default_of_a_global_argument() -> None:
    statements = said("ARG VERSION=3.12\nFROM python:${VERSION}-slim AS base\nFROM base\n")

    images = details(statements, BaseImage)
    stages = details(statements, StageBuilt)

    assert [str(image.name) for image in images] == ["python:3.12-slim"]
    assert [(str(stage.name), stage.detail) for stage in stages] == [
        ("base", StageBuilt(0, "python:3.12-slim", None, False)),
        ("1", StageBuilt(1, "", 0, True)),
    ]


def test_base_image_without_a_default_is_unreadable() -> None:
    statements = said("ARG IMAGE\nFROM ${IMAGE}\n")

    assert [str(image.name) for image in details(statements, BaseImage)] == ["(a build argument without a default)"]


def test_continued_run_with_comments_keeps_exact_places() -> None:
    text = "FROM debian:12\nRUN apt-get update \\\n    # a comment\n    && apt-get install -y curl=7.* \\\n\n    git\n"

    packages = details(said(text), PackageInstalled)

    assert [(str(p.name), p.at.line, p.at.column, p.at.end_line, p.at.end_column) for p in packages] == [
        ("curl", 4, 8, 6, 7),
        ("git", 4, 8, 6, 7),
    ]


def test_heredoc_is_read_as_a_script_of_its_own() -> None:
    text = "FROM alpine:3.20\nRUN <<EOF\napk add --no-cache bash\necho done\nEOF\nUSER app\n"

    commands = details(said(text), CommandUse)

    assert [(str(c.name), c.at.line) for c in commands] == [("apk", 3), ("echo", 4)]


def test_heredoc_that_is_never_ended_is_a_located_problem() -> None:
    try:
        said("FROM alpine\nRUN <<EOF\napk add bash\n")
    except SyntaxProblem as problem:
        assert (problem.line, problem.column) == (2, 1)
    else:
        raise AssertionError("no problem was told")


def test_shift_operator_in_a_script_is_no_heredoc() -> None:
    commands = details(said("FROM alpine\nRUN echo $((1<<n)) && ls\n"), CommandUse)

    assert [str(c.name) for c in commands] == ["echo", "ls"]


def test_exec_form_and_shell_form_are_told_apart() -> None:
    text = 'FROM alpine\nHEALTHCHECK --interval=5s CMD wget -q x || exit 1\nCMD ["node", "a.js"]\n'

    uses = [s.detail for s in details(said(text), CommandUse)]

    assert uses == [
        CommandUse("healthcheck", "shell", ("wget -q x || exit 1",), stage=0),
        CommandUse("command", "exec", ("node", "a.js"), stage=0),
    ]


def test_copy_knows_the_working_folder_and_the_stage_it_takes_from() -> None:
    text = "FROM alpine AS a\nFROM alpine\nWORKDIR /srv\nWORKDIR app\nCOPY --from=a --chown=1:1 /x y/ ./z/\nCOPY b .\n"

    copies = details(said(text), CopySource)

    assert [(str(c.name), c.detail) for c in copies] == [
        ("/x", CopySource(1, "COPY", "a", "/srv/app/z", True, owner="1:1")),
        ("y/", CopySource(1, "COPY", "a", "/srv/app/z", True, owner="1:1")),
        ("b", CopySource(1, "COPY", "", "/srv/app", True)),
    ]


def test_secret_values_never_stand_in_what_is_said() -> None:
    text = "FROM alpine\nENV DB_PASSWORD=hunter2-real PORT=80\nARG API_TOKEN=tok_123456\nENV SECRET_KEY=changeme\n"

    statements = said(text)

    assert "hunter2" not in repr(statements)
    assert "tok_123456" not in repr(statements)
    assert [str(s.name) for s in details(statements, SecretBaked)] == ["DB_PASSWORD", "API_TOKEN"]
    given = {str(s.name): s.detail for s in details(statements, EnvironmentGiven)}
    assert given["PORT"] == EnvironmentGiven("ENV", "80")


def test_exposed_ports_are_defined_with_ranges_and_variables() -> None:
    statements = said("FROM alpine\nENV PORT=8000\nEXPOSE $PORT 9000-9002/udp\n")

    ports = [str(s.name) for s in statements if isinstance(s, Symbol) and s.kind is Kind.PORT]

    assert ports == ["8000", "9000", "9001", "9002"]


def test_unknown_instruction_is_a_located_problem() -> None:
    try:
        said("FROM alpine\n  RUM ls\n")
    except SyntaxProblem as problem:
        assert (problem.line, problem.column, problem.why) == (2, 3, "unknown instruction `RUM`")
    else:
        raise AssertionError("no problem was told")


_LINES = st.lists(
    st.sampled_from(
        [
            "FROM a AS b",
            "RUN x \\",
            "RUN <<E",
            "E",
            "# c",
            'COPY --from=b ["a", "b"]',
            'ENV A="b c" D',
            "CMD [",
            "ONBUILD",
            "HEALTHCHECK CMD",
            "EXPOSE 1-2",
            "ARG",
            "VOLUME",
            "USER ${X:-y}",
            "SHELL []",
            "ADD",
            "\té🚀 \\",
            "",
            "RUN (((",
        ]
    )
    | st.text(max_size=20),
    max_size=12,
)


@given(_LINES)
def test_any_text_gives_statements_within_the_file_or_a_problem(lines: list[str]) -> None:
    text = "FROM a\n" + "\n".join(lines)
    rows = text.split("\n")

    try:
        statements = said(text)
    except SyntaxProblem as problem:
        assert 1 <= problem.line <= len(rows)
        return

    for statement in statements:
        assert 1 <= statement.at.line <= statement.at.end_line <= len(rows)
        assert 1 <= statement.at.column <= max(len(rows[statement.at.line - 1]), 1)
        assert 1 <= statement.at.end_column <= max(len(rows[statement.at.end_line - 1]), 1)
