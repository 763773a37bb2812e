"""The folders images are built in, and what .dockerignore files keep out of them."""

import posixpath
from dataclasses import dataclass, field
from typing import Protocol

from roadworthy.link.draft import Draft
from roadworthy.link.file_tree import FileTree
from roadworthy.link.ignore_rules import Rules, ignoring
from roadworthy.link.image_builds import Build
from roadworthy.link.image_stages import Stage
from roadworthy.link.located import Located
from roadworthy.link.node_packages import Package
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import IgnoreRule
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol


class Written(Protocol):
    """What the build steps of JavaScript write into images. `known` are the package manifests by folder, `places` where
    each stage's compiler is told what to write."""

    known: dict[str, Package]
    places: dict[str, Span]

    def at(
        self, path: str, step: Symbol, stage: Stage, stages: list[Stage], contexts: "Contexts", depth: int
    ) -> Located:
        """Return what a build step leaves at a path of the image; None where it leaves nothing there."""

    def reads(self, use: CommandUse) -> bool:
        """Tell whether a step is one whose output can be worked out."""

    def made(self, stage: Stage, stages: list[Stage], contexts: "Contexts", depth: int = 0) -> dict[str, str] | None:
        """Return what compilers put into an image, each file with its source; None where nothing is known to compile."""

    def prepares(self) -> bool:
        """Tell whether a script that runs at installation may build something."""


@dataclass(slots=True)
class Contexts:
    """The build contexts a Dockerfile may have, and what .dockerignore files keep out of each.

    `bound` are the names at the top of modules, by path, where they are known.
    """

    tree: FileTree
    rules: dict[str, list[tuple[Symbol, IgnoreRule]]]
    known: dict[str, list[str]]
    firm: frozenset[str]
    others: dict[str, list[str]] = field(default_factory=dict)
    located: dict[tuple[str, str], Located] = field(default_factory=dict)
    outputs: "Written | None" = None
    bound: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files."""
        return self.tree.files

    @property
    def folders(self) -> frozenset[str]:
        """The paths of all folders; "" is the root."""
        return self.tree.folders

    def of(self, dockerfile: str) -> list[str]:
        """Return the folders a Dockerfile may be built in: those that are said, otherwise its own and all above."""
        if dockerfile not in self.others:
            folder = dockerfile.rpartition("/")[0]
            above = [folder]
            while above[-1]:
                above.append(above[-1].rpartition("/")[0])
            known = self.known.get(dockerfile, [])
            firm = bool(known) and dockerfile in self.firm
            self.others[dockerfile] = known if firm else list(dict.fromkeys((*known, *above)))
        return self.others[dockerfile]

    def ignores(self, dockerfile: str, context: str) -> Rules:
        """Return the rules in force: those beside the Dockerfile, otherwise those of the context."""
        own = self.rules.get(dockerfile + ".dockerignore")
        return own if own is not None else self.rules.get(joined(context, ".dockerignore"), [])

    def ignored(self, dockerfile: str, context: str, path: str) -> Symbol | None:
        """Return the rule that keeps a file (relative to the repository) out of the context."""
        inner = path[len(context) + 1 :] if context else path
        return ignoring(inner, self.ignores(dockerfile, context))

    def below(self, folder: str) -> tuple[str, ...]:
        """Return the files in a folder, at any depth, in order."""
        return self.tree.below(folder)


def joined(context: str, path: str) -> str:
    """Return a path of a context relative to the repository."""
    inner = posixpath.normpath("/" + path).lstrip("/")
    return "/".join(part for part in (context, inner) if part)


def contexts(draft: Draft, found: list[Build]) -> Contexts:
    """Collect the contexts that builds name, and every .dockerignore."""
    known: dict[str, list[str]] = {}
    for build in found:
        if build.context is not None and build.context not in known.setdefault(build.dockerfile, []):
            known[build.dockerfile].append(build.context)
    rules: dict[str, list[tuple[Symbol, IgnoreRule]]] = {
        artifact.path: [] for artifact in draft.artifacts if artifact.kind == "dockerignore"
    }
    for symbol in sorted(draft.of(Kind.FILE, Action.REFERS), key=lambda s: s.at):
        if isinstance(symbol.detail, IgnoreRule) and symbol.at.path in rules:
            rules[symbol.at.path].append((symbol, symbol.detail))
    tree = FileTree(draft.tree.files | draft.tracked) if draft.tracked else draft.tree
    loose = {build.dockerfile for build in found if not build.firm or build.context is None}
    return Contexts(tree, rules, known, frozenset(known) - loose)
