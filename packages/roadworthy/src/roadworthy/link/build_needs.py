"""Which packages the steps of an image need, and whether what it installs leaves them out."""

import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from roadworthy.link.build_contexts import Contexts
from roadworthy.link.image_files import locate
from roadworthy.link.image_stages import Stage, named
from roadworthy.link.located import InRepository
from roadworthy.link.node_installs import Install, install
from roadworthy.link.node_packages import MANAGERS, Leaf, Package, leaves, run
from roadworthy.link.stage_places import before, folder_of, variables_of
from roadworthy.model.detail.build import BuildNeed
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.command_line import base, calls, shell_calls

_TABLE = Path(__file__).with_name("node_programs.toml")
_STARTS = ("entrypoint", "command")
_LIFECYCLE = ("preinstall", "install", "postinstall")
_LOADING = frozenset({"-r", "--require", "--import", "--loader", "--experimental-loader"})
_NODE = frozenset({"node", "nodejs"})
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class _Installed:
    """What the last steps that install leave in a folder. `doubt` is the place of what cannot be followed, with why."""

    installs: tuple[Install, ...]
    doubt: tuple[Span, str] | None = None


def needs(
    stages: list[Stage], contexts: Contexts, packages: dict[str, Package], berry: frozenset[str]
) -> Iterator[Symbol]:
    """Yield what the steps of one Dockerfile need; `berry` are the folders that yarn 2 or later installs."""
    reader = _Reader(stages, contexts, packages, berry)
    for stage in stages:
        if not stage.needed:
            continue
        for symbol in stage.statements:
            use = symbol.detail
            if isinstance(use, CommandUse) and use.purpose == "run" and not use.optional and use.words:
                yield from reader.step(stage, symbol, use)
        if stage.shipped:
            for purpose in _STARTS:
                last = stage.last(purpose)
                if last is not None and isinstance(last.detail, CommandUse):
                    yield from reader.start(stage, last, last.detail)


@dataclass(slots=True)
class _Reader:
    stages: list[Stage]
    contexts: Contexts
    packages: dict[str, Package]
    berry: frozenset[str]

    def step(self, stage: Stage, symbol: Symbol, use: CommandUse) -> Iterator[Symbol]:
        """Yield what a build step needs, the scripts that an installation runs among it."""
        folder = folder_of(stage, symbol)
        package = self._package(folder, stage)
        if folder is None or package is None:
            return
        done = self._install(stage, symbol, use, package)
        if done is not None:
            names: tuple[str, ...] = () if done.adds or done.everywhere or not done.scripts else _LIFECYCLE
            if names and base(use.words[0]) in ("npm", "pnpm") and "prune" not in use.words:
                names = (*names, "prepare")
            found = _Installed((done,))
            for name in names:
                for leaf in run(name, package.folder, self.packages) or ():
                    yield from self._need(symbol, leaf, package, found, "build")
            return
        found_before: _Installed | None = None
        for leaf in leaves(use.words, package.folder, self.packages):
            found_before = found_before or self._installed(stage, symbol, folder, package, 0)
            yield from self._need(symbol, leaf, package, found_before, "build")

    def start(self, stage: Stage, symbol: Symbol, use: CommandUse) -> Iterator[Symbol]:
        """Yield what the container's own command needs."""
        folder = stage.folder()
        package = self._package(folder, stage)
        if folder is None or package is None:
            return
        commands = shell_calls(use.words[0]) if use.form == "shell" and use.words else calls(use.words)
        top = [call.words for call in commands if not call.optional]
        found: _Installed | None = None
        for words in top if use.form == "shell" else [use.words]:
            for leaf in leaves(words, package.folder, self.packages):
                found = found or self._installed(stage, None, folder, package, 0)
                yield from self._need(symbol, leaf, package, found, "start")

    def _package(self, folder: str | None, stage: Stage) -> Package | None:
        if folder is None:
            return None
        found = locate(posixpath.join(folder, "package.json"), stage, self.stages, self.contexts)
        return self.packages.get(found.path.rpartition("/")[0]) if isinstance(found, InRepository) else None

    def _install(self, stage: Stage, symbol: Symbol, use: CommandUse, package: Package) -> Install | None:
        for call in calls(use.words):
            if base(call.program) in MANAGERS:
                variables = variables_of(stage, symbol)
                return install(call.words, symbol.at, variables, berry=package.folder in self.berry)
        return None

    def _installed(self, stage: Stage, step: Symbol | None, folder: str, package: Package, depth: int) -> _Installed:
        """Return what lies in a folder's node_modules before a step."""
        target = posixpath.join(folder, "node_modules")
        found: list[Install] = []
        if depth > _DEPTH:
            return _Installed((), (stage.at, "what stages hand on to one another"))
        for link, symbol in before(stage, step):
            match symbol.detail:
                case CommandUse(purpose="run", words=words) as use if words:
                    done = self._install(link, symbol, use, package)
                    here = folder_of(link, symbol)
                    if done is not None and (done.everywhere or here == folder):
                        found.append(done)
                        if not done.adds and not done.everywhere:
                            return _Installed(tuple(found))
                    elif done is None and "node_modules" in " ".join(words) and base(words[0]) in ("cp", "mv", "ln"):
                        return _Installed(tuple(found), (symbol.at, "what a build step puts into node_modules"))
                    elif done is not None and (here is None or folder.startswith(here.rstrip("/") + "/")):
                        return _Installed(tuple(found), (symbol.at, "what is installed in a folder above"))
                case CopySource(origin=origin) as copied if origin:
                    destination = link.absolute(copied.destination)
                    if destination is None or not isinstance(symbol.name, Exact):
                        continue
                    inner = _inside(target, destination, symbol.name.text, into=copied.into_folder)
                    if inner is None:
                        continue
                    other = named(self.stages, origin, link.index)
                    if other is None and symbol.name.text == "/":
                        continue
                    if other is None or not inner.endswith("/node_modules"):
                        return _Installed(tuple(found), (symbol.at, "what another image holds"))
                    parent = inner.removesuffix("/node_modules") or "/"
                    own = self._package(parent, other)
                    if own is not None and own.folder != package.folder:
                        return _Installed(tuple(found), (symbol.at, "the packages of another manifest"))
                    handed = self._installed(other, None, parent, package, depth + 1)
                    if handed.installs or handed.doubt:
                        return _Installed((*found, *handed.installs), handed.doubt)
        return _Installed(tuple(found))

    def _need(self, symbol: Symbol, leaf: Leaf, package: Package, found: _Installed, purpose: str) -> Iterator[Symbol]:
        if leaf.optional or leaf.hidden or not leaf.words or not (found.installs or found.doubt):
            return
        own = self.packages.get(leaf.folder) if leaf.folder is not None else None
        if own is None or own.folder != package.folder:
            return
        for program, names, versioned in _asked(leaf):
            asked = next((package.asked[name] for name in names if name in package.asked), None)
            if asked is None or versioned:
                continue
            name = str(asked[0].name)
            state, why, last = _state(name, asked, package, found)
            if last is None:
                continue
            if state == "left out" and program in _table()["common"]["programs"]:
                state, why = "unclear", f"other packages often bring `{program}` along"
            script = leaf.scripts[-1] if leaf.scripts else None
            detail = BuildNeed(
                program,
                purpose,
                state,
                why,
                "by npx" if leaf.by_npx else "",
                last.at,
                last.omitted_at,
                asked[0].at,
                getattr(script.detail, "owner", "") if script else "",
                script.at if script else None,
            )
            yield Symbol(
                Kind.PACKAGE, Action.REFERS, Exact(name), symbol.at, phase="image", role=symbol.role, detail=detail
            )


def _state(name: str, asked: list[Symbol], package: Package, found: _Installed) -> tuple[str, str, Install | None]:
    """Return whether a package is there, why that is not clear, and the installation that decides."""
    groups = {s.detail.group for s in asked if isinstance(s.detail, Dependency)}
    last = found.installs[-1] if found.installs else None
    adding = next((i for i in found.installs if name in i.adds), None)
    if adding is not None:
        return "there", "", adding
    if found.doubt is not None:
        at, why = found.doubt
        return "unclear", why, last or Install(at, None, at, "")
    if last is None or (last.adds or last.everywhere):
        return "unclear", "no step installs the packages of the manifest", None
    if "" in groups or "optional" in groups:
        return "there", "", last
    if groups == {"peer"} or last.omits is None:
        return "unclear", f"`{last.how}` is decided when the image is built", last
    if last.omits is False:
        return "there", "", last
    bringing = [p for p in _table()["brings"].get(name, ()) if p in package.asked]
    if any(s.phase == "run" for p in bringing for s in package.asked[p]):
        return "unclear", f"`{bringing[0]}` may bring it along", last
    return "left out", last.how, last


def _asked(leaf: Leaf) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Yield each program a call needs, the packages that bring it, and whether the call names a version to fetch."""
    word = leaf.words[0]
    if "$" in word or "/" in word.removeprefix("node_modules/.bin/").removeprefix("./node_modules/.bin/").lstrip("@"):
        return
    program = base(word)
    if program in _NODE:
        for option, value in zip(leaf.words[1:], leaf.words[2:], strict=False):
            if option in _LOADING and re.match(r"@?[A-Za-z]", value):
                parts = value.split("/")
                name = "/".join(parts[:2]) if value.startswith("@") else parts[0]
                yield value, (name,), False
        return
    versioned = leaf.by_npx and "@" in word[1:]
    name = word[:1] + word[1:].partition("@")[0]
    yield program, (*_table()["programs"].get(program, ()), name), versioned


def _inside(target: str, destination: str, source: str, *, into: bool) -> str | None:
    """Return where in the other stage a path lies that `COPY --from` puts at `target`; None where it puts nothing there."""
    origin = posixpath.normpath("/" + source.lstrip("/"))
    folder = destination.rstrip("/") + "/"
    if target == destination.rstrip("/"):
        return origin if not into or base(origin) != "node_modules" else f"{origin}"
    if target.startswith(folder):
        return f"{origin.rstrip('/')}/{target.removeprefix(folder)}"
    return None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
