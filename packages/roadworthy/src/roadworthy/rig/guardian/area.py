"""The work area: a fresh folder that the unprivileged user may enter, and that goes away whatever happens."""

import os
import pwd
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PREFIX = "roadworthy-"


def create(user: str | None) -> Path:
    """Make the area in the temporary folder; `user` (and nobody else but us) may enter it, but not list or write it."""
    area = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_reachable_folder(user)))
    if user is not None:
        os.chown(area, -1, pwd.getpwnam(user).pw_gid)
        area.chmod(0o710)
    return area


def remove(area: Path, within_seconds: float = 10.0) -> bool:
    """Remove the area, also where a folder was made read-only or something is still being written; say if it is gone."""
    until = time.monotonic() + within_seconds
    while True:
        shutil.rmtree(area, onerror=_open_and_retry)
        if not area.exists() or time.monotonic() > until:
            return not area.exists()
        time.sleep(0.02)


def _open_and_retry(operation: Callable[..., Any], path: str, _: object) -> None:
    for each in (Path(path).parent, Path(path)):
        try:
            if stat.S_ISDIR(each.lstat().st_mode):
                each.chmod(0o700)
        except OSError:
            continue
    try:
        if operation in (os.open, os.scandir, os.listdir):
            shutil.rmtree(path, ignore_errors=True)
        else:
            operation(path)
    except OSError:
        return  # `remove` looks at the area itself, and tries again


def _reachable_folder(user: str | None) -> str:
    """Return the temporary folder, or a usual one when the unprivileged user could not reach it."""
    candidates = [tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108 - only a parent for mkdtemp
    if user is None:
        return candidates[0]
    for candidate in candidates:
        folder = Path(candidate).resolve()
        if folder.is_dir() and all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents)):
            return str(folder)
    return candidates[0]
