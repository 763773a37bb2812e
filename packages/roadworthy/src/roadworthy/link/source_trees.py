"""Which folders hold the code of what."""

import posixpath
from collections.abc import Iterable
from functools import lru_cache

from roadworthy.link.draft import Draft
from roadworthy.link.file_tree import FileTree
from roadworthy.link.running import Running
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.route import RouterDeclared
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

LANGUAGES = {
    ".py": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".tsx": "typescript",
    ".mts": "typescript",
    ".vue": "javascript",
    ".svelte": "javascript",
    ".go": "go",
    ".rb": "ruby",
    ".java": "java",
    ".kt": "kotlin",
    ".php": "php",
    ".rs": "rust",
    ".cs": "csharp",
    ".ex": "elixir",
    ".exs": "elixir",
    ".scala": "scala",
}
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "package.json", "manage.py", "go.mod", "Gemfile")
_REQUIREMENTS = "requirements"
_ENTRIES = frozenset({"manage.py", "wsgi.py", "asgi.py"})
_FRAMEWORKS = frozenset(
    {"fastapi", "flask", "django", "starlette", "litestar", "sanic", "aiohttp", "tornado", "quart", "falcon", "bottle"}
    | {"express", "fastify", "koa", "@nestjs/core", "@hapi/hapi", "hono", "next", "nuxt", "restify", "pyramid"}
)


def suffix(path: str) -> str:
    """Return the ending of a path from its last dot, in lower case."""
    return posixpath.splitext(path)[1].lower()


def is_code(path: str) -> bool:
    """Tell whether a file is written in a programming language, or lists what such a program needs."""
    name = path.rpartition("/")[2]
    return suffix(path) in LANGUAGES or is_manifest(name)


def is_manifest(name: str) -> bool:
    """Tell whether a file of this name says what a program needs."""
    return name in _MANIFESTS or (name.startswith(_REQUIREMENTS) and name.endswith(".txt"))


def languages(draft: Draft, folders: Iterable[str]) -> tuple[str, ...]:
    """Return the languages of the code in these folders."""
    chosen = tuple(folders)
    return tuple(sorted({LANGUAGES[suffix(file)] for folder in chosen for file in _code(draft.files).below(folder)}))


@lru_cache(maxsize=2)
def _code(files: tuple[str, ...]) -> FileTree:
    """Return the files that are written in a language we know of."""
    return FileTree(file for file in files if suffix(file) in LANGUAGES)


def within(path: str, folders: Iterable[str]) -> str | None:
    """Return the innermost of the folders that holds the path."""
    holding = [folder for folder in folders if not folder or path.startswith(folder + "/")]
    return max(holding, key=len, default=None)


def settle(draft: Draft, everything: list[Running]) -> None:
    """Find the source folders of all that is built here: what its Dockerfile copies, otherwise the build context."""
    copies: dict[str, list[str]] = {}
    for symbol in draft.of(Kind.FILE, Action.REFERS):
        detail = symbol.detail
        if isinstance(detail, CopySource) and not detail.origin and isinstance(symbol.name, Exact):
            copies.setdefault(symbol.at.path, []).append(symbol.name.text)
    for one in everything:
        for path in sorted(one.dockerfiles):
            context = one.contexts.get(path)
            if context is None:
                context = guessed_context(draft, path, copies.get(path, []))
                one.contexts[path] = context
            one.sources |= _narrowed(draft, path, context, _copied(draft, context, copies.get(path, [])))
        for dockerfile, context in one.contexts.items():
            if not dockerfile and _holds_code(draft, context):
                one.sources.add(context)


def _narrowed(draft: Draft, dockerfile: str, context: str, sources: set[str]) -> set[str]:
    """Return the folder of a Dockerfile that lies in a package of its own, where it copies all the packages around it."""
    folder = dockerfile.rpartition("/")[0]
    held = folder + "/package.json" in draft.tree.files and (context + "/package.json").lstrip("/") in draft.tree.files
    return {folder} if held and folder != context and sources == {context} else sources


def guessed_context(draft: Draft, dockerfile: str, copied: list[str]) -> str:
    """Return the folder a Dockerfile is built in: of its own folder and those above, the one that has what it copies."""
    folder = dockerfile.rpartition("/")[0]
    best, most = folder, -1
    while True:
        found = sum(_exists(draft, posixpath.normpath(posixpath.join(folder, source))) for source in copied)
        if found > most:
            best, most = folder, found
        if not folder:
            return best
        folder = folder.rpartition("/")[0]


def _exists(draft: Draft, path: str) -> bool:
    path = path.removeprefix("./").lstrip("/")
    if path in ("", ".") or "*" in path:
        return False
    return draft.tree.holds(path)


def _copied(draft: Draft, context: str, sources: list[str]) -> set[str]:
    found: set[str] = set()
    for source in sources:
        path = posixpath.normpath(posixpath.join(context, source.lstrip("/") or "."))
        if path == ".":
            path = ""
        if path.startswith("..") or "*" in path:
            continue
        if path in draft.tree.files:
            if suffix(path) in LANGUAGES:
                found.add(path.rpartition("/")[0])
        elif _holds_code(draft, path):
            found.add(path)
    outer = {f for f in found if not any(other != f and within(f + "/", [other]) is not None for other in found)}
    whole = not sources or any("*" in source for source in sources)
    return outer or ({context} if whole and _holds_code(draft, context) else set())


def _holds_code(draft: Draft, folder: str) -> bool:
    return bool(_code(draft.files).below(folder))


def applications(draft: Draft) -> list[str]:
    """Return the folders of applications that nothing declares: a manifest or an entry file, and code that serves."""
    serving = _serving(draft)
    if not serving:
        return []
    roots = sorted(
        {f.rpartition("/")[0] for f in draft.files if is_manifest(f.rpartition("/")[2])}, key=lambda f: (len(f), f)
    )
    found = {within(path, roots) for path in serving}
    chosen = sorted(folder if folder is not None else "" for folder in found)
    return [
        folder for folder in chosen if not any(o != folder and within(folder + "/", [o]) is not None for o in chosen)
    ]


def _serving(draft: Draft) -> set[str]:
    """Return the production files that show that a web application is here."""
    found = {s.at.path for s in draft.symbols if _shows_application(s) and s.role is FileRole.PROD}
    return found | {
        a.path for a in draft.artifacts if a.role is FileRole.PROD and a.path.rpartition("/")[2] in _ENTRIES
    }


def _shows_application(symbol: Symbol) -> bool:
    if isinstance(symbol.detail, RouterDeclared):
        return symbol.detail.form == "application"
    if symbol.action is Action.DEFINES and symbol.kind is Kind.PATH:
        return suffix(symbol.at.path) in LANGUAGES
    if symbol.kind is Kind.PACKAGE and symbol.phase == "run" and is_manifest(symbol.at.path.rpartition("/")[2]):
        return str(symbol.name).lower() in _FRAMEWORKS
    return False
