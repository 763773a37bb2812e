"""Whether what COPY and ADD take is in the build context, and whether .dockerignore lets it in."""

import re
from collections.abc import Iterator

from pathspec import GitIgnoreSpec

from roadworthy.link.build_contexts import Contexts, joined
from roadworthy.link.draft import Draft
from roadworthy.link.image_stages import Stage
from roadworthy.model.detail.image import ContentFound, CopySource, IgnoreRule, SourceWanted
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax.command_line import base

_MADE = frozenset(
    """
    dist build target out output bin node_modules .next .git release publish artifacts wheels wheelhouse
    static staticfiles coverage certs ssl secrets vendor tmp cache .env
    """.split()
)
_MADE_ENDINGS = tuple(".jar .war .whl .tar.gz .tgz .zip .pem .key .crt .deb .exe .so .pex".split())
_NEIGHBOURS = 200
_ENVIRONMENT = re.compile(r"\.env(\.(?!.*(example|sample|template|dist|tmpl|test|ci)).+)?").fullmatch


def sources(path: str, stages: list[Stage], contexts: Contexts, draft: Draft) -> Iterator[Symbol]:
    """Yield each path a needed stage takes from its context, and what of it is there."""
    made = _made(draft)
    for stage in stages:
        for symbol in stage.statements if stage.needed else ():
            copied = symbol.detail
            if not isinstance(copied, CopySource) or copied.origin or not isinstance(symbol.name, Exact):
                continue
            source = symbol.name.text
            if "://" in source or source.startswith("git@") or any(c in source for c in "*?[$"):
                continue
            shipped = any(stage in other.chain() for other in stages if other.final)
            yield from _one(symbol, copied, contexts, draft, made, shipped=shipped)


def _one(
    symbol: Symbol, copied: CopySource, contexts: Contexts, draft: Draft, made: GitIgnoreSpec, *, shipped: bool
) -> Iterator[Symbol]:
    path, source = symbol.at.path, str(symbol.name)
    folders = contexts.of(path)
    component = f"{path} < {source}"
    ignored: Symbol | None = None
    there: list[str] = []
    kept_files: list[str] = []
    for context in folders:
        whole = joined(context, source)
        files = [whole] if whole in contexts.files else list(contexts.below(whole)) if whole in contexts.folders else []
        if not files:
            continue
        there.append(whole or ".")
        kept = next((file for file in files if not contexts.ignored(path, context, file)), None)
        if kept is not None:
            ignored = None
            there = [whole or "."]
            kept_files = [f for f in files if _ENVIRONMENT(base(f)) and not contexts.ignored(path, context, f)]
            break
        ignored = ignored or contexts.ignored(path, context, min(files))
    detail = SourceWanted(
        copied.by,
        tuple(folders),
        ignored.at if ignored else None,
        str(ignored.name) if ignored else "",
        shipped,
        tuple(sorted(kept_files)),
    )
    yield Symbol(Kind.CONTENT, Action.REFERS, symbol.name, symbol.at, component, "build", symbol.role, detail)
    if there:
        found = ContentFound(there[0])
        yield Symbol(Kind.CONTENT, Action.DEFINES, symbol.name, Span(there[0]), component, "build", detail=found)
        return
    if reason := _made_elsewhere(source, folders, draft, made):
        draft.opens.append(Open(Kind.CONTENT, component, reason, symbol.at))
        return
    yield from _neighbours(source, folders, contexts, component)


def _neighbours(source: str, folders: list[str], contexts: Contexts, component: str) -> Iterator[Symbol]:
    """Yield what lies where the path was looked for, or bears its name elsewhere, as candidates for what was meant."""
    seen: set[str] = set()
    for context in folders:
        parent = joined(context, source).rpartition("/")[0]
        prefix = parent + "/" if parent else ""
        for file in sorted(contexts.files):
            rest = file[len(prefix) :].partition("/")[0] if file.startswith(prefix) else ""
            for near in (prefix + rest if rest else "", file if base(file) == base(source) else ""):
                relative = near[len(context) + 1 :] if context and near.startswith(context + "/") else near
                if relative and relative not in seen and len(seen) < _NEIGHBOURS:
                    seen.add(relative)
                    found = ContentFound(near)
                    yield Symbol(
                        Kind.CONTENT, Action.DEFINES, Exact(relative), Span(near), component, "build", detail=found
                    )


def _made_elsewhere(source: str, folders: list[str], draft: Draft, made: GitIgnoreSpec) -> str:
    parts = [part for part in source.strip("/").split("/") if part != "."]
    if any(part.lower() in _MADE for part in parts) or source.endswith(_MADE_ENDINGS):
        return f"whether `{source}` is made before the image is built"
    if any(
        made.match_file(joined(context, source)) or made.match_file(joined(context, source) + "/")
        for context in folders
    ):
        return f"whether `{source}`, which git ignores, is made before the image is built"
    if ".gitmodules" in draft.tree.files:
        return f"whether `{source}` comes from a submodule"
    return ""


def _made(draft: Draft) -> GitIgnoreSpec:
    patterns = [
        _rooted(symbol)
        for symbol in sorted(draft.of(Kind.FILE, Action.REFERS), key=lambda s: s.at)
        if isinstance(symbol.detail, IgnoreRule) and symbol.phase == "source"
    ]
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError:
        return GitIgnoreSpec.from_lines([])


def _rooted(symbol: Symbol) -> str:
    """Return a pattern of a .gitignore file as it would stand in the root's."""
    pattern, folder = str(symbol.name), symbol.at.path.rpartition("/")[0]
    if not folder:
        return pattern
    negated, bare = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    anchored = "/" in bare.rstrip("/")
    return f"{negated}/{folder}/{bare.lstrip('/')}" if anchored else f"{negated}/{folder}/**/{bare}"
