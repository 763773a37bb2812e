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


@pytest.mark.parametrize("command", ["inspect", "drive", "certify"])
def test_broken_description_is_one_line_that_says_where(tmp_path: Path, command: str) -> None:
    root = write({**SERVICE, "roadworthy.toml": "[service]\nname = 'a'\nstart = \n"}, tmp_path / "root")

    ended = run(command, str(root), cwd=tmp_path)

    assert ended.code == 2
    assert ended.err.startswith("roadworthy: roadworthy.toml: ")
    assert "line 3" in ended.err
    assert ended.err.count("\n") == 1


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


def _shell(command: str, cwd: Path) -> tuple[int, str]:
    """Run a shell line in which `$RW` is the real command; return its exit code and what it said to standard error."""
    rw = f"{sys.executable} -m roadworthy"
    done = subprocess.run(
        ["bash", "-c", command.replace("$RW", rw)], cwd=cwd, capture_output=True, timeout=60, check=False
    )
    return done.returncode, done.stderr.decode(errors="replace")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", ["inspect service", "explain unknown-metric", "doctor", "--help"])
def test_a_full_output_is_one_line_and_no_crash(arguments: str, tmp_path: Path) -> None:
    write(SERVICE, tmp_path / "service")

    code, said = _shell(f"$RW {arguments} > /dev/full", tmp_path)

    assert code == 2
    assert said.count("\n") == 1
    assert "cannot be written" in said


def test_closed_streams_change_nothing_but_what_is_seen(tmp_path: Path) -> None:
    write(SERVICE, tmp_path / "service")

    assert _shell("$RW inspect service <&- >&- 2>&-", tmp_path)[0] == run("inspect", "service", cwd=tmp_path).code


def test_a_full_standard_error_keeps_the_exit_code(tmp_path: Path) -> None:
    assert _shell("$RW inspect nowhere 2> /dev/full", tmp_path)[0] == 2


def test_an_output_that_knows_few_characters_gets_escapes(tmp_path: Path) -> None:
    write(SERVICE, tmp_path / "service")

    assert _shell("PYTHONIOENCODING=ascii $RW inspect service --format html | cat > /dev/null", tmp_path)[1] == ""
    assert _shell("PYTHONIOENCODING=ascii $RW doctor > doctor.txt", tmp_path)[0] == 0


def test_a_folder_that_is_gone_is_one_line(tmp_path: Path) -> None:
    code, said = _shell("mkdir gone && cd gone && rmdir ../gone && $RW inspect .", tmp_path)

    assert (code, said.count("\n")) == (2, 1)


def test_a_path_cannot_write_control_characters_to_the_terminal(tmp_path: Path) -> None:
    code, said = _shell("$RW inspect $'no\\x1b[31mwhere'", tmp_path)

    assert code == 2
    assert "\x1b" not in said


def test_links_in_the_place_of_the_run_folder_are_not_followed(tmp_path: Path) -> None:
    for number in range(25):
        write({f"old-{number}/report.json": "{}"}, tmp_path / "outside")
    write(SERVICE, tmp_path / "one")
    write(SERVICE, tmp_path / "two")
    write({**SERVICE, ".roadworthy/keep": ""}, tmp_path / "three")
    (tmp_path / "one/.roadworthy").symlink_to(tmp_path / "outside")
    (tmp_path / "two/.roadworthy").mkdir()
    (tmp_path / "two/.roadworthy/runs").symlink_to(tmp_path / "outside")
    (tmp_path / "three/.roadworthy/.gitignore").symlink_to(tmp_path / "made")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}

    for name in ("one", "two", "three"):
        subprocess.run(
            [sys.executable, "-m", "roadworthy", "inspect", name], cwd=tmp_path, env=environment, check=False
        )

    assert len(list((tmp_path / "outside").iterdir())) == 25
    assert not (tmp_path / "made").exists()


def test_pointers_of_git_with_nul_bytes_are_no_pointers(tmp_path: Path) -> None:
    write({**SERVICE, ".git": "gitdir: a\0b"}, tmp_path / "file")
    write({**SERVICE, ".git/HEAD": "ref: refs/heads/x", ".git/commondir": "/a\0b"}, tmp_path / "folder")

    assert {run("inspect", name, cwd=tmp_path).code for name in ("file", "folder")} <= {0, 1}


def test_ignore_patterns_of_any_cost_end(tmp_path: Path) -> None:
    ignore = "*a" * 12 + "*b\n" + "[" * 5000 + "\n" + "x*" * 100_000 + "\n*.log\n"
    write({**SERVICE, ".gitignore": ignore, "a" * 200 + "/x.py": ""}, tmp_path / "service")
    (tmp_path / "service/app/.gitignore").symlink_to(".gitignore")

    ended, _ = report(tmp_path / "service", tmp_path)

    assert ended.code in {0, 1}
    assert ended.err == ""


@pytest.mark.parametrize("name", ["pyproject.toml", "roadworthy.toml"])
def test_a_key_of_very_many_parts_is_refused_in_bounded_memory(name: str, tmp_path: Path) -> None:
    write({**SERVICE, name: "a" + ".a" * 100_000 + " = 1\n"}, tmp_path / "service")

    ended = run("inspect", "service", cwd=tmp_path)

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.memory < MEMORY_KIB


def test_half_a_surrogate_pair_is_stored_as_its_escape(tmp_path: Path) -> None:
    source = "from fastapi import FastAPI\nimport os\n\napp = FastAPI()\nos.environ['\\ud800']\n"
    write({"main.py": source, "compose.yaml": 'services: {api: {build: ., image: "\\ud800"}}\n'}, tmp_path / "service")

    ended, found = report(tmp_path / "service", tmp_path)

    assert ended.code in {0, 1}
    assert found


def test_what_is_no_report_is_one_line(tmp_path: Path) -> None:
    write(SERVICE, tmp_path / "service")
    good = report(tmp_path / "service", tmp_path)[1]
    texts = ["[" * 100_000, '{"schema":' * 100_000]
    for part, key, wrong in (
        ("score", "total", "99"),
        ("score", "inspected", "1/0"),
        ("score", "criteria", [1]),
        ("subject", "name", None),
        ("subject", "commit", 5),
        ("tool", "version", 5),
    ):
        section = good[part]
        assert isinstance(section, dict)
        texts.append(json.dumps({**good, part: {**section, key: wrong}}))
    texts.append(
        json.dumps({**good, "unread": [{"path": 1, "line": "x", "why": None, "production": 1, "silences": 1}]})
    )
    os.mkfifo(tmp_path / "pipe")
    for number, text in enumerate(texts):
        write({f"{number}.json": text}, tmp_path)

    for name in (*(f"{number}.json" for number in range(len(texts))), "pipe"):
        ended = run("report", "--from", name, cwd=tmp_path)

        assert (name, ended.code, ended.err.count("\n")) == (name, 2, 1)


@pytest.mark.parametrize(
    "predicate",
    [
        '{"tool": "x"}',
        '{"tool": {"ruleset": 5}}',
        '{"proofs": ["x"]}',
        '{"driven_until": 5}',
        pytest.param("[[" * 60_000, id="nested"),
    ],
)
def test_what_is_no_certificate_is_one_line(predicate: str, tmp_path: Path) -> None:
    whole = {
        "verdict": "x",
        "score": 1,
        "date": "x",
        "driven_until": "2999-01-01",
        "proofs": [],
        "tool": {"ruleset": "x"},
    }
    text = predicate
    if predicate.startswith("{"):
        statement = {"_type": "https://in-toto.io/Statement/v1", "subject": [{"digest": {"sha256": "x"}}]}
        kind = {"predicateType": "https://roadworthy.dev/certificate/v1"}
        text = json.dumps({**statement, **kind, "predicate": {**whole, **json.loads(predicate)}})
    write({"certificate.json": text, **{f"service/{path}": body for path, body in SERVICE.items()}}, tmp_path)

    ended = run("certify", "service", "--verify", "certificate.json", cwd=tmp_path)

    assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_numbers_of_very_many_digits_make_the_file_unread(tmp_path: Path) -> None:
    number = "1" * 5000
    compose = f"services:\n  api:\n    image: x:1\n    ports: ['{number}:{number}']\n    command: app --port {number}\n"
    write({**SERVICE, "compose.yaml": compose, "Dockerfile": f"FROM x\nEXPOSE {number}\n"}, tmp_path / "service")

    ended, found = report(tmp_path / "service", tmp_path)

    assert ended.code == 1
    assert found["unread"]
