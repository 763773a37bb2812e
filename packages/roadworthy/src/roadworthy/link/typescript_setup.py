"""What a TypeScript configuration says once everything it extends is taken in, and which files it takes."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from roadworthy.model.detail.node import CompilerSetup

SOURCES = (".ts", ".tsx", ".mts", ".cts")
SCRIPTS = (".js", ".jsx", ".mjs", ".cjs")
_DECLARED = (".d.ts", ".d.mts", ".d.cts")
_ALWAYS_OUT = ("node_modules", "bower_components", "jspm_packages")
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Setup:
    """A configuration in full. Folders and patterns are relative to the repository; `out` is None where nothing says where
    the output goes, `root` where it follows from the files. `doubt` tells what hides part of it."""

    path: str
    folder: str
    out: str | None
    root: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    files: tuple[str, ...] | None
    emits: bool
    scripts: bool
    composite: bool
    doubt: str = ""


def setup(path: str, known: Mapping[str, CompilerSetup]) -> Setup | None:
    """Return what the configuration at a path says; None where there is none."""
    if path not in known:
        return None
    chain: list[tuple[str, CompilerSetup]] = []
    doubt = _gather(path, known, chain, 0)
    folder = path.rpartition("/")[0]
    said = known[path]
    out = _folder(chain, "out_folder", folder)
    listed = said.files is not None or any(one.files is not None for _, one in chain)
    include = _patterns(chain, "include", folder)
    exclude = _patterns(chain, "exclude", folder)
    files = _patterns(chain, "files", folder)
    if include is None:
        include = () if listed else (joined(folder, "**/*"),)
    if exclude is None:
        exclude = tuple(joined(folder, name) for name in _ALWAYS_OUT)
        exclude += (out,) if out else ()
    if said.references and not include and not files:
        doubt = doubt or "it only refers to other configurations"
    flags = {name: _flag(chain, name) for name in ("emits", "declarations_only", "scripts", "composite")}
    single = next((one.out_file for _, one in chain if one.out_file is not None), None)
    if single is not None:
        doubt = doubt or "it puts everything into one file"
    return Setup(
        path,
        folder,
        out,
        _folder(chain, "root_folder", folder),
        include,
        exclude,
        files,
        flags["emits"] is not False and flags["declarations_only"] is not True,
        flags["scripts"] is True,
        flags["composite"] is True,
        doubt,
    )


def joined(folder: str, path: str) -> str:
    """Return a path or pattern relative to the repository; "" for its root."""
    result = posixpath.normpath(posixpath.join(folder, path.replace("${configDir}", ".")))
    return "" if result == "." else result


def takes(found: Setup, path: str) -> bool:
    """Tell whether a configuration takes a file of the repository by itself (not because another file imports it)."""
    if found.files is not None and path in found.files:
        return True
    endings = (*SOURCES, *SCRIPTS) if found.scripts else SOURCES
    if not path.endswith(endings):
        return False
    return any(_glob(p, whole=False).fullmatch(path) for p in found.include) and not any(
        _glob(p, whole=True).fullmatch(path) for p in found.exclude
    )


def is_declaration(path: str) -> bool:
    """Tell whether a file declares types alone."""
    return path.endswith(_DECLARED)


def emitted(path: str) -> str:
    """Return the name under which the compiler writes what it makes of a file."""
    for ending, made in ((".tsx", ".js"), (".ts", ".js"), (".mts", ".mjs"), (".cts", ".cjs"), (".jsx", ".js")):
        if path.endswith(ending):
            return path.removesuffix(ending) + made
    return path


def _gather(path: str, known: Mapping[str, CompilerSetup], chain: list[tuple[str, CompilerSetup]], depth: int) -> str:
    """Add a configuration and what it extends, the nearest first; return what hides a part."""
    said = known[path]
    folder = path.rpartition("/")[0]
    chain.append((folder, said))
    doubt = ""
    for name in reversed(said.extends):
        if not name.startswith((".", "/")):
            if not name.startswith("@tsconfig/"):
                doubt = doubt or f"`{name}`, which it extends, is not in the repository"
            continue
        base = joined(folder, name)
        target = next((one for one in (base, f"{base}.json", f"{base}/tsconfig.json") if one in known), None)
        if target is None or depth > _DEPTH:
            doubt = doubt or f"`{name}`, which it extends, is not there"
        else:
            doubt = doubt or _gather(target, known, chain, depth + 1)
    return doubt


def _flag(chain: list[tuple[str, CompilerSetup]], name: str) -> bool | None:
    return next((value for _, one in chain if (value := getattr(one, name)) is not None), None)


def _folder(chain: list[tuple[str, CompilerSetup]], name: str, own: str) -> str | None:
    for folder, one in chain:
        text = getattr(one, name)
        if text is not None:
            return joined(own if "${configDir}" in text else folder, text)
    return None


def _patterns(chain: list[tuple[str, CompilerSetup]], name: str, own: str) -> tuple[str, ...] | None:
    for folder, one in chain:
        texts = getattr(one, name)
        if texts is not None:
            return tuple(joined(own if "${configDir}" in text else folder, text) for text in texts)
    return None


@lru_cache(maxsize=1024)
def _glob(pattern: str, *, whole: bool) -> re.Pattern[str]:
    """Return a pattern of `include` or `exclude` as an expression; one without a wildcard or ending is a folder."""
    last = pattern.rpartition("/")[2]
    folder = not re.search(r"[*?]", last) and "." not in last.lstrip(".")
    pieces = list(_pieces(pattern, whole=whole))
    text = "".join(pieces)
    if folder or whole:
        inner = r"(?:[^/]+/)*[^/]+" if whole else r"(?:(?!node_modules/|\.)[^/]+/)*[^/]+"
        tail = f"/{inner}" if text else inner
        text = f"{text}(?:{tail})?" if text else f"(?:{inner})?"
    return re.compile(text)


def _pieces(pattern: str, *, whole: bool) -> Iterator[str]:
    plain = r"[^/]*" if whole else r"(?!\.)[^/]*"
    for piece in re.split(r"(\*\*/|\*\*|\*|\?)", pattern):
        match piece:
            case "**/":
                yield r"(?:[^/]+/)*" if whole else r"(?:(?!node_modules/|\.)[^/]+/)*"
            case "**":
                yield r".*"
            case "*":
                yield plain
            case "?":
                yield "[^/]"
            case _:
                yield re.escape(piece)
