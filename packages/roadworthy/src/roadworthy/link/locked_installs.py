"""Whether what builds and pipelines install is what the lock file beside the manifest says."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from pathspec import GitIgnoreSpec

from roadworthy.link.draft import Draft
from roadworthy.link.image_builds import builds
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import CopySource, StageBuilt
from roadworthy.model.detail.manifest import ManifestRead
from roadworthy.model.detail.release import BuildMount, InstallFound
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.install_command import Install, read

_LOCKS = {
    "npm": ("package-lock.json", "npm-shrinkwrap.json"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml",),
    "bun": ("bun.lock", "bun.lockb"),
    "poetry": ("poetry.lock",),
    "uv": ("uv.lock",),
    "pdm": ("pdm.lock",),
    "pipenv": ("Pipfile.lock",),
}
_NODE = ("npm", "yarn", "pnpm", "bun")
_PYTHON = ("poetry", "uv", "pdm", "pipenv")


@dataclass(frozen=True, slots=True)
class _Lock:
    path: str
    manager: str


def derive(draft: Draft) -> None:
    """Add a statement for each command that installs what a manifest asks for."""
    draft.symbols += list(_Installs(draft).found())


class _Installs:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._files = frozenset(draft.files)
        self._loose = {
            str(s.name)
            for s in draft.of(Kind.PACKAGE, Action.REFERS)
            if isinstance(s.detail, ManifestRead) and s.detail.asked > s.detail.pinned and s.detail.kind != "locked"
        }
        self._mounts = [s for s in draft.of(Kind.FILE, Action.DEFINES) if isinstance(s.detail, BuildMount)]
        self._contexts: dict[str, set[str]] = {}
        for build in builds(draft):
            if build.context is not None:
                self._contexts.setdefault(build.dockerfile, set()).add(build.context)

    def found(self) -> Iterator[Symbol]:
        """Yield what each command installs from."""
        copies, stages, runs = self._dockerfiles()
        for symbol in runs:
            use = symbol.detail
            install = read(use.words) if isinstance(use, CommandUse) else None
            if install is None or not isinstance(use, CommandUse) or use.stage is None:
                continue
            context = self._context(symbol.at.path)
            if context is None:
                continue
            chain = _chain(stages.get(symbol.at.path, {}), use.stage)
            before = [c for c in copies.get(symbol.at.path, []) if _stage(c) in chain and c.at < symbol.at]
            if any(c.detail.origin for c in before if isinstance(c.detail, CopySource)):
                # What another stage put together may hold anything.
                before = []
            yield from self._judge(symbol, " ".join(use.words), install, self._folder(before, context), context, before)
        for symbol in self._draft.of(Kind.STEP, Action.REFERS):
            line = symbol.detail
            if isinstance(line, CommandLine) and line.source == "pipeline" and line.folder is not None:
                install = read(line.words)
                if install is not None:
                    yield from self._judge(symbol, " ".join(line.words), install, line.folder, None, None)

    def _dockerfiles(self) -> tuple[dict[str, list[Symbol]], dict[str, dict[int, int | None]], list[Symbol]]:
        copies: dict[str, list[Symbol]] = {}
        stages: dict[str, dict[int, int | None]] = {}
        runs: dict[tuple[object, ...], Symbol] = {}
        for symbol in self._draft.symbols:
            match symbol.detail:
                case CopySource():
                    copies.setdefault(symbol.at.path, []).append(symbol)
                case StageBuilt() as built:
                    stages.setdefault(symbol.at.path, {})[built.index] = built.base_stage
                case CommandUse(purpose="run"):
                    runs.setdefault((symbol.at, symbol.detail), symbol)
        return copies, stages, list(runs.values())

    def _context(self, dockerfile: str) -> str | None:
        """Return the one folder a Dockerfile is built in, None where it can be several."""
        known = self._contexts.get(dockerfile, set())
        if len(known) == 1:
            return min(known)
        return None if known else dockerfile.rpartition("/")[0]

    def _folder(self, before: list[Symbol], context: str) -> str:
        """Return the folder of the context whose manifest was copied last."""
        for symbol in sorted(before, key=lambda s: s.at, reverse=True):
            source = str(symbol.name).strip("./")
            folder, _, name = source.rpartition("/")
            if name.startswith(
                ("package", "pyproject", "requirements", "Pipfile", "yarn", "poetry", "uv.")
            ) or name.endswith((".in", ".txt")):
                return posixpath.normpath(posixpath.join(context, folder)) if folder else context
            whole = posixpath.normpath(posixpath.join(context, source))
            if any(posixpath.join(whole, manifest) in self._files for manifest in ("package.json", "pyproject.toml")):
                return whole
        return context

    def _seen(self, dockerfile: str, lock: str) -> bool:
        """Tell whether a build step sees the lock file, or everything, without copying it."""
        name = posixpath.basename(lock)
        mounted = [str(s.name) for s in self._mounts if s.at.path == dockerfile]
        return any(posixpath.basename(path) == name or path in (".", "./") for path in mounted)

    def _judge(
        self,
        symbol: Symbol,
        command: str,
        install: Install,
        folder: str,
        context: str | None,
        before: list[Symbol] | None,
    ) -> Iterator[Symbol]:
        folder = "" if folder == "." else folder
        family = _NODE if install.manager in _NODE else _PYTHON
        locks = [
            _Lock(posixpath.join(folder, name), manager)
            for manager in family
            for name in _LOCKS[manager]
            if posixpath.join(folder, name) in self._files
        ]
        compiled = (
            posixpath.join(folder, install.file.removesuffix(".in") + ".txt") if install.file.endswith(".in") else ""
        )
        if compiled in self._files:
            locks = [_Lock(compiled, "pip")]
        if not locks:
            return
        own = next((lock for lock in locks if lock.manager == install.manager), None)
        lock = own or locks[0]
        obeyed, why = self._obeys(install, lock, own is not None, folder, pipeline=before is None)
        judged = obeyed is not False and own is not None and before is not None and context is not None
        copied = _copied(before or [], lock.path, context or "") if judged else None
        if copied is False and not self._seen(symbol.at.path, lock.path):
            obeyed, why = False, f"{posixpath.basename(lock.path)} is not copied before it"
        if obeyed is None and not why:
            return
        detail = InstallFound(command[:100], lock.path, obeyed, why, _INSTEAD.get(lock.manager, ""))
        yield Symbol(Kind.PACKAGE, Action.REFERS, Exact(lock.path), symbol.at, "", "install", symbol.role, detail)

    def _obeys(
        self, install: Install, lock: _Lock, own: bool, folder: str, *, pipeline: bool
    ) -> tuple[bool | None, str]:
        name = posixpath.basename(lock.path)
        if lock.manager == "pip":
            return False, f"it reads {install.file}, not {name}"
        if install.renews:
            return False, f"it renews {name} instead of keeping to it"
        if own:
            if install.frozen:
                return True, ""
            if install.manager == "yarn" and posixpath.join(folder, ".yarnrc.yml") in self._files:
                return (True, "") if pipeline else (None, "")
            if install.manager in ("pnpm", "poetry", "uv", "pdm") and (pipeline or install.manager != "pnpm"):
                return True, ""
            return False, f"it may take other versions than {name}"
        if install.manager == "pip" and install.file:
            path = posixpath.normpath(posixpath.join(folder, install.file))
            if path not in self._files or path not in self._loose:
                return None, ""
            return False, f"it reads {install.file}, whose versions are not fixed, and not {name}"
        if install.manager == "pip" and not install.project:
            return None, ""
        return False, f"`{install.manager}` does not read {name}"


_INSTEAD = {
    "npm": "npm ci",
    "yarn": "yarn install --frozen-lockfile",
    "pnpm": "pnpm install --frozen-lockfile",
    "bun": "bun install --frozen-lockfile",
    "poetry": "poetry install --only main",
    "uv": "uv sync --locked --no-dev",
    "pdm": "pdm sync --prod",
    "pipenv": "pipenv sync",
    "pip": "pip install -r requirements.txt",
}


def _stage(symbol: Symbol) -> int:
    return symbol.detail.stage if isinstance(symbol.detail, CopySource) else -1


def _chain(stages: dict[int, int | None], index: int) -> set[int]:
    found: set[int] = set()
    current: int | None = index
    while current is not None and current not in found:
        found.add(current)
        current = stages.get(current)
    return found


def _copied(before: list[Symbol], lock: str, context: str) -> bool | None:
    """Tell whether a COPY before the install takes the lock file along; None where that cannot be told."""
    inner = lock[len(context) + 1 :] if context and lock.startswith(context + "/") else lock
    for symbol in before:
        if not isinstance(symbol.name, Exact):
            return None
        source = symbol.name.text.removeprefix("./").strip("/")
        if source in ("", ".") or inner == source or inner.startswith(source + "/"):
            return True
        try:
            if any(c in source for c in "*?[") and GitIgnoreSpec.from_lines([f"/{source}"]).match_file(inner):
                return True
        except ValueError:
            return None
    return False if before else None
