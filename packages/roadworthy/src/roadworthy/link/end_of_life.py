"""Which images, actions and runners stand in a version nobody keeps up; `end_of_life.toml` is the table, with its date."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from roadworthy.link.draft import Draft
from roadworthy.link.image_knowledge import parted
from roadworthy.model.detail import Detail
from roadworthy.model.detail.pipeline import ActionUse, PipelineJob
from roadworthy.model.detail.release import VersionEnded
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_TABLE = Path(__file__).with_suffix(".toml")
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)")
_DEBIAN = {"jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13"}
_UBUNTU = {"xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04", "noble": "24.04"}
_RUNTIME = "https://github.blog/changelog/2024-09-25-end-of-life-for-actions-node16/"
_COMMANDS = re.compile(r"::(set-output|save-state|set-env|add-path)(?:\s+name=|::)")
_WITHDRAWN = "https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/"


def derive(draft: Draft) -> None:
    """Add a statement for each image, action, runner and workflow command whose version can be read."""
    found: dict[tuple[object, ...], Symbol] = {}
    for symbol in _aged(draft):
        found.setdefault((symbol.at, symbol.name, symbol.detail), symbol)
    draft.symbols += found.values()


def _aged(draft: Draft) -> Iterator[Symbol]:
    for symbol in draft.symbols:
        if symbol.kind is Kind.IMAGE and symbol.action is Action.REFERS and isinstance(symbol.name, Exact):
            if symbol.phase not in ("release", "age"):
                for detail in _image(symbol.name.text):
                    yield _about(symbol, Kind.IMAGE, symbol.name.text, detail)
        elif isinstance(symbol.detail, ActionUse) and symbol.detail.form == "tag":
            aged = _action(str(symbol.name), symbol.detail.version)
            if aged is not None:
                yield _about(symbol, Kind.STEP, str(symbol.name), aged)
        elif isinstance(symbol.detail, PipelineJob) and symbol.detail.runner:
            yield _about(symbol, Kind.STEP, symbol.detail.runner, _runner(symbol.detail.runner))
        elif isinstance(symbol.detail, CommandLine) and symbol.detail.words[:1] == ("echo",):
            yield from _command(symbol, " ".join(symbol.detail.words))


def _command(symbol: Symbol, text: str) -> Iterator[Symbol]:
    found = _COMMANDS.search(text)
    if found is not None:
        name = f"::{found[1]}::"
        gone = found[1] in ("set-env", "add-path")
        since = "switched off since 2020-11" if gone else "to be withdrawn, announced in 2022-10"
        detail = VersionEnded("ended", "workflow command", name, since, _WITHDRAWN, "$GITHUB_OUTPUT")
        yield _about(symbol, Kind.STEP, name, detail)


def _about(symbol: Symbol, kind: Kind, name: str, detail: Detail) -> Symbol:
    return Symbol(kind, Action.DEFINES, Exact(name), symbol.at, symbol.component, "age", symbol.role, detail)


def _image(image: str) -> Iterator[VersionEnded]:
    name, tag = parted(image)
    if name is None or tag is None or "$" in image:
        return
    words = re.split(r"[-.]", tag)
    for row in _table()["distribution"]:
        named = next((word for word in words if word in row["names"]), "")
        if named:
            instead = image.replace(named, row["instead"])
            yield VersionEnded("ended", named, "", row["since"], row["source"], instead)
            return
    version = {"debian": _DEBIAN, "ubuntu": _UBUNTU}.get(name, {}).get(words[0], tag)
    number = _NUMBER.match(version)
    if number is None:
        return
    for row in _table()["image"]:
        if re.fullmatch(row["name"], name):
            kept = _parts(row["before"])
            given = _parts(number[1])
            # A tag that names only the major version stands for its newest.
            ended = given < kept[: len(given)]
            state = "ended" if ended else "kept"
            yield VersionEnded(state, name, number[1], row["since"], row["source"], row["instead"])
            return


def _action(name: str, version: str) -> VersionEnded | None:
    number = _NUMBER.match(version.rpartition("/")[2])
    for row in _table()["action"]:
        if row["name"] == name.lower() and number:
            major = int(number[1].partition(".")[0])
            if major >= row["before"]:
                return VersionEnded("kept", name, version, "", _RUNTIME, "")
            if row["before"] == 9999:
                return VersionEnded(
                    "ended", name, version, "it is archived", f"https://github.com/{name}", "another action"
                )
            fails = (
                "it has been taken out of service" if major < row.get("fails", 0) else "it runs on a Node past its end"
            )
            return VersionEnded("ended", name, version, fails, _RUNTIME, f"{name}@v{row['before']}")
    return None


def _runner(runner: str) -> VersionEnded:
    for row in _table()["runner"]:
        if runner in row["names"]:
            return VersionEnded("ended", "runner", runner, row["since"], row["source"], row["instead"])
    return VersionEnded("kept", "runner", runner, "", "", "")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
