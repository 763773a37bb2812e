"""The subject's environment is built from nothing."""

import os
import sys
from pathlib import Path

import pytest

from roadworthy.rig.environment import environment, system_folders


def test_nothing_of_ours_reaches_the_subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("PYTHONPATH", "/ours")

    built = environment(tmp_path, {"PORT": "1"})

    assert set(built) == {"PATH", "HOME", "TMPDIR", "LANG", "PYTHONUNBUFFERED", "PORT"}
    assert built["HOME"].startswith(str(tmp_path))


def test_own_programs_come_first_and_ours_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / ".venv" / "bin"
    own.mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    ours = str(Path(sys.prefix) / "bin")
    monkeypatch.setenv("PATH", os.pathsep.join([ours, "relative", "/opt/node/bin", "/usr/bin"]))

    built = environment(tmp_path, {}, programs=[own], python_path=[tmp_path / "src"])

    folders = built["PATH"].split(os.pathsep)
    assert folders[:3] == [str(own), "/opt/node/bin", "/usr/bin"]
    assert "relative" not in folders
    assert built["VIRTUAL_ENV"] == str(tmp_path / ".venv")
    assert built["PYTHONPATH"] == str(tmp_path / "src")
    if sys.prefix != sys.base_prefix:
        assert ours not in folders


def test_usual_folders_are_there_without_a_path_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATH")

    assert "/usr/bin" in system_folders()


def test_given_variables_win(tmp_path: Path) -> None:
    assert environment(tmp_path, {"HOME": "/elsewhere"})["HOME"] == "/elsewhere"
