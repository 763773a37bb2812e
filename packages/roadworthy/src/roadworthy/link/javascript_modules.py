"""Which file a module of JavaScript or TypeScript means: relative, by an alias of tsconfig.json, or by a package's name."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from roadworthy.model.detail.node import CompilerSetup
from roadworthy.model.symbol import Symbol

ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_WRITTEN = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_MAXIMUM_EXTENDS = 4


class JavascriptModules:
    """The modules of a repository, and the compilers' set-ups that give them further names."""

    def __init__(self, files: Iterable[str], setups: Mapping[str, CompilerSetup]) -> None:
        self._files = frozenset(file for file in files if file.endswith(ENDINGS))
        self._setups = setups
        self._known: dict[tuple[str, str], str | None] = {}

    def file(self, module: str, seen_from: str) -> str | None:
        """Return the file that a module named in a file means: `/src/x` from the root, `@/x` by an alias; None if foreign."""
        if not self._files:
            return None
        folder = posixpath.dirname(seen_from)
        if (module, folder) not in self._known:
            self._known[module, folder] = self._find(module, folder)
        return self._known[module, folder]

    def _find(self, module: str, folder: str) -> str | None:
        if module.startswith(("./", "../")) or module in (".", ".."):
            module = "/" + posixpath.normpath(posixpath.join(folder, module)).lstrip("./")
        if module.startswith("/"):
            return self._at(module.lstrip("/"))
        for candidate in self._aliased(module, folder):
            found = self._at(posixpath.normpath(candidate).lstrip("/"))
            if found is not None:
                return found
        return None

    def _at(self, path: str) -> str | None:
        if path in self._files:
            return path
        stem, ending = posixpath.splitext(path)
        written = (stem + other for other in _WRITTEN.get(ending, ()))
        plain = (path + other for other in ENDINGS)
        inside = (posixpath.join(path, "index" + other) for other in ENDINGS)
        return next((one for one in (*written, *plain, *inside) if one in self._files), None)

    def _aliased(self, module: str, folder: str) -> Iterator[str]:
        for base, setup in self._setups_above(folder):
            root = posixpath.join(base, setup.base_folder or ".")
            for pattern, target in setup.paths or ():
                before, star, after = pattern.partition("*")
                if star and module.startswith(before) and module.endswith(after) and len(module) >= len(before + after):
                    taken = module[len(before) : len(module) - len(after)]
                    yield posixpath.join(root, target.replace("*", taken))
                elif not star and module == pattern:
                    yield posixpath.join(root, target)
            if setup.base_folder is not None:
                yield posixpath.join(root, module)
        if module.startswith(("@/", "~/", "#/")):
            above = folder
            while True:
                yield posixpath.join(above, module[2:])
                yield posixpath.join(above, "src", module[2:])
                if not above:
                    return
                above = posixpath.dirname(above)
        elif module.startswith(("src/", "app/")):
            above = folder
            while above:
                above = posixpath.dirname(above)
                yield posixpath.join(above, module)

    def _setups_above(self, folder: str) -> Iterator[tuple[str, CompilerSetup]]:
        """Yield the set-ups that count in a folder, the nearest first, each with what it extends."""
        while True:
            for name in ("tsconfig.json", "jsconfig.json", "tsconfig.base.json", "tsconfig.app.json"):
                path = posixpath.join(folder, name)
                for _ in range(_MAXIMUM_EXTENDS):
                    setup = self._setups.get(path)
                    if setup is None:
                        break
                    yield posixpath.dirname(path), setup
                    if not setup.extends or not setup.extends[0].startswith("."):
                        break
                    path = posixpath.normpath(posixpath.join(posixpath.dirname(path), setup.extends[0]))
                    path = path if path.endswith(".json") else path + ".json"
            if not folder:
                return
            folder = posixpath.dirname(folder)


def of(files: Iterable[str], symbols: Iterable[Symbol]) -> JavascriptModules:
    """Return the modules of a repository with the aliases its compilers' set-ups give them."""
    setups = {str(s.name): s.detail for s in symbols if isinstance(s.detail, CompilerSetup)}
    return JavascriptModules(files, setups)
