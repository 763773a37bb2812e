"""One walk, alike with and without git."""

import os
import subprocess
from pathlib import Path

import pytest

from repository import write
from roadworthy.engine.index import MAXIMUM_DEPTH, UNLISTED, index
from roadworthy.engine.inspect import gather
from roadworthy.engine.revision import commit_of
from roadworthy.model.error import RoadworthyError
from roadworthy.model.words import FileRole

FILES = {
    "app/main.py": "x = 1\n",
    ".gitignore": "*.log\nbuild/\n!keep.log\n",
    "a.log": "",
    "keep.log": "",
    "build/out.py": "",
    "sub/.gitignore": "/secret.txt\n",
    "sub/secret.txt": "",
    "sub/deep/secret.txt": "",
    "node_modules/x/index.js": "",
    "nested/roadworthy.toml": "",
    "nested/app.py": "",
    "tests/test_a.py": "",
    "examples/compose.yaml": "",
}


def _paths(root: Path) -> list[str]:
    return [entry.path for entry in index(root)]


def test_ignored_nested_and_installed_files_are_left_out(tmp_path: Path) -> None:
    write(FILES, tmp_path)

    assert _paths(tmp_path) == [
        ".gitignore",
        "app/main.py",
        "examples/compose.yaml",
        "keep.log",
        "sub/.gitignore",
        "sub/deep/secret.txt",
        "tests/test_a.py",
    ]


def test_walk_is_alike_with_and_without_git(tmp_path: Path) -> None:
    write(FILES, tmp_path)
    before = _paths(tmp_path)

    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "add", "-f", "a.log"], check=True)

    assert _paths(tmp_path) == before


def test_roles_follow_the_path(tmp_path: Path) -> None:
    write(FILES, tmp_path)

    roles = {entry.path: entry.role for entry in index(tmp_path)}

    assert roles["app/main.py"] is FileRole.PROD
    assert roles["tests/test_a.py"] is FileRole.TEST
    assert roles["examples/compose.yaml"] is FileRole.EXAMPLE


def test_links_out_of_the_tree_and_loops_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = write({"app.py": ""}, tmp_path / "root")
    write({"secret.py": ""}, outside)
    os.symlink(outside / "secret.py", root / "stolen.py")
    os.symlink(outside, root / "folder")
    os.symlink(root, root / "loop")
    os.symlink("self.py", root / "self.py")
    os.symlink("app.py", root / "alias.py")

    assert _paths(root) == ["alias.py", "app.py"]


def test_folder_too_deep_to_be_walked_is_named_and_not_left_out(tmp_path: Path) -> None:
    deep = "/".join(["d"] * (MAXIMUM_DEPTH + 2))
    write({f"{deep}/a.py": "", "app.py": ""}, tmp_path)

    (unlisted,) = [entry for entry in index(tmp_path) if entry.size == UNLISTED]
    facts = gather(tmp_path)

    assert unlisted.path.count("/") == MAXIMUM_DEPTH
    assert [problem.at.path for problem in facts.problems] == [unlisted.path]
    assert facts.files == ("app.py",)


@pytest.mark.parametrize("name", ["absent", "file"])
def test_what_is_no_folder_is_a_clear_error(tmp_path: Path, name: str) -> None:
    write({"file": ""}, tmp_path)

    with pytest.raises(RoadworthyError, match="folder"):
        index(tmp_path / name)


def test_commit_is_read_from_the_files_of_git(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert commit_of(tmp_path) is None
    git("commit", "-q", "--allow-empty", "-m", "first")
    expected = git("rev-parse", "HEAD")

    assert commit_of(tmp_path) == expected
    git("pack-refs", "--all")
    assert commit_of(tmp_path) == expected
    git("checkout", "-q", "--detach")
    assert commit_of(tmp_path) == expected
