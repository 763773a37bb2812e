"""Looks for secrets in everything the subject wrote and showed."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from roadworthy.engine.drive.redactor import Redactor, spellings
from roadworthy.model.trial import Leak

FILE_BYTES = 16_000_000
LOG_SUFFIXES = frozenset({".log", ".out", ".err", ".txt"})
LOG_FOLDERS = frozenset({"log", "logs"})
SHOWN = 200


def search(places: Iterable[tuple[str, str]], sought: Mapping[str, str], redactor: Redactor) -> Iterator[Leak]:
    """Yield every line of the places (where, text) that shows a secret; `sought` maps names to secrets."""
    by_spelling = {spelling: name for name, secret in sought.items() for spelling in spellings(secret)}
    for where, text in places:
        if not any(spelling in text for spelling in by_spelling):
            continue
        for line in text.splitlines():
            for name in dict.fromkeys(name for spelling, name in by_spelling.items() if spelling in line):
                yield Leak(name, where, _shown(redactor.clean(line)))


def written_files(folder: Path, since: float) -> Iterator[tuple[str, str]]:
    """Yield name and text of each log below a folder that was written after a moment (seconds since the epoch).

    Logs are known by their suffix or folder: what the service stores as data may well hold a secret.
    """
    for file in sorted(folder.rglob("*")):
        is_log = file.suffix in LOG_SUFFIXES or LOG_FOLDERS & set(file.relative_to(folder).parts[:-1])
        if not is_log or file.is_symlink() or not file.is_file():
            continue
        status = file.stat()
        if status.st_mtime >= since and status.st_size <= FILE_BYTES:
            yield file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8", errors="replace")


def _shown(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
