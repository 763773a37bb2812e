"""The files and modules a command starts, and whether the image holds them."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from roadworthy.link.build_contexts import Contexts
from roadworthy.link.image_files import locate
from roadworthy.link.image_programs import SEARCH_PATH, Doubtful
from roadworthy.link.image_stages import Stage
from roadworthy.link.located import Built, InRepository
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import CopySource
from roadworthy.model.place import Span
from roadworthy.syntax.command_line import Call, base, calls, script_text

_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "waitress-serve", "uwsgi"})
_PYTHON = re.compile(r"python(3(\.\d+)?)?")
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_NODE = frozenset({"node", "nodejs", "tsx", "ts-node", "nodemon", "bun"})
_NODE_ENDINGS = (".js", ".mjs", ".cjs", ".ts")
_NODE_VALUES = frozenset({"-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions"})
_TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_][\w.]*(\(.*\))?)?")
_FOLDER_OPTIONS = ("--app-dir", "--chdir", "--working-dir")
_BUILT = frozenset({"dist", "build", "lib", "out", ".next", ".output", "target", "public", "bin"})
_CANDIDATES = 150


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command starts: its name, the places it may lie in the image, and what is there.

    `there` holds it under its own name where it was found, otherwise what else lies beside it; `doubt` hides it.
    `compiler_at` is the place that says what a compiler writes where, `left_out` the source that it does not compile.
    """

    name: str
    how: str
    sought: tuple[str, ...]
    there: tuple[tuple[str, str], ...]
    doubt: Doubtful | None = None
    compiler_at: Span | None = None
    left_out: str = ""


def wanted(call: Call, stage: Stage, stages: list[Stage], contexts: Contexts) -> Iterator[Wanted]:
    """Yield what a call starts, where it is the service's own or cannot be told."""
    folder = stage.folder()
    name, words = base(call.program), call.words
    if "$" in call.program:
        return
    how = " ".join(words[:3])
    if "/" in call.program and call.program.rpartition("/")[0] not in SEARCH_PATH:
        yield from _file(call.program, how, folder, stage, stages, contexts, ())
    elif name in _SHELLS and script_text(words) is None:
        script = next((word for word in words[1:] if not word.startswith("-")), "")
        yield from _file(script, how, folder, stage, stages, contexts, ())
    elif _PYTHON.fullmatch(name):
        target, is_module = _python_target(words)
        if target in _SERVERS and is_module:
            yield from wanted(Call(words[words.index(target) :]), stage, stages, contexts)
        elif target and is_module:
            yield from _module(target, how, [folder], stage, stages, contexts)
        elif target.endswith(".py"):
            yield from _file(target, how, folder, stage, stages, contexts, (".py",))
    elif name in _NODE:
        script = _node_script(words)
        if script.endswith(_NODE_ENDINGS):
            yield from _file(script, how, folder, stage, stages, contexts, _NODE_ENDINGS)
        elif name in ("node", "nodejs") and set(script.split("/")[:-1]) & _BUILT and not script.endswith("/"):
            yield from _file(script, how, folder, stage, stages, contexts, _NODE_ENDINGS, bare=True)
    elif name in _SERVERS or name == "celery":
        target = _server_target(words)
        if target:
            found = list(_module(target, f"{name} {target}", [_app_folder(words, folder)], stage, stages, contexts))
            yield from found
            yield from _object(words, target, found, contexts)


def _node_script(words: tuple[str, ...]) -> str:
    """Return the script that node starts, past its options and their values."""
    skips = False
    for word in words[1:]:
        if skips:
            skips = False
        elif word in _NODE_VALUES:
            skips = True
        elif word in ("-e", "--eval", "-p", "--print", "--test"):
            return ""
        elif not word.startswith("-") and word not in ("run", "watch"):
            return word
    return ""


def _python_target(words: tuple[str, ...]) -> tuple[str, bool]:
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word == "-m":
            return (rest[0] if rest else ""), True
        if word in ("-W", "-X"):
            rest = rest[1:]
        elif word.startswith("-") and not word.startswith("--") and word.endswith("m") and len(word) > 2:
            return (rest[0] if rest else ""), True
        elif word == "-c" or word == "-":
            return "", False
        elif not word.startswith("-"):
            return word, False
    return "", False


def _server_target(words: tuple[str, ...]) -> str:
    if base(words[0]) == "celery":
        for index, word in enumerate(words[:-1]):
            if word in ("-A", "--app"):
                return words[index + 1].partition(":")[0]
        return next((w.partition("=")[2] for w in words if w.startswith("--app=")), "")
    found = [w for w in words[1:] if ":" in w and _TARGET.fullmatch(w)]
    return found[0].partition(":")[0] if len(found) == 1 else ""


def _object(words: tuple[str, ...], module: str, found: list[Wanted], contexts: Contexts) -> Iterator[Wanted]:
    """Yield the object of a module that a server is told to start, where the names of the module are known."""
    written = next((w for w in words[1:] if w.startswith(f"{module}:") and _TARGET.fullmatch(w)), "")
    name = re.split(r"[.(]", written.partition(":")[2])[0]
    for one in found:
        path = one.there[0][1] if one.there and one.there[0][0] == module else ""
        bound = contexts.bound.get(path)
        if name and bound is not None:
            whole = f"{module}:{name}"
            names = [name] if name in bound else sorted(n for n in bound if not n.startswith("_"))
            there = tuple((f"{module}:{n}", path) for n in names)
            yield Wanted(whole, f"{base(words[0])} {whole}", one.sought, there)


def _app_folder(words: tuple[str, ...], folder: str | None) -> str | None:
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in _FOLDER_OPTIONS:
            given = value if equals else words[index + 1] if index + 1 < len(words) else ""
            return posixpath.normpath(posixpath.join(folder, given)) if folder else None
    return folder


def _file(
    written: str,
    how: str,
    folder: str | None,
    stage: Stage,
    stages: list[Stage],
    contexts: Contexts,
    endings: tuple[str, ...],
    *,
    bare: bool = False,
) -> Iterator[Wanted]:
    if not written or "$" in written or written.startswith("-") or (not written.startswith("/") and folder is None):
        return
    if "node_modules" in written.split("/"):
        # A package's own file: what the image's package manager installed, and no file of this repository.
        return
    path = posixpath.normpath(posixpath.join(folder or "/", written))
    found = locate(path, stage, stages, contexts)
    if isinstance(found, InRepository | Built):
        yield Wanted(written, how, (path,), ((written, found.path),))
        return
    for ending in (".js", ".json", "/index.js", ".cjs") if bare else ():
        other = locate(path + ending, stage, stages, contexts)
        if isinstance(other, InRepository | Built):
            yield Wanted(written, how, (path + ending,), ((written, other.path),))
            return
        found = found or other
    outputs = contexts.outputs
    made = outputs.made(stage, stages, contexts) if outputs is not None and endings else None
    if found is None and any(part in _BUILT for part in written.split("/")[:-1]) and endings:
        unclear = made is None or outputs is None or outputs.prepares()
        if unclear or _takes_what_is_made(stage, contexts):
            found = Doubtful(f"whether the build puts `{written}` into the image", stage.at)
    beside = [*_beside(path, written, endings, stage, contexts), *_made_beside(path, written, made or {}, stage)]
    said_at = outputs.places.get(stage.id) if outputs is not None and made is not None else None
    left_out = _uncompiled(written, made, contexts) if made else ""
    yield Wanted(written, how, (path,), tuple(beside), found, said_at, left_out)


def _uncompiled(written: str, made: dict[str, str], contexts: Contexts) -> str:
    """Return the one source by the name of a wanted file that the compilers leave out, "" where there is none."""
    parts = written.removeprefix("./").split("/")
    stem = "/".join(parts[1:]).rpartition(".")[0] if parts[0] in _BUILT and len(parts) > 1 else ""
    endings = tuple(f"/{stem}{ending}" for ending in (".ts", ".tsx", ".mts", ".js", ".mjs"))
    sources = [
        path for path in contexts.files if stem and f"/{path}".endswith(endings) and path.split("/")[0] not in _BUILT
    ]
    return sources[0] if len(sources) == 1 and sources[0] not in made.values() else ""


def _takes_what_is_made(stage: Stage, contexts: Contexts) -> bool:
    """Tell whether the build takes a folder from its context that is made before, outside of the repository."""
    for link in stage.chain():
        for symbol in link.statements:
            copied = symbol.detail
            if isinstance(copied, CopySource) and not copied.origin:
                parts = str(symbol.name).strip("./").split("/")
                whole = "/".join(parts)
                if set(parts) & _BUILT and not any(
                    "/".join(p for p in (context, whole) if p) in contexts.folders
                    for context in contexts.of(stage.path)
                ):
                    return True
    return False


def _made_beside(path: str, written: str, made: dict[str, str], stage: Stage) -> Iterator[tuple[str, str]]:
    """Yield what compilers put near `path`, named as the command would name it: what bears its name first."""
    folder = path.removesuffix(written).rstrip("/") if path.endswith(written) else stage.folder() or "/"
    name = base(written)
    alike = sorted(
        made, key=lambda one: (base(one).rpartition(".")[0] != name.rpartition(".")[0] and base(one) != name, one)
    )
    for one in alike[:_CANDIDATES]:
        if one.startswith(folder + "/"):
            yield one[len(folder) + 1 :], made[one]


def _beside(
    path: str, written: str, endings: tuple[str, ...], stage: Stage, contexts: Contexts
) -> Iterator[tuple[str, str]]:
    """Yield the files that do lie in the folder of `path`, named as the command would name them."""
    parent = path.rpartition("/")[0] or "/"
    prefix = written.rpartition("/")[0]
    for inner, repository in _contents(parent, stage, contexts):
        if "/" not in inner and (not endings or inner.endswith(endings)):
            yield (f"{prefix}/{inner}" if prefix else inner), repository


def _contents(folder: str, stage: Stage, contexts: Contexts) -> Iterator[tuple[str, str]]:
    """Yield the files that COPY puts below a folder of the image, relative to it, each with its path here."""
    count = 0
    for link in stage.chain():
        for symbol in link.statements:
            copied = symbol.detail
            if not isinstance(copied, CopySource) or copied.origin:
                continue
            destination = stage.absolute(copied.destination)
            if destination is None:
                continue
            for context in contexts.of(stage.path):
                source = posixpath.normpath("/" + str(symbol.name).lstrip("/")).strip("/")
                whole = "/".join(part for part in (context, source) if part)
                single = whole in contexts.files
                for file in [whole] if single else sorted(contexts.below(whole)) if whole in contexts.folders else []:
                    inner = base(file) if single else file[len(whole) + 1 :] if whole else file
                    target = f"{destination.rstrip('/')}/{inner}"
                    if target.startswith(folder.rstrip("/") + "/") and count < _CANDIDATES:
                        count += 1
                        yield target[len(folder.rstrip("/")) + 1 :], file
                if whole in contexts.files or whole in contexts.folders:
                    break


def _module(
    dotted: str, how: str, folders: list[str | None], stage: Stage, stages: list[Stage], contexts: Contexts
) -> Iterator[Wanted]:
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", dotted) or folders[0] is None:
        return
    roots = [folder for folder in folders if folder] + _python_path(stage)
    inner = dotted.replace(".", "/")
    endings = (f"{inner}.py", f"{inner}/__init__.py", f"{inner}/__main__.py")
    sought = tuple(posixpath.normpath(posixpath.join(root, ending)) for root in roots for ending in endings)
    doubt: Doubtful | None = None
    for path in sought:
        found = locate(path, stage, stages, contexts)
        if isinstance(found, InRepository | Built):
            yield Wanted(dotted, how, sought[:1], ((dotted, found.path),))
            return
        doubt = doubt or found
    top = dotted.partition(".")[0]
    owned = [
        found
        for root in roots
        for ending in (f"{top}.py", f"{top}/__init__.py")
        if isinstance(found := locate(posixpath.join(root, ending), stage, stages, contexts), InRepository)
    ]
    here = sorted(
        path for path in contexts.files if any(path == ending or path.endswith("/" + ending) for ending in endings[:2])
    )
    beside = tuple(
        (inner.removesuffix(".py").removesuffix("/__init__").replace("/", "."), file)
        for root in roots
        for inner, file in _contents(root, stage, contexts)
        if inner.endswith(".py") and "/test" not in inner
    )
    if doubt is None and not owned and _installs_project(stage):
        if here:
            yield Wanted(dotted, how, sought[:1], ((dotted, here[0]),))
        elif package := _package(top, contexts):
            yield Wanted(dotted, how, sought[:1], package)
        return
    if doubt is not None and not owned and not here:
        return
    alike = any(_alike(dotted, name) for name, _ in beside)
    if owned or here or alike:
        yield Wanted(dotted, how, sought[:1], beside, None if owned and doubt is None else doubt)


def _package(top: str, contexts: Contexts) -> tuple[tuple[str, str], ...]:
    """Return the modules of the one package of this repository that bears a name, as they are imported, with their files."""
    roots = [path for path in contexts.files if f"/{path}".endswith(f"/{top}/__init__.py")]
    if len(roots) != 1:
        return ()
    folder = roots[0].removesuffix("__init__.py")
    inner = sorted(path for path in contexts.files if path.startswith(folder) and path.endswith(".py"))
    names = [path[len(folder) :].removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in inner]
    return tuple((f"{top}.{name}", path) for name, path in zip(names, inner, strict=True) if name != "__init__")


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= 0.75


def _python_path(stage: Stage) -> list[str]:
    value = stage.variable("PYTHONPATH")
    return [part for part in (value or "").split(":") if part.startswith("/")]


def _installs_project(stage: Stage) -> bool:
    """Tell whether a step may install this repository as a package, or a package environment is copied in."""
    for link in stage.chain():
        for symbol in link.statements:
            use = symbol.detail
            if isinstance(use, CopySource) and use.origin:
                return True
            if isinstance(use, CommandUse) and use.purpose == "run":
                for call in calls(use.words):
                    if _installs(call):
                        return True
    return False


def _installs(call: Call) -> bool:
    name, words = base(call.program), call.words
    match name:
        case "pip" | "pip3" | "uv" | "pipx" if "install" in words:
            return any(w.startswith((".", "/", "-e", "--editable")) and not w.endswith(".txt") for w in words[2:])
        case "uv":
            return "sync" in words and "--no-install-project" not in words
        case "poetry":
            return "install" in words and "--no-root" not in words
        case "pdm" | "hatch" | "rye":
            return True
    return _PYTHON.fullmatch(name) is not None and ("setup.py" in words or "pip" in words)
