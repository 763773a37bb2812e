"""The environment of a process of the run, built from nothing: no variable of ours reaches the subject."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/homebrew/bin")


def environment(
    area: Path,
    variables: Mapping[str, str],
    *,
    programs: Sequence[Path] = (),
    python_path: Sequence[Path] = (),
) -> dict[str, str]:
    """Return PATH (the subject's programs first), a home and a temporary folder in the area, and the given variables.

    What is given wins. Python writes its output at once, so that lines are captured when they are written.
    """
    home, temporary = area / "home", area / "tmp"
    for folder in (home, temporary):
        folder.mkdir(exist_ok=True)
    built = {
        "PATH": os.pathsep.join(str(folder) for folder in (*programs, *system_folders())),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }
    if python_path:
        built["PYTHONPATH"] = os.pathsep.join(str(folder) for folder in python_path)
    if programs and (programs[0].parent / "pyvenv.cfg").is_file():
        built["VIRTUAL_ENV"] = str(programs[0].parent)
    return built | dict(variables)


def system_folders() -> tuple[str, ...]:
    """Return where the system's programs are: our PATH without our own virtual environment, then the usual folders."""
    ours = {str(Path(folder) / "bin") for folder in (sys.prefix, os.environ.get("VIRTUAL_ENV", "")) if folder}
    base = str(Path(sys.base_prefix) / "bin")
    inherited = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if Path(folder).is_absolute()]
    folders = [folder for folder in inherited if folder not in ours or folder == base]
    return tuple(dict.fromkeys((*folders, *SYSTEM_FOLDERS)))
