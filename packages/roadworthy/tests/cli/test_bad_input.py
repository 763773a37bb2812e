"""Whatever a user points it at: one clear line, the right exit code, no traceback, bounded memory."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from repository import write

SERVICE = {"app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n", "requirements.txt": "fastapi==0.115\n"}
MEMORY_KIB = 300 * 1024
MEASURED = """
import pathlib, re, resource, sys
from roadworthy.cli.main import run

code = run(sys.argv[2:])
status = pathlib.Path("/proc/self/status")
if status.exists():
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
pathlib.Path(sys.argv[1]).write_text(str(peak))
sys.exit(code)
"""


@dataclass
class Ended:
    """How one run ended; `memory` is its peak in KiB."""

    code: int
    out: str
    err: str
    memory: int


def run(*arguments: str, cwd: Path) -> Ended:
    """Run the real command in a process of its own and let that process note its own peak of memory."""
    out, err, memory = cwd / "stdout.txt", cwd / "stderr.txt", cwd / "memory.txt"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        command = [sys.executable, "-c", MEASURED, str(memory), *arguments]
        code = subprocess.run(command, stdout=stdout, stderr=stderr, cwd=cwd, check=False).returncode
    said, complained = (path.read_text(encoding="utf-8", errors="replace") for path in (out, err))
    return Ended(code, said, complained, int(memory.read_text(encoding="utf-8")))


def report(root: Path, cwd: Path) -> tuple[Ended, dict[str, object]]:
    """Inspect a folder as JSON."""
    ended = run("inspect", str(root), "--format", "json", cwd=cwd)
    return ended, json.loads(ended.out) if ended.out else {}


def _bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{n}: &{n} [{', '.join(['*' + o] * 9)}]" for o, n in zip("abcdefgh", "bcdefghi", strict=True)]
    return "\n".join(lines)


@pytest.mark.parametrize("root", ["empty", "absent", "file.txt"])
def test_nothing_to_inspect_is_one_line_and_exit_2(tmp_path: Path, root: str) -> None:
    (tmp_path / "empty").mkdir()
    write({"file.txt": "x"}, tmp_path)

    ended = run("inspect", str(tmp_path / root), cwd=tmp_path)

    assert ended.code == 2
    assert ended.err.startswith("roadworthy: ")
    assert ended.err.count("\n") == 1
    assert "Traceback" not in ended.out + ended.err


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("Dockerfile", b"FROM \x00\x01\x02", "binary"),
        ("compose.yaml", b"services: {}\n" + b"# padding\n" * 5_000_000, "too large"),
        ("compose.yaml", _bomb().encode(), "aliases"),
        ("compose.yaml", b"services:\n  api:\n    image: \xff\xfe\n", "UTF-8"),
        ("compose.yaml", b"[" * 200_000, "nested"),
        ("app/broken.py", b"def (:\n", "syntax"),
        ("app/deep.py", b"(" * 20_000, ""),
    ],
)
def test_unreadable_file_is_named_and_the_rest_is_read(tmp_path: Path, path: str, content: bytes, says: str) -> None:
    root = write(SERVICE, tmp_path / "root")
    (root / path).write_bytes(content)

    ended, found = report(root, tmp_path)

    unread = found["unread"]
    assert isinstance(unread, list)
    assert [entry["path"] for entry in unread] == [path]
    assert says.lower() in unread[0]["why"].lower()
    assert ended.code == 1
    assert ended.err == ""
    assert ended.memory < MEMORY_KIB


def test_link_loops_do_no_harm(tmp_path: Path) -> None:
    root = write(SERVICE, tmp_path / "root")
    os.symlink(root, root / "loop")
    os.symlink("b", root / "a")
    os.symlink("a", root / "b")

    ended, found = report(root, tmp_path)

    assert found["unread"] == []
    assert ended.err == ""


def test_two_runs_on_the_same_tree_give_the_same_bytes(tmp_path: Path) -> None:
    root = write(SERVICE, tmp_path / "root")

    first, _ = report(root, tmp_path)
    second, _ = report(root, tmp_path)

    assert first.out == second.out


def test_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    root = write(SERVICE, tmp_path / "root")
    command = f'"{sys.executable}" -m roadworthy inspect root --format json | true'

    ended = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ended.stderr == ""
    assert root.exists()


def test_misspelt_rule_gets_the_nearest_name(tmp_path: Path) -> None:
    ended = run("explain", "unknown-metrics", cwd=tmp_path)

    assert ended.code == 2
    assert "did you mean 'unknown-metric'?" in ended.err


def test_output_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    root = write(SERVICE, tmp_path / "root")
    write({"plain": ""}, tmp_path)

    ended = run("inspect", str(root), "--output", str(tmp_path / "plain" / "x.json"), "--format", "json", cwd=tmp_path)

    assert ended.code == 2
    assert "plain" in ended.err
    assert "Traceback" not in ended.err
