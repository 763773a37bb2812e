"""Find the file that describes the subject, and read it."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadworthy.engine.configuration.subject import parse_subject
from roadworthy.engine.configuration.table import Mistakes, Table
from roadworthy.model.error import RoadworthyError
from roadworthy.model.subject import Subject

OWN_FILE = "roadworthy.toml"
PROJECT_FILE = "pyproject.toml"
SIZE_LIMIT_BYTES = 1_000_000
# `tomllib` keeps every prefix of a key: memory grows with the square of its parts.
_DOTS = re.compile(rb"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The file, and the table in it that is ours."""

    file: str
    prefix: str
    table: dict[str, Any]


def find_configuration(root: Path) -> Configuration | None:
    """Return the subject's own tables, None where nobody wrote any; raise RoadworthyError on what cannot be read."""
    if not root.is_dir():
        raise RoadworthyError(f"{root}: not a folder")
    own = _parse(root / OWN_FILE)
    project = _parse(root / PROJECT_FILE)
    within = _roadworthy_table(project)
    if own is not None and within is not None:
        raise RoadworthyError(f"{OWN_FILE} and {PROJECT_FILE} [tool.roadworthy] both describe the service; keep one")
    if own is not None:
        return Configuration(OWN_FILE, "", own)
    if within is not None:
        return Configuration(PROJECT_FILE, "tool.roadworthy.", within)
    return None


def read_subject(root: Path) -> Subject:
    """Read the description of the service in `root`.

    Raise RoadworthyError with every mistake in it, or when there is none to read.
    """
    found = find_configuration(root)
    if found is None:
        raise RoadworthyError(
            f"{root / OWN_FILE} does not exist; to be driven, a service needs at least\n"
            '  [service]\n  name = "…"\n  start = "… --port {port}"'
        )
    mistakes = Mistakes(found.file)
    subject = parse_subject(Table(found.table, found.prefix, mistakes), found.file, root)
    mistakes.raise_if_any()
    if subject is None:
        raise RoadworthyError(f"{found.file}: [service] cannot be read")
    return subject


def _roadworthy_table(project: dict[str, Any] | None) -> dict[str, Any] | None:
    tool = (project or {}).get("tool")
    table = tool.get("roadworthy") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise RoadworthyError(f"{PROJECT_FILE}: tool.roadworthy: expected a table")
    return table


def _parse(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RoadworthyError(f"{path.name}: cannot be read: {error.strerror}") from error
    if len(data) > SIZE_LIMIT_BYTES:
        raise RoadworthyError(f"{path.name}: larger than {SIZE_LIMIT_BYTES:,} bytes; this is no configuration")
    if _DOTS.search(data):
        raise RoadworthyError(f"{path.name}: a key of more than 100 parts; this is no configuration")
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RoadworthyError(f"{path.name}:{line}: not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise RoadworthyError(f"{path.name}: not TOML: {error}") from error
