"""Checkouts hold what the commit holds, as far as the clone has it."""

import subprocess
from pathlib import Path

import pytest

from tools import checkouts


def git(folder: Path, *arguments: str) -> str:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(["git", "-C", str(folder), *named, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clones" / "acme+shop"
    (folder / ".github").mkdir(parents=True)
    (folder / ".github" / "ci.yml").write_text("on: push\n", encoding="utf-8")
    (folder / ".gitattributes").write_text("/.github export-ignore\n", encoding="utf-8")
    (folder / "big.bin").write_text("large\n", encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "all")
    return folder


def test_pipeline_that_releases_leave_out_is_there(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkouts, "KEPT", tmp_path / "kept")

    root = checkouts.checkout("acme/shop", git(clone, "rev-parse", "HEAD"), clone.parent)

    assert sorted(p.name for p in root.iterdir()) == [".gitattributes", ".github", "big.bin"]


def test_file_whose_content_the_clone_lacks_is_left_out(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkouts, "KEPT", tmp_path / "kept")
    name = git(clone, "rev-parse", "HEAD:big.bin")
    (clone / ".git" / "objects" / name[:2] / name[2:]).unlink()

    root = checkouts.checkout("acme/shop", git(clone, "rev-parse", "HEAD"), clone.parent)

    assert not (root / "big.bin").exists()
    assert (root / ".github" / "ci.yml").is_file()
