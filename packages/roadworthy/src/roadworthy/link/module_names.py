"""Which file the name of a module means, and what another module hands on under its own name.

Python names are dotted; those of JavaScript are `module:name`, where `module:default` is the module itself as well.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from roadworthy.link.javascript_modules import ENDINGS, JavascriptModules

_MAXIMUM_STEPS = 12


class ModuleNames:
    """The modules of a repository by their names, and the names they hand on.

    `stars` are the modules of which one hands on everything, `known` the names that something is said of.
    """

    def __init__(
        self,
        files: Iterable[str],
        handed_on: Mapping[str, str],
        scripts: JavascriptModules | None = None,
        stars: Mapping[str, list[str]] | None = None,
        known: AbstractSet[str] = frozenset(),
    ) -> None:
        self._modules: dict[str, list[str]] = defaultdict(list)
        self._handed_on = handed_on
        self._scripts = scripts
        self._stars = stars or {}
        self._known = {part for name in (*known, *handed_on) for part in (name, _top(name))}
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
            if self._scripts is not None and not path.endswith(".py"):
                path = self._scripts.file(path, seen_from) or path
                name = f"{path}:{inner}"
            seen_from = path
            target = self._handed_on.get(name)
            if target is None:
                root, _, rest = inner.partition(".")
                target = self._handed_on.get(f"{path}:{root}")
                target = f"{target}.{rest}" if target is not None and rest else self._of_script(path, inner)
            if target is None:
                return name
            name = target
        return name

    def _of_script(self, path: str, inner: str) -> str | None:
        """Return another name for what a module of JavaScript exports: without `default`, or from what it exports all of."""
        if not path.endswith(ENDINGS) or f"{path}:{inner}" in self._known:
            return None
        if inner.startswith("default.") and _top(f"{path}:{inner[8:]}") in self._known:
            return f"{path}:{inner[8:]}"
        plain = inner.removeprefix("default.")
        for source in self._stars.get(path, ()):
            found = self._scripts.file(source.partition(":")[0], path) if self._scripts is not None else None
            if found is not None and (_top(f"{found}:{plain}") in self._known or found in self._stars):
                return f"{found}:{plain}"
        return None

    def _locate(self, name: str, seen_from: str) -> str | None:
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            files = self._modules.get(".".join(parts[:length]))
            if files:
                return f"{_nearest(files, seen_from)}:{'.'.join(parts[length:])}"
        return None


def _top(name: str) -> str:
    """Return a name without the members taken of it."""
    path, _, inner = name.partition(":")
    return f"{path}:{inner.partition('.')[0]}"


def _nearest(files: list[str], seen_from: str) -> str:
    """Return the file that shares the longest folder with where it is named."""

    def shared(file: str) -> tuple[int, int, str]:
        common = posixpath.commonpath([posixpath.dirname(file) or ".", posixpath.dirname(seen_from) or "."])
        return (-len(common), len(file), file)

    return min(files, key=shared)
