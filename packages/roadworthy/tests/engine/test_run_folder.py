"""Run folders: ignored by themselves, the last twenty kept, never in the way."""

import os
import time
from pathlib import Path

from roadworthy.engine import run_folder


def test_folder_ignores_itself(tmp_path: Path) -> None:
    folder = run_folder.create(tmp_path)

    assert folder.parent == tmp_path / ".roadworthy" / "runs"
    assert (tmp_path / ".roadworthy" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_finished_and_abandoned_runs_past_twenty_are_removed_and_those_going_on_kept(tmp_path: Path) -> None:
    runs = tmp_path / ".roadworthy" / "runs"
    finished, going_on, abandoned = (runs / f"2020010{number}-000000-1" for number in (1, 2, 3))
    for folder in (finished, going_on, abandoned):
        folder.mkdir(parents=True)
    (finished / "report.json").touch()
    old = time.time() - 2 * run_folder.UNFINISHED_SECONDS
    os.utime(abandoned, (old, old))

    kept = [run_folder.create(tmp_path) for _ in range(run_folder.KEPT)]

    assert len(set(kept)) == run_folder.KEPT
    assert not finished.exists()
    assert not abandoned.exists()
    assert going_on.exists()


def test_where_nothing_can_be_written_the_run_goes_to_the_temporary_folder(tmp_path: Path) -> None:
    (tmp_path / ".roadworthy").write_text("in the way", encoding="utf-8")

    folder = run_folder.create(tmp_path)

    assert not folder.is_relative_to(tmp_path)
    folder.rmdir()
