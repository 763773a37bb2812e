"""What well-known images hold, by name and tag; `image_knowledge.toml` is the table, each row with its source."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_suffix(".toml")
_PUBLIC = frozenset(
    """
    docker.io index.docker.io registry-1.docker.io registry.hub.docker.com public.ecr.aws mirror.gcr.io
    ghcr.io gcr.io quay.io mcr.microsoft.com
    """.split()
)
# Clients of object stores and backup tools: no image of a language, a distribution or a database brings them along.
_CLIENTS = frozenset("aws gsutil az gcloud rclone restic borg age mc s3cmd s5cmd kopia duplicity azcopy wal-g".split())
_NUMBER = re.compile(r"v?(\d+)")


@dataclass(frozen=True, slots=True)
class ImageContents:
    """What an image holds: programs known to be there, programs known to be absent (all others where it is `closed`).

    `entrypoint` tells what becomes of a command: "none" (it is the program), "wrapper" (a script runs it), "program" (it
    is only arguments), "" where unknown. `folder` is the working folder, None where unknown; `user` whom its
    processes run as: "root", "other", "" where unknown or where a daemon gives up root by itself.
    """

    image: str
    has: frozenset[str]
    lacks: frozenset[str]
    closed: bool
    entrypoint: str
    folder: str | None
    user: str
    source: str


@cache
def contents(image: str) -> ImageContents | None:
    """Return what an image holds, None where nothing is known of it."""
    name, tag = parted(image)
    if name is None or tag is None:
        return None
    number = _NUMBER.match(tag)
    for row in _rows():
        if re.fullmatch(row["name"], name) and re.fullmatch(row.get("tag", ".*"), tag) and _within(row, number, tag):
            return _contents(image, row)
    return None


def parted(image: str) -> tuple[str | None, str | None]:
    """Return the name of a public image without its registry, and its tag ("latest" where neither tag nor digest is
    given); None for the name of an image from a registry that is not public, for the tag where only a digest is."""
    name, _, digest = image.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    name = head + slash + last
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        name = rest if first in _PUBLIC else ""
    name = name.removeprefix("docker/library/").removeprefix("library/")
    return name or None, tag or (None if digest else "latest")


@cache
def system_programs() -> frozenset[str]:
    """Return the programs that come with a system package, never with a language's package manager."""
    return frozenset(_table()["system"]["names"]) | _CLIENTS


@cache
def language_programs() -> frozenset[str]:
    """Return those of the system's programs that a language's package manager may bring after all."""
    return frozenset(_table()["system"]["languages"]) | {"aws", "gsutil", "az", "s3cmd", "duplicity", "borg"}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _table()["image"]
    return rows


def _within(row: dict[str, Any], number: re.Match[str] | None, tag: str) -> bool:
    if "from" not in row and "below" not in row:
        return True
    if number is None:
        return bool(row.get("latest")) and tag == "latest"
    return bool(row.get("from", 0) <= int(number[1]) < row.get("below", 10**9))


def _contents(image: str, row: dict[str, Any]) -> ImageContents:
    has: set[str] = set()
    lacks: set[str] = set()
    closed = False
    layers = [row]
    while "on" in layers[-1]:
        layers.append(_table()["base"][layers[-1]["on"]])
    for layer in reversed(layers):
        lacks = (lacks | set(layer.get("lacks", ()))) - set(layer.get("has", ())) - set(layer.get("unknown", ()))
        has = (has | set(layer.get("has", ()))) - set(layer.get("lacks", ())) - set(layer.get("unknown", ()))
        closed = closed or bool(layer.get("closed"))
    return ImageContents(
        image,
        frozenset(has),
        frozenset(lacks | (_CLIENTS - has)) if lacks or closed else frozenset(lacks),
        closed,
        row.get("entrypoint", ""),
        row.get("folder"),
        _user(row, image),
        row["source"],
    )


def _user(row: dict[str, Any], image: str) -> str:
    if "nonroot" in image or "unprivileged" in image or "rootless" in image:
        return "other"
    given: str = row.get("user", "root" if row.get("entrypoint") == "none" and "on" in row else "")
    return given
