"""What the build steps of JavaScript put into an image: the files a compiler or bundler writes, and where."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from roadworthy.link.build_contexts import Contexts
from roadworthy.link.build_effect import Effect, esbuild, option
from roadworthy.link.draft import Draft
from roadworthy.link.image_programs import Doubtful
from roadworthy.link.image_stages import Stage, named
from roadworthy.link.located import Built, InRepository, Located
from roadworthy.link.node_packages import MANAGERS, Leaf, Package, leaves, packages
from roadworthy.link.stage_places import folder_of
from roadworthy.link.typescript_setup import Setup, emitted, is_declaration, joined, setup, takes
from roadworthy.link.written_paths import handed, image, matches, source, top
from roadworthy.model.detail.build import ModuleNeeds
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.node import BuilderSetup, CompilerSetup
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.syntax.command_line import base

# Programs that write no file a service starts, or only change what is there.
_QUIET = frozenset(
    """
    echo rm rimraf del del-cli mkdir mkdirp eslint prettier tslint biome tsc-alias tscpaths resolve-tspaths prisma husky
    cross-env cross-env-shell true test [ chmod chown run-s run-p npm-run-all npm-run-all2 node-prune modclean jest vitest
    mocha sentry-cli patch-package only-allow npx lint-staged simple-git-hooks is-ci depcheck knip env-cmd dotenv ls cat
    npm pnpm yarn bun cd set export sleep sed date printf git typechain is-docker exit graphql-codegen openapi-typescript
    """.split()
)
# Folders that tools write and no `node` command of a service looks into otherwise.
_FOLDERS = {"next": ".next", "nuxt": ".output", "nuxi": ".output", "astro": "dist", "svelte-kit": ".svelte-kit"}
_MAXIMUM_FILES = 4000
_MAXIMUM_STAGES = 6


Locate = Callable[[str, Stage, list[Stage], Contexts, int], Located]


@dataclass(slots=True)
class Outputs:
    """Everything that builds write, worked out step by step as it is asked for."""

    draft: Draft
    locate: Locate
    known: dict[str, Package] = field(default_factory=dict)
    setups: dict[str, CompilerSetup] = field(default_factory=dict)
    builders: dict[str, BuilderSetup] = field(default_factory=dict)
    needed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    effects: dict[tuple[str, Symbol], list[Effect]] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = packages(self.draft)
        for symbol in self.draft.of(Kind.SETTING, Action.DEFINES):
            if isinstance(symbol.detail, CompilerSetup):
                self.setups[symbol.at.path] = symbol.detail
            elif isinstance(symbol.detail, BuilderSetup):
                self.builders[symbol.at.path.rpartition("/")[0]] = symbol.detail
        files = frozenset(self.draft.files)
        for symbol in self.draft.of(Kind.CONSTRUCT, Action.REFERS):
            if isinstance(symbol.detail, ModuleNeeds) and symbol.detail.language == "javascript":
                typed = symbol.at.path.endswith((".ts", ".tsx", ".mts", ".cts"))
                seen = [text for text, *_, how in symbol.detail.modules if how == "import" or not typed]
                found = (source(symbol.at.path, text, files) for text in seen)
                self.needed[symbol.at.path] = tuple(one for one in found if one is not None)

    def at(self, path: str, step: Symbol, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int) -> Located:
        """Return what a build step leaves at a path of the image; None where it leaves nothing there."""
        for effect in reversed(self.of(step, stage, stages, contexts, depth)):
            if path in effect.files:
                return Built(effect.files[path] if effect.compiled else stage.path)
            if effect.below is not None and (not effect.below or path.startswith(effect.below.rstrip("/") + "/")):
                return Doubtful(effect.why, step.at)
        return None

    def reads(self, use: CommandUse) -> bool:
        """Tell whether a step is one whose output can be worked out."""
        return bool(use.words) and base(use.words[0]) in (*MANAGERS, "npx", "bunx", "tsc", "nest", "esbuild", "ncc")

    def of(self, step: Symbol, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int) -> list[Effect]:
        """Return what the programs of a step write, in order."""
        key = (stage.id, step)
        if key not in self.effects:
            # What a step reads was there before: it writes none of it.
            self.effects[key] = []
            self.effects[key] = list(self._effects(step, stage, stages, contexts, depth))
        return self.effects[key]

    def made(self, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int = 0) -> dict[str, str] | None:
        """Return what compilers put into an image, each file with its source; None where nothing is known to compile."""
        found: dict[str, str] | None = None
        for link in stage.chain():
            for symbol in link.statements:
                match symbol.detail:
                    case CommandUse(purpose="run") as use if self.reads(use):
                        for effect in self.of(symbol, link, stages, contexts, 0):
                            if effect.compiled:
                                found = (found or {}) | effect.files
                                self.places[stage.id] = effect.at or symbol.at
                    case CopySource(origin=origin) as copied if origin and depth < _MAXIMUM_STAGES:
                        other = named(stages, origin, link.index)
                        inner = self.made(other, stages, contexts, depth + 1) if other is not None else None
                        destination = link.absolute(copied.destination)
                        if inner is not None and other is not None and other.id in self.places:
                            self.places.setdefault(stage.id, self.places[other.id])
                        if inner is not None and destination is not None:
                            found = (found or {}) | handed(
                                inner, str(symbol.name), destination, into=copied.into_folder
                            )
        return found

    def prepares(self) -> bool:
        """Tell whether a script that runs at installation may build something."""
        return any(
            base(symbol.detail.words[0]) not in _QUIET
            for package in self.known.values()
            for name in ("prepare", "postinstall", "install", "preinstall")
            for symbol in package.scripts.get(name, ())
            if isinstance(symbol.detail, CommandLine) and symbol.detail.words
        )

    def _effects(
        self, step: Symbol, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int
    ) -> Iterator[Effect]:
        use = step.detail
        folder = folder_of(stage, step)
        if not isinstance(use, CommandUse) or folder is None:
            yield Effect(below="", why="in which folder a build step runs")
            return
        manifest = self.locate(posixpath.join(folder, "package.json"), stage, stages, contexts, depth + 1)
        if not isinstance(manifest, InRepository):
            yield Effect(below="", why="what a build step writes")
            return
        top = manifest.path.rpartition("/")[0]
        for leaf in leaves(use.words, top, self.known):
            if leaf.hidden or leaf.folder is None:
                yield Effect(below="", why=f"what `{' '.join(leaf.words[:3])}` writes")
                continue
            place = posixpath.normpath(posixpath.join(folder, posixpath.relpath(leaf.folder or ".", top or ".")))
            yield self._effect(leaf, leaf.folder, place, stage, stages, contexts, depth)

    def _effect(
        self, leaf: Leaf, folder: str, place: str, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int
    ) -> Effect:
        program, words = base(leaf.words[0]), leaf.words
        match program:
            case "tsc":
                return self._tsc(words, folder, place, stage, stages, contexts, depth)
            case "nest" if "build" in words:
                return self._nest(words, folder, place, stage, stages, contexts, depth)
            case "esbuild":
                return esbuild(words, place)
            case "ncc" if "build" in words:
                out = option(words, "-o", "--out") or "dist"
                return Effect(
                    {posixpath.join(place, out, "index.js"): ""}, posixpath.join(place, out), "what ncc writes"
                )
            case "vite" if "build" in words:
                out = option(words, "--outDir") or "dist"
                return Effect(below=posixpath.normpath(posixpath.join(place, out)), why="what vite writes")
            case "cp" | "copyfiles" | "cpx" | "cpy" | "shx" | "mv" | "ncp":
                return self._copied(words, folder, place)
            case _ if program in _QUIET:
                return Effect()
            case _ if program in _FOLDERS:
                return Effect(below=posixpath.join(place, _FOLDERS[program]), why=f"what `{program}` writes")
        return Effect(below="", why=f"what `{program}` writes")

    def _copied(self, words: tuple[str, ...], folder: str, place: str) -> Effect:
        """Return what a copy leaves: all below its last word, exactly where it is one plain folder or file."""
        plain = [w for w in words[1:] if not w.startswith("-") and w not in ("cp", "-r")]
        if len(plain) < 2 or "$" in plain[-1]:
            return Effect(below="", why="what a build step copies")
        target = posixpath.normpath(posixpath.join(place, plain[-1]))
        return Effect(below=target, why="what a build step copies")

    def _tsc(
        self,
        words: tuple[str, ...],
        folder: str,
        place: str,
        stage: Stage,
        stages: list[Stage],
        contexts: Contexts,
        depth: int,
    ) -> Effect:
        if {"--noEmit", "--version", "-v", "--init", "--showConfig"} & set(words):
            return Effect()
        project = option(words, "-p", "--project", "-b", "--build") or "tsconfig.json"
        if not project.endswith(".json"):
            project = posixpath.join(project, "tsconfig.json")
        found = setup(joined(folder, project), self.setups)
        plain = [w for w in words[1:] if w.endswith((".ts", ".tsx")) and not w.startswith("-")]
        if found is None or plain:
            return Effect(below="", why=f"what `{' '.join(words[:3])}` writes")
        out, root = option(words, "--outDir"), option(words, "--rootDir")
        return self._compiled(
            found,
            joined(folder, out) if out else found.out,
            joined(folder, root) if root else found.root,
            folder,
            place,
            stage,
            stages,
            contexts,
            depth,
        )

    def _nest(
        self,
        words: tuple[str, ...],
        folder: str,
        place: str,
        stage: Stage,
        stages: list[Stage],
        contexts: Contexts,
        depth: int,
    ) -> Effect:
        builder = self.builders.get(folder)
        doubt = Effect(below="", why="what `nest build` writes")
        swc = option(words, "-b", "--builder") in ("swc", "webpack") or "--webpack" in words
        if (builder is not None and (builder.builder != "tsc" or builder.monorepo)) or swc:
            return doubt
        named = option(words, "-p", "--path", "--tsc-path") or (builder.configuration if builder else "")
        default = "tsconfig.build.json" if joined(folder, "tsconfig.build.json") in self.setups else "tsconfig.json"
        found = setup(joined(folder, named or default), self.setups)
        if found is None:
            return doubt
        effect = self._compiled(found, found.out, found.root, folder, place, stage, stages, contexts, depth)
        if builder is not None and builder.assets and found.out is not None:
            # What is copied beside the code lies below the same folder.
            sources = joined(folder, builder.sources)
            for file in contexts.below(sources):
                inner = file[len(sources) + 1 :]
                if not file.endswith((".ts", ".tsx")) and any(matches(asset, inner) for asset in builder.assets):
                    for name in (inner, f"{posixpath.basename(sources)}/{inner}"):
                        effect.files[image(place, folder, joined(found.out, name))] = file
        return effect

    def _compiled(
        self,
        found: Setup,
        out: str | None,
        root: str | None,
        folder: str,
        place: str,
        stage: Stage,
        stages: list[Stage],
        contexts: Contexts,
        depth: int,
    ) -> Effect:
        if not found.emits:
            return Effect(compiled=True, at=self._place(found))
        if found.doubt:
            return Effect(below="", why=f"what {found.path} says: {found.doubt}")
        taken = [file for file in self.draft.files if takes(found, file)]
        if len(taken) > _MAXIMUM_FILES:
            return Effect(below="", why="more sources than are followed")
        present: list[str] = []
        unclear = False
        reached, pending = set(taken), list(taken)
        while pending:
            file = pending.pop()
            here = self.locate(image(place, folder, file), stage, stages, contexts, depth + 1)
            unclear = unclear or isinstance(here, Doubtful)
            if isinstance(here, InRepository | Doubtful):
                present.append(file)
                for other in self.needed.get(file, ()):
                    if other not in reached and len(reached) < _MAXIMUM_FILES:
                        reached.add(other)
                        if other.endswith((".ts", ".tsx", ".mts", ".cts", ".json")):
                            pending.append(other)
        made = [file for file in present if not is_declaration(file)]
        if root is None:
            root = found.folder if found.composite or self._rooted(folder) else top(made)
        files: dict[str, str] = {}
        for file in made:
            inner = posixpath.relpath(file, root or ".")
            target = file if out is None else joined(out, inner)
            files[image(place, folder, emitted(target))] = file
        below = image(place, folder, out if out is not None else folder)
        return Effect(files, below if unclear else None, "what is there to compile", True, self._place(found))

    def _place(self, found: Setup) -> Span:
        """Return the place that decides what is written where: of the options, the most telling one."""
        said = self.setups[found.path]
        places = (said.emits_at if not found.emits else None, said.root_at, said.out_at, said.include_at)
        return next((at for at in places if at is not None), Span(found.path))

    def _rooted(self, folder: str) -> bool:
        """Tell whether the version of TypeScript takes the configuration's folder as root: 6 and later do."""
        package = self.known.get(folder)
        for symbol in package.asked.get("typescript", ()) if package else ():
            found = re.match(r"[\^~=v> ]*(\d+)", getattr(symbol.detail, "specifier", ""))
            return found is not None and int(found[1]) >= 6
        return False
