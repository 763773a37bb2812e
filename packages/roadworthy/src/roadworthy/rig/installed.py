"""What the subject has installed: its virtual environment, its node_modules, and what they take from the source tree."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAMES = (".venv", "venv", "env", ".env")


def is_virtual_environment(folder: Path) -> bool:
    """Say whether a folder is a virtual environment."""
    return (folder / "pyvenv.cfg").is_file()


def virtual_environment_of(root: Path) -> Path | None:
    """Return the environment of a tree: in it, or in a folder above it up to the repository's root."""
    for folder in _up_to_repository(root):
        for name in NAMES:
            if is_virtual_environment(folder / name):
                return folder / name
    return None


def node_modules_of(root: Path) -> tuple[Path, ...]:
    """Return the node_modules folders of a tree, nearest first, up to the repository's root."""
    return tuple(folder / "node_modules" for folder in _up_to_repository(root) if (folder / "node_modules").is_dir())


def editable_folders(environment: Path | None, root: Path) -> tuple[Path, ...]:
    """Return the folders of the tree that an environment imports from in place, so that a copy can take their part."""
    if environment is None:
        return ()
    found: dict[Path, None] = {}
    for packages in sorted(environment.glob("lib/python*/site-packages")):
        for folder in (*_path_lines(packages), *_editable_installs(packages)):
            resolved = folder.resolve()
            if resolved.is_relative_to(root) and resolved.is_dir():
                found[resolved] = None
    return tuple(found)


def _up_to_repository(root: Path) -> Iterator[Path]:
    for folder in (root, *root.parents):
        yield folder
        if (folder / ".git").exists():
            return
        if folder == root and not any((above / ".git").exists() for above in root.parents):
            return


def _path_lines(packages: Path) -> Iterator[Path]:
    for file in sorted(packages.glob("*.pth")):
        for line in file.read_text(errors="replace").splitlines():
            if line.strip() and not line.startswith(("#", "import ", "import\t")):
                yield packages / line.strip()


def _editable_installs(packages: Path) -> Iterator[Path]:
    for file in sorted(packages.glob("*.dist-info/direct_url.json")):
        try:
            told = json.loads(file.read_text())
        except ValueError:
            continue
        address = urlsplit(str(told.get("url", ""))) if isinstance(told, dict) else urlsplit("")
        if address.scheme == "file" and told.get("dir_info", {}).get("editable"):
            project = Path(unquote(address.path))
            yield from (project / "src", project)
