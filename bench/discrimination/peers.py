"""What other tools say of the same mutants."""

import json
import re
import shutil
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.discrimination.judge import copy_of, planted
from bench.discrimination.mutant import HERE, TWINS, Mutant, digest
from bench.discrimination.peer_messages import Message
from bench.discrimination.peer_tools import TOOLS, Reads, Tool

PEERS = HERE / "peers.json"
# A message this many lines from the edit is about it.
NEAR = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last asking found: the version of each tool, or why it could not be had, and the mutants it noticed."""

    mutants: str
    had: dict[str, str]
    missing: dict[str, str]
    found: dict[str, frozenset[str]]

    @property
    def tools(self) -> tuple[str, ...]:
        """Return the tools that were asked."""
        return tuple(sorted(self.had))

    def noticed(self, tool: str | None, ids: Sequence[str]) -> int:
        """Count the mutants that a tool noticed, or any tool."""
        tools = self.tools if tool is None else (tool,)
        return sum(any(id_ in self.found.get(name, frozenset()) for name in tools) for id_ in ids)

    def versions(self, mutants: str) -> Iterator[str]:
        """Yield the lines of the page that say what was asked."""
        if not self.had:
            yield "No other tool was asked."
            return
        yield ", ".join(f"{tool} {self.had[tool]}" for tool in self.tools) + "."
        if self.missing:
            yield "Not to be had: " + ", ".join(f"{tool} ({why})" for tool, why in sorted(self.missing.items())) + "."
        if self.mutants != mutants:
            yield f"They were asked about the mutants {self.mutants}."


def read() -> Asked:
    """Return what the last asking found."""
    if not PEERS.is_file():
        return Asked("", {}, {}, {})
    data = json.loads(PEERS.read_text(encoding="utf-8"))
    found = {tool: frozenset(ids) for tool, ids in data["found"].items()}
    return Asked(data["mutants"], data["had"], data["missing"], found)


def store(chosen: Sequence[Mutant], *, whole: bool) -> None:
    """Ask every tool about the mutants; when all mutants are asked about, keep each answer as soon as it is there.

    A tool that was asked about these very mutants before is not asked again.
    """
    before = read()
    known = before.found if whole and before.mutants == digest() else {}
    had = {name: version for name, version in before.had.items() if name in known}
    found = {name: sorted(ids) for name, ids in known.items()}
    missing: dict[str, str] = {}
    for tool in TOOLS:
        if tool.name in found:
            continue
        started = time.monotonic()
        asked = [mutant for mutant in chosen if re.fullmatch(tool.wants, mutant.file)]
        try:
            tool.program()
            noticed = sorted(_by_tree(tool, asked) if tool.reads is Reads.TREE else _by_file(tool, asked))
        except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
            missing[tool.name] = str(problem).partition("\n")[0]
            print(f"   {tool.name}: {problem}", flush=True)
            continue
        found[tool.name] = noticed
        had[tool.name] = tool.version or _installed(tool)
        took = time.monotonic() - started
        print(f"   {tool.name}: notices {len(noticed)} of {len(asked)} it reads, {took:.0f} s", flush=True)
        if whole:
            _keep_answers(had, missing, found)
    if whole:
        _keep_answers(had, missing, found)


def _keep_answers(had: dict[str, str], missing: dict[str, str], found: dict[str, list[str]]) -> None:
    data = {"mutants": digest(), "had": had, "missing": missing, "found": found}
    PEERS.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _by_file(tool: Tool, chosen: Sequence[Mutant]) -> Iterator[str]:
    """Yield the mutants noticed by a tool that judges each file alone: it is given all versions of all files at once."""
    with TemporaryDirectory(prefix="roadworthy-peers-") as folder:
        root = Path(folder)
        places: dict[str, tuple[Mutant, tuple[int, int]]] = {}
        for number, mutant in enumerate(chosen):
            place = root / f"m{number}"
            _keep(mutant, place)
            _keep(mutant, root / mutant.twin)
            places[f"m{number}"] = mutant, mutant.apply(place)
        files = sorted(
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.is_file() and re.fullmatch(tool.wants, path.relative_to(root).as_posix().partition("/")[2])
        )
        said: dict[str, list[Message]] = defaultdict(list)
        for message in tool.says(root, files if tool.reads is Reads.FILES else ()):
            place_name, _, path = message.path.partition("/")
            said[place_name].append(replace(message, path=path, text=message.text.replace(f"{place_name}/", "")))
        for name, (mutant, region) in places.items():
            before = [message for message in said[mutant.twin] if message.path == mutant.file]
            if _noticed(mutant, region, said[name], before):
                yield mutant.id


def _keep(mutant: Mutant, place: Path) -> None:
    source = TWINS / mutant.twin / mutant.file
    target = place / mutant.file
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file() and not target.exists():
        shutil.copy(source, target)


def _by_tree(tool: Tool, chosen: Sequence[Mutant]) -> Iterator[str]:
    """Yield the mutants noticed by a tool that judges a tree."""
    with TemporaryDirectory(prefix="roadworthy-peers-") as folder:
        roots = {mutant.twin: Path(folder) / mutant.twin for mutant in chosen}
        sound: dict[str, list[Message]] = {}
        for twin in roots:
            copy_of(twin, Path(folder))
            sound[twin] = tool.says(roots[twin], _files(tool, roots[twin]))
        for mutant in chosen:
            root = roots[mutant.twin]
            with planted(mutant, root) as region:
                said = tool.says(root, _files(tool, root))
            if _noticed(mutant, region, said, sound[mutant.twin]):
                yield mutant.id


def _files(tool: Tool, root: Path) -> list[str]:
    """Return what stands behind the words of a tool that reads a tree: only promtool is told where to begin."""
    begin = [path for path in root.rglob("prometheus.yml") if "grafana" not in path.parts]
    return [path.relative_to(root).as_posix() for path in begin] if tool.name == "promtool" else []


def _noticed(mutant: Mutant, region: tuple[int, int], after: Sequence[Message], before: Sequence[Message]) -> bool:
    """Tell whether a tool says something of the mutant that it does not say of the twin, about this place or thing."""
    known = Counter(_stable(message) for message in before)
    things = _things(mutant)
    for message in after:
        if known[_stable(message)] > 0:
            known[_stable(message)] -= 1
            continue
        here = message.path.endswith(mutant.file) or Path(mutant.file).name == Path(message.path).name
        near = message.line == 0 or region[0] - NEAR <= message.line <= region[1] + NEAR
        if (here and near) or any(thing in message.text for thing in things):
            return True
    return False


def _stable(message: Message) -> tuple[str, str]:
    return message.path, re.sub(r"\d+", "0", message.text)


def _things(mutant: Mutant) -> set[str]:
    """Return the names that stand on one side of the edit only; a removed or new file is such a name."""
    if mutant.remove or mutant.create is not None:
        return {mutant.file}
    one, other = (
        set(re.findall(r"[A-Za-z_][\w./-]{4,}", text or "")) for text in (mutant.old, mutant.append or mutant.new)
    )
    return one ^ other


def _installed(tool: Tool) -> str:
    ended = subprocess.run([tool.program(), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", ended.stdout + ended.stderr)
    return found[0] if found else "?"
