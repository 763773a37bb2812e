"""What other tools say of the same mutants."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.discrimination.mutant import HERE, Mutant

PEERS = HERE / "peers.json"


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
    """Ask every tool about the mutants."""
    raise SystemExit("not yet")
