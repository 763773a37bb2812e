"""Which file of JavaScript a component starts, and which others that one needs."""

import posixpath
import re
from collections.abc import Iterator

from roadworthy.link import node_packages
from roadworthy.link.draft import Draft
from roadworthy.link.javascript_modules import JavascriptModules
from roadworthy.link.node_packages import Leaf, Package
from roadworthy.link.source_trees import within
from roadworthy.model.component import Component
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.module import ModulesNeeded
from roadworthy.model.detail.node import BuilderSetup, CompilerSetup
from roadworthy.model.words import FileRole
from roadworthy.syntax import shell

_RUNNERS = frozenset(
    {"node", "nodejs", "tsx", "ts-node", "ts-node-dev", "nodemon", "bun", "swc-node", "esr", "pm2-runtime", "dumb-init"}
)
_TAKING = frozenset(
    {
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "--env-file",
        "-P",
        "--project",
        "-C",
        "--max-old-space-size",
        "-e",
        "--exec",
        "--ext",
        "--name",
        "--conditions",
    }
)
_BUILT = re.compile(r"(?:dist|build|out|lib|output|compiled|\.build)(?:/|$)")
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})


def leaves(use: CommandUse, component: Component, known: dict[str, Package]) -> Iterator[Leaf]:
    """Yield the programs a start command calls in the end, with the folder of the package they are called in."""
    folder = _package(component, known)
    for words in _commands(use):
        yield from node_packages.leaves(words, folder, known)


def _commands(use: CommandUse) -> Iterator[tuple[str, ...]]:
    words = use.words
    text = ""
    if use.form == "shell":
        text = " ".join(words)
    elif len(words) >= 3 and words[0].rpartition("/")[2] in _SHELLS and words[1].startswith("-") and "c" in words[1]:
        text = words[2]
    if not text:
        yield words
        return
    for command in shell.parse(text).commands:
        yield command.words


def _package(component: Component, known: dict[str, Package]) -> str | None:
    """Return the folder of the package a component is made of."""
    held = [folder for folder in known if within(folder + "/", component.sources) is not None]
    if held:
        return min(held, key=lambda folder: (folder.count("/") + bool(folder), folder))
    above = [
        folder for folder in known if any(not folder or (s + "/").startswith(folder + "/") for s in component.sources)
    ]
    return max(above, key=len, default=None)


def started(leaf: Leaf, modules: JavascriptModules, draft: Draft) -> str | None:
    """Return the source file that a program runs, through what compilers make of it; None where it is not seen."""
    folder = leaf.folder or ""
    words = [word for word in leaf.words if word not in ("exec", "--")]
    if not words:
        return None
    program = words[0].rpartition("/")[2]
    if program == "nest" and "start" in words:
        base = next((s.detail.sources for s in draft.symbols if isinstance(s.detail, BuilderSetup)), "src")
        return modules.file("/" + posixpath.join(folder, base, "main"), "")
    if program not in _RUNNERS:
        return None
    script = _script(words[1:])
    return source(script, folder, modules, draft) if script else None


def _script(words: list[str]) -> str:
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in _TAKING and rest:
            rest.pop(0)
        elif word in _RUNNERS or word in ("watch", "run", "start") or word.startswith("-"):
            continue
        elif "$" not in word:
            return word
        else:
            return ""
    return ""


def source(script: str, folder: str, modules: JavascriptModules, draft: Draft) -> str | None:
    """Return the file that a path written in a package means: itself, or what it is compiled from."""
    places = []
    written = script.removeprefix("./")
    if written.startswith("/"):
        # A path in the image: its end is one in the package.
        parts = written.strip("/").split("/")
        places = ["/".join(parts[start:]) for start in range(len(parts))]
    else:
        places = [written]
    for place in places:
        found = modules.file("/" + posixpath.normpath(posixpath.join(folder, place)), "")
        if found is not None:
            return found
        for inner in _sources(place, folder, draft):
            found = modules.file("/" + posixpath.normpath(posixpath.join(folder, inner)), "")
            if found is not None:
                return found
    return None


def _sources(place: str, folder: str, draft: Draft) -> Iterator[str]:
    setups = [
        s.detail
        for s in draft.symbols
        if isinstance(s.detail, CompilerSetup) and s.at.path.rpartition("/")[0] == folder
    ]
    for setup in setups:
        out = posixpath.normpath(setup.out_folder) if setup.out_folder else ""
        if out and place.startswith(out + "/"):
            inner = place[len(out) + 1 :]
            yield from (posixpath.join(setup.root_folder or ".", inner), inner, posixpath.join("src", inner))
    if _BUILT.match(place):
        inner = place.partition("/")[2]
        yield from (posixpath.join("src", inner), inner, posixpath.join("app", inner), posixpath.join("server", inner))


def reached(draft: Draft, modules: JavascriptModules, start: str) -> frozenset[str]:
    """Return a file and all files of the repository that it needs, directly or through others."""
    needs: dict[str, tuple[str, ...]] = {
        symbol.at.path: symbol.detail.modules
        for symbol in draft.symbols
        if isinstance(symbol.detail, ModulesNeeded) and symbol.role is FileRole.PROD
    }
    found = {start}
    pending = [start]
    while pending:
        path = pending.pop()
        for module in needs.get(path, ()):
            target = modules.file(module, path)
            if target is not None and target not in found:
                found.add(target)
                pending.append(target)
    return frozenset(found)
