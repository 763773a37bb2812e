"""What the commands of pipelines, documents, Makefiles and manifests name, and whether it is there."""

import itertools
import posixpath
import re
from collections import defaultdict
from difflib import get_close_matches

from roadworthy.link.draft import Draft
from roadworthy.model.detail import Detail
from roadworthy.model.detail.pipeline import ActionUse
from roadworthy.model.detail.script import CommandLine, PathUse, ScriptDefined, ScriptUse
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import invocation

_HOLDERS = {"make": ("Makefile", "makefile", "GNUmakefile"), "npm": ("package.json",)}
_FETCHING = frozenset(
    {"curl", "wget", "git", "tar", "unzip", "gh", "aws", "gsutil", "gcloud", "svn", "cookiecutter", "scp"}
)
_MAKING = frozenset({"startproject", "init", "create", "new", "generate", "touch", "tee", "clone"})
_STANDARD = frozenset(
    {"venv", "http", "pip", "unittest", "compileall", "json", "timeit", "site", "ensurepip", "build", "twine"}
)
_PLACEHOLDER = re.compile(r"[{}<>\[\]*]|\.\.\.|…")

MAXIMUM_COMPARED = 500


def derive(draft: Draft) -> None:
    """Add a use for each script, path, module and service that a command names."""
    world = _World(draft)
    found: list[Symbol] = []
    for symbol in draft.of(Kind.STEP, Action.REFERS):
        line = symbol.detail
        if isinstance(line, CommandLine):
            for use in invocation.uses(line.words, line.folder):
                detail = world.look(symbol, line, use)
                if detail is not None:
                    kind = Kind.SCRIPT if isinstance(detail, ScriptUse) else Kind.STEP
                    found.append(
                        Symbol(
                            kind,
                            Action.REFERS,
                            Exact(use.name),
                            symbol.at,
                            phase=symbol.phase,
                            role=symbol.role,
                            detail=detail,
                        )
                    )
    draft.symbols += found


def _fetches(words: tuple[str, ...]) -> bool:
    """Tell whether a command may bring files that are not in the repository."""
    rest = set(words[1:])
    match words[0]:
        case "curl":
            kept = [after for before, after in itertools.pairwise(words) if before in ("-o", "--output")]
            kept += [word.partition("=")[2] for word in words if word.startswith("--output=")]
            short = any(re.fullmatch(r"-[A-Za-z]*[OJ][A-Za-z]*", word) for word in words)
            return short or bool({"--remote-name", "--remote-name-all"} & rest) or any(k != "/dev/null" for k in kept)
        case "git":
            return bool(
                {"clone", "submodule", "pull", "checkout", "archive", "worktree", "lfs", "fetch", "switch"} & rest
            )
        case "gh":
            return bool({"download", "clone", "api", "checkout"} & rest)
        case "aws" | "gcloud":
            return bool({"s3", "s3api", "storage", "scp"} & rest)
    return words[0] in _FETCHING


class _World:
    """What is there to be named."""

    def __init__(self, draft: Draft) -> None:
        # What git keeps is there, even where an ignore rule hides it from the walk.
        self._files = frozenset(draft.files) | (draft.tracked or frozenset())
        self._folders = {""}
        for file in self._files:
            folder = file.rpartition("/")[0]
            while folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]
        self._scripts: dict[tuple[str, str], dict[str, Symbol]] = defaultdict(dict)
        for symbol in draft.of(Kind.SCRIPT, Action.DEFINES):
            if isinstance(symbol.detail, ScriptDefined):
                self._scripts[symbol.detail.runner, symbol.detail.folder].setdefault(str(symbol.name), symbol)
        self._opened = {
            opening.at.path.rpartition("/")[0]: opening.reason for opening in draft.opens if opening.kind is Kind.SCRIPT
        }
        self._services = {
            symbol.component or str(symbol.name)
            for symbol in draft.of(Kind.SERVICE, Action.DEFINES)
            if isinstance(symbol.detail, Workload) and symbol.detail.artifact == "compose"
        } | {str(s.name) for s in draft.of(Kind.SERVICE, Action.DEFINES) if isinstance(s.detail, Workload)}
        self._cronjobs = {
            str(s.name): s.at.path
            for s in draft.of(Kind.SERVICE, Action.DEFINES)
            if isinstance(s.detail, Workload) and s.detail.form == "cronjob"
        }
        # A chart, or a prefix that a kustomization adds, gives other names than the manifests here.
        self._hidden_names = any(
            o.kind is Kind.SERVICE and re.search(r"Helm|prefix|suffix|elsewhere", o.reason) for o in draft.opens
        )
        self._compose = any(artifact.kind.startswith("compose") for artifact in draft.artifacts)
        self._fetching: set[tuple[str, str]] = set()
        self._written: dict[tuple[str, str], set[str]] = defaultdict(set)
        # Where a document leads its reader out of the repository: below that, relative paths mean something else.
        self._leaving: dict[tuple[str, str], int] = {}
        for symbol in draft.of(Kind.STEP, Action.REFERS):
            line = symbol.detail
            made = isinstance(line, CommandLine) and (_fetches(line.words) or _MAKING & set(line.words))
            if isinstance(line, CommandLine) and line.source == "document" and line.words[0] == "cd":
                to = line.words[1] if len(line.words) == 2 else ""
                if to.startswith(("/", "~")) or (to.startswith("$") and "/" in to):
                    self._leaving.setdefault((symbol.at.path, line.owner), symbol.at.line)
            if isinstance(line, CommandLine) and line.writes:
                owner = line.owner if line.source == "pipeline" else ""
                self._written[symbol.at.path, owner] |= {target.rpartition("/")[2] for target in line.writes}
            if isinstance(line, CommandLine) and made:
                self._fetching.add((symbol.at.path, line.owner if line.source == "pipeline" else ""))
            elif isinstance(line, ActionUse) and "download" in str(symbol.name):
                self._fetching.add((symbol.at.path, line.job))

    def look(self, symbol: Symbol, line: CommandLine, use: invocation.Use) -> Detail | None:
        """Return what becomes of one use, None where nothing can be said."""
        if use.form in _HOLDERS:
            return self._script(symbol, line, use)
        if use.form == "cronjob":
            return self._cronjob(symbol, line, use)
        if use.form == "service":
            return self._service(line, use)
        found = self._found(symbol, line, use)
        key = (symbol.at.path, line.owner if line.source == "pipeline" else "")
        written = self._written.get(key, set())
        if found is False and (
            key in self._fetching or use.name.rpartition("/")[2] in written or "$" in "".join(written)
        ):
            found = None
        if found is False and line.source == "document" and self._left(symbol, line):
            found = None
        close = self._closest(use) if found is False else ""
        return PathUse(line.source, line.owner, use.form, found, close, " ".join(line.words)[:120])

    def _left(self, symbol: Symbol, line: CommandLine) -> bool:
        return symbol.at.line > self._leaving.get((symbol.at.path, line.owner), symbol.at.line)

    def _places(self, symbol: Symbol, line: CommandLine, use: invocation.Use) -> list[str]:
        if line.source != "document":
            return [] if use.folder is None else [use.folder]
        own = symbol.at.path.rpartition("/")[0]
        return sorted({"", own, own.partition("/")[0], *([use.folder] if use.folder else [])})

    def _script(self, symbol: Symbol, line: CommandLine, use: invocation.Use) -> Detail | None:
        holders = [
            (folder, name)
            for folder in self._places(symbol, line, use)
            for name in _HOLDERS[use.form]
            if posixpath.join(folder, name) in self._files
        ]
        if line.source == "document" and _PLACEHOLDER.search(use.name):
            return None
        if line.source == "make" and line.words == ("make", use.name):
            return None if not self._scripts["make", line.folder or ""].get(use.name) else self._use(line, use, holders)
        if line.source == "document" and not holders:
            every = sorted({folder for runner, folder in self._scripts if runner == use.form})
            holders = [(folder, _HOLDERS[use.form][0]) for folder in every]
        if line.source == "document" and any(
            use.name in scripts for (runner, _), scripts in self._scripts.items() if runner == use.form
        ):
            return ScriptUse(line.source, line.owner, use.form, "", found=True)
        if use.folder is None and line.source != "document":
            return None
        return self._use(line, use, holders)

    def _use(self, line: CommandLine, use: invocation.Use, holders: list[tuple[str, str]]) -> ScriptUse:
        known: dict[str, Symbol] = {}
        reason = "" if use.sure else "the command chooses another file, package or program"
        for folder, _ in holders:
            known |= self._scripts[use.form, folder]
            reason = reason or self._opened.get(folder, "")
        holder = posixpath.join(*holders[0]) if holders else ""
        found = use.name in known
        # A target may also be a file that is there already.
        if use.form == "make" and not found and any(posixpath.join(f, use.name) in self._files for f, _ in holders):
            found = True
        if (
            use.form == "npm"
            and use.name == "start"
            and any(posixpath.join(f, "server.js") in self._files for f, _ in holders)
        ):
            found = True
        close = () if found else get_close_matches(use.name, sorted(known)[:MAXIMUM_COMPARED], 3, 0.5)
        names = tuple(close) or tuple(sorted(known))[:6]
        return ScriptUse(line.source, line.owner, use.form, holder, found, () if found else names, reason)

    def _service(self, line: CommandLine, use: invocation.Use) -> PathUse | None:
        if not self._compose or not self._services:
            return None
        found: bool | None = use.name in self._services
        if not found and not use.sure:
            found = None
        close = next(iter(get_close_matches(use.name, self._services, 1, 0.5)), "")
        return PathUse(line.source, line.owner, "service", found, close, " ".join(line.words)[:120])

    def _cronjob(self, symbol: Symbol, line: CommandLine, use: invocation.Use) -> PathUse | None:
        """Return whether the CronJob is defined of which a command makes a Job."""
        if not self._cronjobs or self._hidden_names:
            return None
        found = use.name in self._cronjobs
        close = get_close_matches(use.name, sorted(self._cronjobs), 1, 0.5) or sorted(self._cronjobs)[:1]
        nearest = "" if found else self._cronjobs[close[0]]
        return PathUse(line.source, line.owner, "cronjob", found, nearest, " ".join(line.words)[-120:])

    def _found(self, symbol: Symbol, line: CommandLine, use: invocation.Use) -> bool | None:
        if use.form == "module":
            return self._module(use.name)
        path = posixpath.normpath(use.name)
        places = self._places(symbol, line, use)
        if any(self._there(folder, path) for folder in places):
            return True
        # A folder that was not seen is made on the way, or an ignore rule hides it.
        unseen = all(place not in self._folders for place in places)
        if unseen or path.startswith("..") or not use.sure:
            return None
        if line.source == "document" and self._somewhere(path):
            return None
        return False

    def _there(self, folder: str, path: str) -> bool:
        joined = posixpath.normpath(posixpath.join(folder, path))
        return joined in self._files or joined in self._folders or joined == "."

    def _somewhere(self, path: str) -> bool:
        ending = "/" + path.removeprefix("./")
        return any(("/" + file).endswith(ending) for file in self._files) or any(
            ("/" + folder).endswith(ending) for folder in self._folders
        )

    def _module(self, name: str) -> bool | None:
        """Tell whether a module is here; None for one that may be installed."""
        path = name.replace(".", "/")
        top = path.partition("/")[0]
        if any(self._somewhere(end) for end in (f"{path}.py", f"{path}/__init__.py", f"{path}/__main__.py")):
            return True
        ours = self._somewhere(f"{top}/__init__.py") or self._somewhere(f"{top}.py")
        return False if ours and "/" in path and top not in _STANDARD else None

    def _closest(self, use: invocation.Use) -> str:
        name = use.name.rstrip("/").rpartition("/")[2]
        names: dict[str, str] = {}
        for path in [*sorted(self._files), *sorted(self._folders)]:
            names.setdefault(path.rpartition("/")[2], path)
        close = get_close_matches(name, names, 1, 0.85)
        if close:
            return names[close[0]]
        folder, ending = (
            posixpath.normpath(posixpath.join(use.folder or "", use.name)).rpartition("/")[0],
            "." + name.rpartition(".")[2],
        )
        beside = [p for p in sorted(self._files) if p.rpartition("/")[0] == folder and p.endswith(ending)]
        near = get_close_matches(name, [p.rpartition("/")[2] for p in beside], 1, 0.4)
        return posixpath.join(folder, near[0]) if near else ""
