"""What git keeps, read from its index."""

import subprocess
from pathlib import Path

import pytest

from roadworthy.engine.catalogue import checks
from roadworthy.engine.fold import fold
from roadworthy.engine.inspect import gather
from roadworthy.engine.tracked import tracked
from roadworthy.model.words import Outcome


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, without the configuration of whoever runs the tests."""
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True, env=environment
    ).stdout


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_index_of_every_version_is_read(tmp_path: Path, version: str) -> None:
    git(tmp_path, "init", "--quiet")
    for name in ("a.py", "deep/er/é.py", "deep/x" * 30 + ".py", "deep/er/b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("A = 1\n", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "update-index", f"--index-version={version}")

    found = tracked(tmp_path)

    assert found == frozenset(git(tmp_path, "-c", "core.quotepath=off", "ls-files").split("\n")) - {""}
    assert tracked(tmp_path / "deep" / "er") == frozenset({"é.py", "b.py"})


def test_folder_without_git_has_no_answer(tmp_path: Path) -> None:
    assert tracked(tmp_path) is None


def test_broken_index_has_no_answer(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\0\0\0\7no")

    assert tracked(tmp_path) is None


@pytest.mark.parametrize(("kept", "outcome"), [(True, Outcome.FAILED), (False, Outcome.NOT_APPLICABLE)])
def test_ignored_env_file_counts_when_git_keeps_it(tmp_path: Path, *, kept: bool, outcome: Outcome) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text(".env\n")
    (tmp_path / ".env").write_text("API_TOKEN=8fKq2LmZx0\n")
    if kept:
        git(tmp_path, "add", "--force", ".env")
    check = next(check for check in checks() if check.id == "secrets/committed-env-file")

    assert fold(check, gather(tmp_path)).outcome is outcome
