"""The copy holds what the service needs, and nothing that leads to the real world."""

import json
import os
from pathlib import Path

import pytest

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.workspace import copy_of


def write_one(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(root: Path) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir() or path.is_symlink()
    )


def test_files_of_variables_stay_behind_wherever_they_are(tmp_path: Path) -> None:
    root = tmp_path / "service"
    for name in (
        ".env",
        ".env.local",
        ".env.example",
        ".ENV",
        ".envrc",
        "deep/.env.production",
        "environment.py",
        "x.env",
    ):
        write_one(root / name, "CANARY=1")

    copy = copy_of(root, tmp_path / "copy")

    assert names(copy.root) == ["environment.py", "x.env"]
    assert ".env" in copy.left_out
    assert "deep/.env.production" in copy.left_out


def test_history_caches_and_runs_stay_behind(tmp_path: Path) -> None:
    root = tmp_path / "service"
    for name in (".git/config", ".roadworthy/runs/1", "pkg/__pycache__/a.pyc", ".mypy_cache/x", "pkg/a.py"):
        write_one(root / name)

    assert names(copy_of(root, tmp_path / "copy").root) == ["pkg/a.py"]


def test_links_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "service"
    outside = write_one(tmp_path / "secret.txt", "outside")
    write_one(root / "inside.txt", "inside")
    write_one(root / ".env", "CANARY=1")
    (root / "out").symlink_to("../secret.txt")
    (root / "absolute").symlink_to(outside)
    (root / "in").symlink_to("inside.txt")
    (root / "to-variables").symlink_to(".env")
    (root / "loop").symlink_to("loop")
    (root / "dangling").symlink_to("nothing")

    copy = copy_of(root, tmp_path / "copy")

    assert names(copy.root) == ["in", "inside.txt"]
    assert (copy.root / "in").read_text() == "inside"
    assert set(copy.left_out) == {".env", "absolute", "dangling", "loop", "out", "to-variables"}


def test_pipes_and_sockets_stay_behind(tmp_path: Path) -> None:
    root = tmp_path / "service"
    write_one(root / "a")
    os.mkfifo(root / "pipe")

    assert names(copy_of(root, tmp_path / "copy").root) == ["a"]


def test_own_environment_is_linked_and_its_programs_found(tmp_path: Path) -> None:
    root = tmp_path / "repository" / "service"
    write_one(root / ".venv" / "pyvenv.cfg")
    write_one(root / ".venv" / "bin" / "uvicorn")
    write_one(root / "node_modules" / ".bin" / "next")
    write_one(tmp_path / "repository" / "node_modules" / ".bin" / "shared")
    write_one(tmp_path / "repository" / ".git" / "HEAD")

    copy = copy_of(root, tmp_path / "copy")

    assert (copy.root / ".venv").readlink() == root / ".venv"
    assert (copy.root / "node_modules").is_symlink()
    assert copy.programs == (
        root / ".venv" / "bin",
        root / "node_modules" / ".bin",
        tmp_path / "repository" / "node_modules" / ".bin",
    )


def test_environment_of_the_repository_serves_a_service_within(tmp_path: Path) -> None:
    root = tmp_path / "repository" / "services" / "api"
    write_one(root / "app.py")
    write_one(tmp_path / "repository" / ".git" / "HEAD")
    write_one(tmp_path / "repository" / ".venv" / "pyvenv.cfg")
    (tmp_path / "repository" / ".venv" / "bin").mkdir()

    assert copy_of(root, tmp_path / "copy").programs == (tmp_path / "repository" / ".venv" / "bin",)


def test_environment_above_a_tree_without_history_is_not_its_own(tmp_path: Path) -> None:
    root = tmp_path / "above" / "service"
    write_one(root / "app.py")
    write_one(tmp_path / "above" / ".venv" / "pyvenv.cfg")
    (tmp_path / "above" / ".venv" / "bin").mkdir()

    assert copy_of(root, tmp_path / "copy").programs == ()


def test_editable_installs_are_imported_from_the_copy(tmp_path: Path) -> None:
    root = tmp_path / "service"
    write_one(root / "src" / "app" / "__init__.py")
    write_one(root / "lib" / "extra" / "module.py")
    write_one(root / ".venv" / "pyvenv.cfg")
    packages = root / ".venv" / "lib" / "python3.11" / "site-packages"
    write_one(packages / "_extra.pth", f"{root}/lib/extra\nimport nothing\n/elsewhere\n")
    told = {"url": f"file://{root}", "dir_info": {"editable": True}}
    write_one(packages / "app-1.dist-info" / "direct_url.json", json.dumps(told))

    copy = copy_of(root, tmp_path / "copy")

    assert copy.python_path == (copy.root / "lib" / "extra", copy.root / "src", copy.root)


def test_a_copy_inside_the_tree_does_not_copy_itself(tmp_path: Path) -> None:
    write_one(tmp_path / "app.py")

    copy = copy_of(tmp_path, tmp_path / "tmp" / "area" / "copy")

    assert names(copy.root) == ["app.py"]


@pytest.mark.parametrize("limits", [{"most_bytes": 2**20}, {"most_files": 3}])
def test_a_tree_beyond_the_limits_is_refused_with_the_cure(tmp_path: Path, limits: dict[str, int]) -> None:
    for number in range(4):
        write_one(tmp_path / "service" / f"{number}", "x" * 300_000)

    with pytest.raises(RoadworthyError, match=r"\[service\] root in roadworthy.toml"):
        copy_of(tmp_path / "service", tmp_path / "copy", **limits)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RoadworthyError, match="no-such: no such folder"):
        copy_of(tmp_path / "no-such", tmp_path / "copy")
