"""Which file of the repository lies at a path of an image."""

import posixpath
from collections.abc import Iterator

from roadworthy.link.build_contexts import Contexts, joined
from roadworthy.link.ignore_rules import glob
from roadworthy.link.image_knowledge import contents
from roadworthy.link.image_programs import Doubtful
from roadworthy.link.image_stages import Stage, named
from roadworthy.link.located import Built, InRepository, Located
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import CopySource, FilePlaced
from roadworthy.model.symbol import Exact, Symbol
from roadworthy.syntax.command_line import Call, base, calls

# Build steps that write no source file of the service.
_WRITES_NO_SOURCE = frozenset(
    """
    apt-get apt apk dnf yum microdnf pip pip3 pipenv uv poetry pdm mkdir chmod chown chgrp useradd groupadd
    adduser addgroup usermod groupmod rm sed echo printf find ls test [ true set cd export
    update-ca-certificates locale-gen ln touch corepack sleep cat python python3 grep command which id env
    ldconfig dos2unix npx dpkg setcap localedef date exit hash if apt-mark dpkg-reconfigure update-locale
    alembic
    """.split()
)


_MAXIMUM_DEPTH = 20


def locate(path: str, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int = 0) -> Located:
    """Return the file of the repository at an absolute path of an image; None where nothing lies there for certain."""
    if depth > _MAXIMUM_DEPTH:
        return Doubtful("what stages hand on to one another", stage.at)
    key = (stage.id, path)
    if key not in contexts.located:
        contexts.located[key] = _locate(path, stage, stages, contexts, depth)
    return contexts.located[key]


def _locate(path: str, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int) -> Located:
    doubt: Doubtful | None = None
    for link in reversed(stage.chain()):
        for symbol in reversed(link.statements):
            found = _by(symbol, path, link, stages, contexts, depth)
            if isinstance(found, InRepository | Built):
                return found
            doubt = doubt or found
    if doubt:
        return doubt
    if not stage.image or contents(stage.image) is None:
        return Doubtful(f"what `{stage.image or 'the base image'}` holds", stage.image_at)
    return None


def _by(symbol: Symbol, path: str, stage: Stage, stages: list[Stage], contexts: Contexts, depth: int) -> Located:
    match symbol.detail:
        case CopySource() as copied:
            if not isinstance(symbol.name, Exact):
                return Doubtful("what COPY takes", symbol.at)
            destination = stage.absolute(copied.destination)
            if destination is None:
                return Doubtful("where COPY puts its files", symbol.at)
            if copied.parents or "://" in symbol.name.text or (copied.by == "ADD" and _archive(symbol.name.text)):
                return Doubtful(f"what {copied.by} puts into the image", symbol.at)
            if copied.origin:
                return _from_stage(symbol, copied, destination, path, stage, stages, contexts, depth)
            found = _from_context(symbol.name.text, copied, destination, path, stage, contexts)
            if found is None and _may_bring(symbol.name.text, destination, path, stage, contexts):
                return Doubtful(f"what {copied.by} takes as `{symbol.name}`, which is not in the repository", symbol.at)
            return found
        case FilePlaced() if str(symbol.name) == path:
            return Doubtful("what a heredoc writes", symbol.at)
        case CommandUse(purpose="run", words=words, writes=writes) as use:
            quiet = all(_writes_no_source(call) for call in calls(words))
            if not quiet and contexts.outputs is not None and contexts.outputs.reads(use):
                return contexts.outputs.at(path, symbol, stage, stages, contexts, depth)
            written = any(target == path or "$" in target or not target.startswith("/") for target in writes)
            if not quiet or (written and not all(target.startswith("/dev/") for target in writes)):
                return Doubtful("what a build step writes", symbol.at)
    return None


def _writes_no_source(call: Call) -> bool:
    name = base(call.program)
    if name in ("npm", "pnpm", "yarn", "bun"):
        verb = next((word for word in call.words[1:] if not word.startswith("-")), "install")
        return verb in ("ci", "install", "i", "add", "cache", "config", "prune", "rebuild", "audit", "set", "fetch")
    return name in _WRITES_NO_SOURCE


def _archive(source: str) -> bool:
    return source.endswith((".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".txz"))


def _from_context(
    source: str, copied: CopySource, destination: str, path: str, stage: Stage, contexts: Contexts
) -> InRepository | None:
    for context in contexts.of(stage.path):
        for candidate in _candidates(joined(context, source), copied, destination, path, contexts):
            if candidate in contexts.files and not contexts.ignored(stage.path, context, candidate):
                return InRepository(candidate)
    return None


def _may_bring(source: str, destination: str, path: str, stage: Stage, contexts: Contexts) -> bool:
    """Tell whether a path may come from a source that is made before the image is built."""
    if any(character in source for character in "*?[") or not source.strip("./"):
        return False
    wholes = [joined(context, source) for context in contexts.of(stage.path)]
    # A folder above that bears the name of the Dockerfile's own is not what is meant.
    wholes = [whole for whole in wholes if not stage.path.startswith(whole + "/")]
    if any(whole in contexts.files or whole in contexts.folders for whole in wholes):
        return False
    return path == destination or path.startswith(destination.rstrip("/") + "/")


def _candidates(source: str, copied: CopySource, destination: str, path: str, contexts: Contexts) -> Iterator[str]:
    """Yield the paths in the repository that COPY would put at `path`."""
    folder = destination.rstrip("/") + "/"
    inner = path.removeprefix(folder) if path.startswith(folder) else None
    if any(character in source for character in "*?["):
        if inner is None:
            return
        first, _, rest = inner.partition("/")
        parent = source.rpartition("/")[0]
        direct = f"{parent}/{first}" if parent else first
        if glob(source, direct) and (not rest or direct not in contexts.folders):
            yield direct
        for matching in sorted(contexts.folders):
            if glob(source, matching):
                yield f"{matching}/{inner}"
        return
    if source in contexts.files:
        if path == folder + base(source) or (path == destination and not copied.into_folder):
            yield source
    elif inner is not None:
        yield f"{source}/{inner}" if source else inner


def _from_stage(
    symbol: Symbol,
    copied: CopySource,
    destination: str,
    path: str,
    stage: Stage,
    stages: list[Stage],
    contexts: Contexts,
    depth: int,
) -> Located:
    source = posixpath.normpath("/" + str(symbol.name).lstrip("/"))
    folder = destination.rstrip("/") + "/"
    if path == destination:
        inner = source
    elif path.startswith(folder):
        inner = f"{source.rstrip('/')}/{path.removeprefix(folder)}"
    else:
        return None
    origin = named(stages, copied.origin, stage.index)
    # The build fails unless the source is there: what COPY names itself is in the image.
    whole = path == destination and not copied.into_folder
    kept = path == folder + base(source)
    if origin is None or "*" in source:
        return Built(symbol.at.path) if whole or kept else Doubtful("what another image holds", symbol.at)
    found = locate(inner, origin, stages, contexts, depth + 1)
    if kept and not isinstance(found, InRepository):
        found = locate(source, origin, stages, contexts, depth + 1)
    return found if isinstance(found, InRepository) or not (whole or kept) else Built(symbol.at.path)
