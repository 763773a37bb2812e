"""Which file a dotted Python name means, and what another module hands on under its own name."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping

_MAXIMUM_STEPS = 12


class ModuleNames:
    """The modules of a repository by their dotted names, and the names they hand on."""

    def __init__(self, files: Iterable[str], handed_on: Mapping[str, str]) -> None:
        self._modules: dict[str, list[str]] = defaultdict(list)
        self._handed_on = handed_on
        for file in files:
            if file.endswith(".py"):
                parts = file.removesuffix(".py").removesuffix("/__init__").split("/")
                for start in range(max(len(parts) - 6, 0), len(parts)):
                    self._modules[".".join(parts[start:])].append(file)

    def settle(self, name: str, seen_from: str) -> str:
        """Return `path:name` for what a dotted name means in the end; the name itself where it is not of this repository."""
        seen: set[str] = set()
        for _ in range(_MAXIMUM_STEPS):
            if name in seen:
                return name
            seen.add(name)
            if ":" not in name:
                found = self._locate(name, seen_from)
                if found is None:
                    return name
                name = found
            path, _, inner = name.partition(":")
            seen_from = path
            target = self._handed_on.get(name)
            if target is None:
                root, _, rest = inner.partition(".")
                target = self._handed_on.get(f"{path}:{root}")
                if target is None or not rest:
                    return name
                target = f"{target}.{rest}"
            name = target
        return name

    def _locate(self, name: str, seen_from: str) -> str | None:
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            files = self._modules.get(".".join(parts[:length]))
            if files:
                return f"{_nearest(files, seen_from)}:{'.'.join(parts[length:])}"
        return None


def _nearest(files: list[str], seen_from: str) -> str:
    """Return the file that shares the longest folder with where it is named."""

    def shared(file: str) -> tuple[int, int, str]:
        common = posixpath.commonpath([posixpath.dirname(file) or ".", posixpath.dirname(seen_from) or "."])
        return (-len(common), len(file), file)

    return min(files, key=shared)
