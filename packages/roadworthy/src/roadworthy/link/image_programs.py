"""Which programs an image holds while it is built, step by step."""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from roadworthy.link.image_knowledge import ImageContents, contents, language_programs, system_programs
from roadworthy.link.package_programs import SYSTEM_MANAGERS, brought_along, programs_of, quiet_steps
from roadworthy.model.place import Span
from roadworthy.syntax.command_line import Call, base, calls
from roadworthy.syntax.installs import installed
from roadworthy.syntax.shell import BUILTINS

SEARCH_PATH = frozenset({"/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"})
_ROOTS = frozenset({"/", "/usr", "/usr/local", *SEARCH_PATH})
_LANGUAGE_STEPS = frozenset(
    """
    pip pip3 pipx pipenv poetry uv pdm hatch rye npm yarn pnpm bun gem bundle go cargo composer python python3
    corepack virtualenv npx dotnet mvn gradle
    """.split()
)
_REMOVING = {"apt-get": {"remove", "purge", "autoremove"}, "apt": {"remove", "purge", "autoremove"}, "apk": {"del"}}


@dataclass(frozen=True, slots=True)
class Present:
    """The program is in the image; `at` is what put it there, None where it came with the base image."""

    at: Span | None
    source: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The program is not in the image: it is not in the base image, and no step brings it."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Something that cannot be followed may have brought the program."""

    reason: str
    at: Span


Found = Present | Absent | Doubtful


@dataclass(slots=True)
class Programs:
    """The programs of one image; `base_at` is the place that names the image it starts from."""

    base: ImageContents | None
    base_name: str
    base_at: Span
    added: dict[str, Span] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    virtual: dict[str, list[str]] = field(default_factory=dict)
    opened: Doubtful | None = None
    language: Doubtful | None = None
    installs: Doubtful | None = None

    @classmethod
    def of_image(cls, image: str, at: Span) -> "Programs":
        """Return what an image named by its reference holds."""
        return cls(contents(image) if image else None, image, at)

    def copy(self) -> "Programs":
        """Return a copy that can be added to."""
        virtual = {name: list(packages) for name, packages in self.virtual.items()}
        return replace(self, added=dict(self.added), removed=set(self.removed), virtual=virtual)

    def look(self, program: str) -> Found:
        """Tell whether a program, named alone or by a path on the search path, is in the image."""
        folder, _, name = program.rpartition("/")
        if folder and folder not in SEARCH_PATH:
            return Doubtful(f"what stands at `{program}`", self.base_at)
        if name in self.added:
            return Present(self.added[name], "installed")
        if self.base is None:
            named = f"what `{self.base_name}` holds" if self.base_name else "which image it starts from"
            return Doubtful(named, self.base_at)
        if name in self.base.has:
            if name in self.removed:
                return Doubtful(f"whether a build step removes `{name}`", self.base_at)
            return Present(None, self.base_name)
        if self.opened:
            return self.opened
        if name not in self.base.lacks and not self.base.closed:
            return self.language or Doubtful(f"whether `{self.base_name}` holds `{name}`", self.base_at)
        if self.language and (name not in system_programs() or name in language_programs()):
            return self.language
        if self.installs and name in brought_along():
            return self.installs
        return Absent()

    def run(self, words: tuple[str, ...], at: Span) -> None:
        """Take in what a build step adds and removes."""
        for call in calls(words):
            self._call(call, at)

    def _call(self, call: Call, at: Span) -> None:
        words, name = call.words, base(call.program)
        manager, packages = installed(words)
        if manager in SYSTEM_MANAGERS:
            self._install(words, manager, packages, at)
        elif manager:
            for package in packages:
                self.added |= dict.fromkeys(programs_of(package, manager) or (), at)
            self._open_language(at)
        elif name in _REMOVING and _REMOVING[name] & set(words[1:]):
            self._remove(words)
        elif name in ("curl", "wget"):
            self._download(words, at)
        elif name in ("ln", "cp", "mv", "install"):
            self._put([word for word in words[1:] if not word.startswith("-")], at)
        elif name in _LANGUAGE_STEPS or (name == "make" and "install" not in words):
            self._open_language(at)
        elif name not in quiet_steps() and name not in BUILTINS:
            self._open(f"what `{_shown(call.program)}` brings into the image", at)

    def _install(self, words: tuple[str, ...], manager: str, packages: tuple[str, ...], at: Span) -> None:
        if not packages or any("$" in word or word.endswith((".deb", ".apk", ".rpm")) for word in words[1:]):
            self._open("which packages a build step installs", at)
        group = next((words[i + 1] for i, w in enumerate(words[:-1]) if w in ("-t", "--virtual")), "")
        group = group or next((w.partition("=")[2] for w in words if w.startswith("--virtual=")), "")
        for package in packages:
            found = programs_of(package, manager)
            if found is None:
                self._open(f"what the package `{package}` brings along", at)
                self.added.setdefault(package, at)
            else:
                self.added |= dict.fromkeys(found, at)
            if group and manager == "apk":
                self.virtual.setdefault(group, []).append(package)
        self.installs = self.installs or Doubtful("what the packages a build step installs bring along", at)

    def _remove(self, words: tuple[str, ...]) -> None:
        for word in words[1:]:
            for package in self.virtual.get(word, [word]):
                for program in programs_of(package, "apt") or {package}:
                    self.added.pop(program, None)
                    self.removed.add(program)

    def _download(self, words: tuple[str, ...], at: Span) -> None:
        for flag, word in pairwise(words):
            if re.fullmatch(r"-[a-zA-Z]*[oO]|--output(-document)?", flag):
                self._put(["", word], at)
        for word in words[1:]:
            if match := re.match(r"--output(?:-document)?=(.+)", word):
                self._put(["", match[1]], at)

    def _put(self, paths: list[str], at: Span) -> None:
        if len(paths) < 2:
            return
        *sources, target = paths
        folder, _, name = target.rstrip("/").rpartition("/")
        if target.rstrip("/") in _ROOTS:
            for source in sources:
                self._named(base(source.rstrip("/")), at)
        elif folder in SEARCH_PATH:
            self._named(name, at)

    def _named(self, name: str, at: Span) -> None:
        if "$" in name or "*" in name or not name:
            self._open("what a build step puts on the search path", at)
        else:
            self.added[name] = at

    def copied(self, source: str, destination: str | None, into_folder: bool, holder: "Programs", at: Span) -> None:
        """Take in what COPY brings from another image or stage."""
        if destination is None:
            self._open("where COPY puts its files", at)
            return
        source, target = source.rstrip("/") or "/", destination.rstrip("/") or "/"
        self._open_language(at)
        if source in _ROOTS and target in _ROOTS:
            self.added |= dict.fromkeys(holder.added, at)
            self._open("everything COPY brings onto the search path", at)
        elif target in SEARCH_PATH:
            self._named(base(source), at)
        elif target.rpartition("/")[0] in SEARCH_PATH:
            self._named(base(source) if into_folder else base(target), at)
        elif target in _ROOTS and into_folder and "*" in source:
            self._open("everything COPY brings onto the search path", at)

    def _open(self, reason: str, at: Span) -> None:
        self.opened = self.opened or Doubtful(reason, at)

    def _open_language(self, at: Span) -> None:
        self.language = self.language or Doubtful(
            "what a package manager of a language brings onto the search path", at
        )


def _shown(program: str) -> str:
    return program if len(program) <= 40 else program[:39] + "…"
