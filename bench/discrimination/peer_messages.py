"""How what other tools say is read."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PLACE = re.compile(r"([\w./@-]*\w\.?[\w-]+)(?::|\(| line |, line )(\d+)")


@dataclass(frozen=True, slots=True)
class Message:
    """What a tool says, and where: `path` and `line` are empty and 0 where it names no place."""

    path: str
    line: int
    text: str


def lines(text: str) -> Iterator[Message]:
    """Read one message a line."""
    for line in text.splitlines():
        if said := line.strip():
            place = PLACE.search(said)
            yield Message(place[1] if place else "", int(place[2]) if place else 0, said)


def _json(text: str) -> Any:
    return json.loads(text) if text.strip() else []


def hadolint(text: str) -> Iterator[Message]:
    for each in _json(text):
        yield Message(each["file"], each["line"], f"{each['code']} {each['message']}")


def shellcheck(text: str) -> Iterator[Message]:
    for each in json.loads(text)["comments"]:
        yield Message(each["file"], each["line"], f"SC{each['code']} {each['message']}")


def zizmor(text: str) -> Iterator[Message]:
    for each in _json(text):
        for location in each["locations"]:
            if location["symbolic"]["kind"] == "Primary":
                path = location["symbolic"]["key"].get("Local", {}).get("verbatim_path", "")
                line = location["concrete"]["location"]["start_point"]["row"] + 1
                yield Message(path, line, f"{each['ident']} {each['desc']}")


def bandit(text: str) -> Iterator[Message]:
    for each in json.loads(text)["results"]:
        yield Message(each["filename"], each["line_number"], f"{each['test_id']} {each['issue_text']}")


def dclint(text: str) -> Iterator[Message]:
    for file in _json(text):
        for each in file["messages"]:
            yield Message(file["filePath"], each["line"], f"{each['rule']} {each['message']}")


def checkov(text: str) -> Iterator[Message]:
    said = _json(text)
    for kind in said if isinstance(said, list) else [said]:
        for each in kind.get("results", {}).get("failed_checks", []):
            yield Message(
                each["file_path"],
                each["file_line_range"][0],
                f"{each['check_id']} {each['check_name']} {each['resource']}",
            )


def contract(text: str) -> Iterator[Message]:
    said = _json(text)
    for each in said.get("findings", []) if isinstance(said, dict) else []:
        yield Message("", 0, json.dumps(each, sort_keys=True))
