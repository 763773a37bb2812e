"""Crontabs, units, workflows and documents: any text is read within its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.catalogue import collectors
from roadworthy.model.cron import longest_gap_seconds, never
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

PATHS = {
    "crontab": "deploy/crontab",
    "systemd": "deploy/backup.timer",
    "workflow-schedule": ".github/workflows/a.yml",
    "promises": "README.md",
    "python/privacy": "app/a.py",
    "python/schedulers": "app/a.py",
}
WORDS = st.sampled_from(
    [
        "0 3 * * * ",
        "@daily ",
        "root /srv/backup.sh",
        "A=b\n",
        "[Timer]\nOnCalendar=daily\n",
        "[Service]\nExecStart=a\n",
        "on:\n  schedule:\n    - cron: '0 3 * * *'\n",
        "RPO: 1 hour",
        "Availability 99.9 %",
        "Backups are kept for 7 days",
        "logger.info(user.email)\n",
        "def export_user(a):\n    return a\n",
        "class A(BaseModel):\n    consent: bool\n",
        "import apscheduler\n",
        "```",
        "\n",
        "é𝄞",
        "\r\n",
        "\t",
        "|",
    ]
)


@pytest.mark.parametrize("name", sorted(PATHS))
@given(text=st.lists(WORDS | st.text(max_size=12), max_size=10).map("".join))
def test_any_text_is_read_within_its_bounds(name: str, text: str) -> None:
    collector = next(collector for collector in collectors() if collector.name == name)
    file = SourceFile(PATHS[name], text, FileRole.PROD)

    try:
        statements = list(collector.collect(file)) if collector.recognises(file) else []
    except SyntaxProblem:
        return

    for statement in statements:
        assert isinstance(statement, Symbol | Open)
        assert 1 <= statement.at.line <= statement.at.end_line <= len(text.splitlines()) + 1
        assert statement.at.column >= 1


@pytest.mark.parametrize(
    ("schedule", "gap"),
    [
        ("0 3 * * *", 86400),
        ("0 */6 * * *", 21600),
        ("*/15 * * * *", 900),
        ("0 3 * * 0", 604800),
        ("@hourly", 3600),
        ("0 3 1 * *", 2678400),
        ("0 2,14 * * *", 43200),
        ("nonsense", None),
    ],
)
def test_the_longest_pause_of_a_schedule_is_known(schedule: str, gap: int | None) -> None:
    assert longest_gap_seconds(schedule) == gap


def test_a_day_that_no_month_has_never_comes() -> None:
    assert never("0 3 31 2 *")
    assert not never("0 3 29 2 *")
    assert not never("0 3 31 * *")
