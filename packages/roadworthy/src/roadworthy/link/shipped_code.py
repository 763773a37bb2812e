"""Whether the code an image starts finds in the image what it loads: the modules it imports, the files it reads."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.link.build_contexts import Contexts
from roadworthy.link.build_output import Outputs
from roadworthy.link.draft import Draft
from roadworthy.link.image_files import locate
from roadworthy.link.image_programs import Doubtful
from roadworthy.link.image_stages import Stage
from roadworthy.link.located import Built, InRepository, Located
from roadworthy.link.typescript_setup import emitted
from roadworthy.link.written_paths import source
from roadworthy.model.detail.build import CodeWanted, ModuleNeeds
from roadworthy.model.detail.image import CopySource
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_MAXIMUM_MODULES = 600
_SCRIPTED = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
# Files that programs look for themselves, in the folder they are started in.
_CONFIGURED = {
    "alembic": ("alembic.ini",),
    "prisma": ("prisma/schema.prisma", "schema.prisma"),
    "drizzle-kit": ("drizzle.config.ts", "drizzle.config.js"),
    "knex": ("knexfile.js", "knexfile.ts", "knexfile.cjs", "knexfile.mjs"),
}


@dataclass(frozen=True, slots=True)
class Started:
    """A file that an image starts: where it lies there, and the file of the repository it is or is made of."""

    at: str
    source: str
    stage: Stage
    stages: list[Stage]
    command: Symbol


@dataclass(slots=True)
class Shipped:
    """Follows the code of images from what they start."""

    draft: Draft
    contexts: Contexts
    outputs: Outputs
    needs: dict[str, ModuleNeeds] = field(default_factory=dict)
    mounted: tuple[tuple[str, str], ...] = ()
    files: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.files = frozenset(self.draft.files)
        for symbol in self.draft.of(Kind.CONSTRUCT, Action.REFERS):
            if isinstance(symbol.detail, ModuleNeeds):
                self.needs[symbol.at.path] = symbol.detail

    def follow(self, started: Started, covered: tuple[str, ...]) -> Iterator[Symbol]:
        """Yield what the code of one image needs that is in the repository, with whether it is in the image; `covered` are
        the folders of the image over which something is mounted."""
        pending, seen = [(started.at, started.source)], {started.source}
        while pending and len(seen) < _MAXIMUM_MODULES:
            at, path = pending.pop()
            needs = self.needs.get(path)
            if needs is None:
                continue
            for text, line, column, end, _ in needs.modules:
                for target, place in self._modules(started, needs.language, at, path, text):
                    here = Span(path, line, column, line, end)
                    found = self._look(place, started, covered)
                    if target not in seen:
                        seen.add(target)
                        yield self._judged(started, path, here, text, place, target, found)
                        if isinstance(found, InRepository | Built):
                            pending.append((place[0], target))
            for text, line, column, end, relative in needs.files:
                here = Span(path, line, column, line, end)
                yield from self._file(started, at, path, text, here, relative, covered)

    def configured(
        self, command: Symbol, words: tuple[str, ...], stage: Stage, stages: list[Stage]
    ) -> Iterator[Symbol]:
        """Yield whether the image holds the file that a program looks for in the folder it is started in."""
        names = _CONFIGURED.get(words[0].rpartition("/")[2], ())
        folder = stage.folder()
        if folder is None or not names or {"-c", "--config", "--schema", "-n", "generate", "--knexfile"} & set(words):
            return
        here = sorted({file for file in self.files for name in names if f"/{file}".endswith("/" + name)})
        found = [locate(posixpath.join(folder, name), stage, stages, self.contexts) for name in names]
        if len(here) != 1 or any(isinstance(one, Doubtful) for one in found):
            return
        started = Started("", "", stage, stages, command)
        if words[0].rpartition("/")[2] == "alembic":
            yield from self._scripts(started, words, folder, here[0])
        there = next((one for one in found if one is not None), None)
        place = posixpath.join(folder, names[0])
        yield self._judged(started, " ".join(words[:3]), command.at, names[0], place, here[0], there)

    def _scripts(self, started: Started, words: tuple[str, ...], folder: str, ini: str) -> Iterator[Symbol]:
        """Yield whether the image holds the folder of scripts that `alembic.ini` lies beside."""
        above = ini.rpartition("/")[0]
        kept = sorted(
            file.rpartition("/")[0]
            for file in self.files
            if file.endswith("/script.py.mako") and f"{file.rpartition('/')[0]}/env.py" in self.files
        )
        if len(kept) != 1 or not (not above or kept[0].startswith(above + "/")):
            return
        inner = kept[0][len(above) :].strip("/")
        place = posixpath.join(folder, inner, "env.py")
        found = locate(place, started.stage, started.stages, self.contexts)
        if not isinstance(found, Doubtful):
            text = " ".join(words[:3])
            yield self._judged(started, text, started.command.at, inner, place, f"{kept[0]}/env.py", found)

    def _look(self, places: tuple[str, ...], started: Started, covered: tuple[str, ...]) -> Located:
        doubt: Located = None
        for place in places:
            if any(place == one or place.startswith(one.rstrip("/") + "/") for one in covered):
                return Built(started.stage.path)
            found = locate(place, started.stage, started.stages, self.contexts)
            if isinstance(found, InRepository | Built):
                return found
            doubt = doubt or found
        return doubt

    def _modules(
        self, started: Started, language: str, at: str, path: str, text: str
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the files of the repository that an import means, each with where it lies in the image if it is there."""
        if language == "python":
            yield from self._python(at, path, text)
            return
        target = source(path, text, self.files)
        if target is None or target.endswith(".d.ts"):
            return
        inner = posixpath.relpath(target, path.rpartition("/")[0] or ".")
        compiled = at.endswith((".js", ".mjs", ".cjs")) and path.endswith((".ts", ".tsx", ".mts", ".cts"))
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(at), emitted(inner) if compiled else inner))
        yield target, (whole,)

    def _python(self, at: str, path: str, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        inner = path
        roots: list[tuple[str, str]] = []
        # The root of the imports is where the file's path in the image and in the repository stop being the same.
        image, folder = at, path
        while True:
            image, folder = posixpath.dirname(image), posixpath.dirname(folder)
            roots.append((folder, image))
            if not folder or posixpath.basename(folder) != posixpath.basename(image):
                break
        if text.startswith("."):
            level = len(text) - len(text.lstrip("."))
            if level > len(roots):
                return
            roots, text = [roots[level - 1]], text.lstrip(".")
        parts = text.split(".")
        for folder, image in reversed(roots):
            for length in (len(parts), len(parts) - 1):
                stem = "/".join(parts[:length])
                for ending in (".py", "/__init__.py") if stem else ():
                    target = "/".join(p for p in (folder, stem + ending) if p)
                    if target in self.files and target != inner:
                        yield target, (posixpath.join(image, stem + ending),)
                        return

    def _file(
        self, started: Started, at: str, path: str, text: str, here: Span, relative: str, covered: tuple[str, ...]
    ) -> Iterator[Symbol]:
        if relative == "module":
            target = _normal(path.rpartition("/")[0], text)
            place = posixpath.normpath(posixpath.join(posixpath.dirname(at), text))
        else:
            folder = started.stage.folder()
            if folder is None:
                return
            root = self._root(started, folder)
            if root is None:
                return
            target, place = _normal(root, text), posixpath.normpath(posixpath.join(folder, text))
        if target is None or not target:
            return
        inside = (
            [target]
            if target in self.files
            else sorted(self.contexts.below(target))
            if target in self.contexts.folders
            else []
        )
        if not inside:
            return
        shown = inside[0]
        inner = shown[len(target) :].lstrip("/")
        found = self._look((posixpath.join(place, inner) if inner else place,), started, covered)
        yield self._judged(started, path, here, text, place, target, found)

    def _root(self, started: Started, folder: str) -> str | None:
        """Return the folder of the repository that the folder stands for in which the program is started."""
        manifest = locate(posixpath.join(folder, "package.json"), started.stage, started.stages, self.contexts)
        if isinstance(manifest, InRepository):
            return manifest.path.rpartition("/")[0]
        inner = posixpath.relpath(started.at, folder)
        if inner.startswith("..") or not ("/" + started.source).endswith("/" + inner):
            return None
        return started.source.removesuffix(inner).rstrip("/")

    def _judged(
        self,
        started: Started,
        path: str,
        here: Span,
        text: str,
        sought: str | tuple[str, ...],
        target: str,
        found: Located,
    ) -> Symbol:
        state, why = "there", ""
        if isinstance(found, Doubtful):
            state, why = "unclear", found.reason
        elif found is None:
            state = "left out"
        place = sought if isinstance(sought, str) else sought[0]
        detail = CodeWanted(path, text, state, why, place, target, started.stage.at, self._near(started, target))
        role = started.command.role
        return Symbol(Kind.CONTENT, Action.REFERS, Exact(text), here, started.stage.id, "code", role, detail)

    def _near(self, started: Started, target: str) -> Span | None:
        """Return the line of the Dockerfile, or the configuration of the compiler, that takes what lies nearest."""
        best: tuple[int, Span] | None = None
        for stage in started.stages:
            for symbol in stage.statements:
                copied = symbol.detail
                if isinstance(copied, CopySource) and not copied.origin and stage.needed:
                    name = str(symbol.name).strip("./")
                    shared = len(posixpath.commonprefix([name, target]))
                    if best is None or shared >= best[0]:
                        best = (shared, symbol.at)
        return best[1] if best is not None else None


def _normal(folder: str, path: str) -> str | None:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return None if joined.startswith("..") else "" if joined == "." else joined
