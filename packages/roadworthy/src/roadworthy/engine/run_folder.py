"""Where one run keeps what it found: `.roadworthy/runs/<id>/`, ignored by itself, the last 20 kept."""

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from roadworthy.model.codec import decode, encode
from roadworthy.model.error import RoadworthyError
from roadworthy.model.facts import Facts

KEPT = 20
UNFINISHED_SECONDS = 24 * 3600


def create(root: Path) -> Path:
    """Make a fresh run folder below `root`, or in the temporary folder where `root` cannot be written to.

    A link in its place counts as such: it could lead out of the repository. Return its path. The oldest run folders past the last 20 are removed; a run that is still being written is kept.
    """
    try:
        home = root / ".roadworthy"
        if home.is_symlink() or (home / "runs").is_symlink():
            raise OSError("a link could lead out of the repository")
        home.mkdir(exist_ok=True)
        with suppress(FileExistsError), (home / ".gitignore").open("x", encoding="utf-8") as ignore:
            ignore.write("*\n")
        folder = _fresh(home / "runs")
        _prune(home / "runs", folder)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="roadworthy-run-"))
    return folder


def _fresh(runs: Path) -> Path:
    runs.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    for number in range(1000):
        folder = runs / (f"{stamp}-{os.getpid()}" + (f"-{number}" if number else ""))
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise OSError("no free name for a run folder")


def _prune(runs: Path, current: Path) -> None:
    folders = sorted((f for f in runs.iterdir() if f.is_dir() and not f.is_symlink()), key=lambda folder: folder.name)
    for folder in folders[:-KEPT]:
        ended = (folder / "report.json").exists() or time.time() - folder.stat().st_mtime > UNFINISHED_SECONDS
        if folder != current and ended:
            shutil.rmtree(folder, ignore_errors=True)


def write_facts(folder: Path, facts: Facts) -> None:
    """Store the facts, so that the checks can be run again without the repository."""
    text = json.dumps(encode(facts), ensure_ascii=False, separators=(",", ":"))
    (folder / "facts.json").write_text(text, encoding="utf-8", errors="backslashreplace")


def read_facts(folder: Path) -> Facts:
    """Return the facts a run stored; raise RoadworthyError where there are none or they do not fit this version."""
    path = folder / "facts.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise RoadworthyError(f"{path}: cannot be read ({problem.strerror})") from problem
    except ValueError as problem:
        raise RoadworthyError(f"{path}: not JSON ({problem})") from problem
    facts: Facts = decode(Facts, data)
    return facts


def latest(root: Path) -> Path:
    """Return the newest run folder of a repository; raise RoadworthyError where there is none."""
    runs = root / ".roadworthy" / "runs"
    folders = sorted(runs.glob("*/report.json"), key=lambda path: path.parent.name) if runs.is_dir() else []
    if not folders:
        raise RoadworthyError(f"{root}: no run was stored here; run `roadworthy inspect` or `roadworthy certify` first")
    return folders[-1].parent
