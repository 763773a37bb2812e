"""Finding secrets in what a service wrote."""

import time
from pathlib import Path

from roadworthy.engine.drive.redactor import Redactor
from roadworthy.engine.drive.search import search, written_files


def test_secret_is_found_with_its_line_and_shown_without_it() -> None:
    redactor = Redactor()
    redactor.know("canary in a cookie", "cnry00112233")

    found = list(search([("its output", "one\ncookie=cnry00112233;\n")], {"a cookie": "cnry00112233"}, redactor))

    assert [(leak.name, leak.where, leak.line) for leak in found] == [
        ("a cookie", "its output", "cookie=[canary in a cookie];")
    ]


def test_only_files_written_since_are_read(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "app.log").write_text("written", encoding="utf-8")

    assert list(written_files(tmp_path, time.time() - 60)) == [("logs/app.log", "written")]
    assert list(written_files(tmp_path, time.time() + 60)) == []
