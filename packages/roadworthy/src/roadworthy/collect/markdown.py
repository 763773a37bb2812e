"""Markdown documents: the commands they show, the files they link to, what they explain and what they promise."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.document import DocumentLink, DocumentRead, ReadinessClaim
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import markdown, script_lines
from roadworthy.syntax.paths import joined

PROVIDES = frozenset({Kind.DOCUMENT, Kind.STEP})

_SHELLS = frozenset({"sh", "bash", "shell", "console", "zsh", "terminal", "shellsession", "shell-session", ""})
_PROMPT = re.compile(r"^\s*(?:\([\w.-]+\)\s*)?[$%]\s+")
_COMMAND = re.compile(
    r"^\s*(?:[$%]\s+)?(?:sudo\s+)?(?:make|npm|yarn|pnpm|pip3?|pipx|uv|uvx|poetry|python3?|pytest|docker|docker-compose|"
    r"kubectl|helm|git|cp|cd|export|curl|source|tox|nox|alembic|flask|uvicorn|gunicorn|node|npx|just|task|\./\S+|"
    r"(?:ba)?sh\s+\S+)(?:\s|$)"
)
_OUTPUT = re.compile(r"^\s*(?:[>#{}\[\]|+]|HTTP/)")
_RUN = re.compile(
    r"\b(docker[ -]compose (?:.* )?(?:up|run|start|watch)|uvicorn|gunicorn|hypercorn|fastapi (?:dev|run)|flask (?:.* )?run|runserver|"
    r"(?:npm|yarn|pnpm|bun)(?: run)? (?:start|dev|serve)|docker run|kubectl apply|skaffold (?:run|dev)|helm (?:install|upgrade)|"
    r"tilt up|dotnet run|gradlew? \S*[rR]un|mvn \S*:run|rails s|make (?:run|up|start|serve|dev)\w*|"
    r"python3? (?:-m )?[\w./-]*(?:main|app|server|run|manage)\b|node \S+|go run|cargo run|just (?:run|dev|start|up))"
)
_TEST = re.compile(
    r"\b(pytest|tox|nox|unittest|manage\.py test|npm (?:run )?(?:test|t)\b|(?:yarn|pnpm|bun)(?: run)? test|make \S*(?:test|check)\w*|"
    r"go test|cargo test|jest|vitest|(?:just|task|nx|inv|invoke|poe) \S*test\w*|scripts?/\S*test\S*|hatch test|mvn \S*test|gradlew? \S*test)"
)
_CONFIGURE = re.compile(
    r"\b(?:configur\w*|settings?|environment(?: variables?)?|env(?: vars?| variables?| file)|\.env\b)", re.IGNORECASE
)
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\.env\b")
_CLAIM = re.compile(
    r"\b(?:production[- ]read(?:y|iness)|readiness|production)\b[^\n.|]{0,60}?\b(\d{1,3}\s?(?:/\s?100|%)|(?:10|\d(?:\.\d)?)\s?/\s?10)"
    r"|\b(?:overall |readiness |production |quality )score\b[^\n.]{0,30}?\b(\d{1,3}\s?(?:/\s?100|%)|(?:10|\d(?:\.\d)?)\s?/\s?10)",
    re.IGNORECASE,
)
_EXTERNAL = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#$)", re.IGNORECASE)


def wants(path: str) -> bool:
    """Markdown files."""
    return path.lower().endswith((".md", ".markdown"))


def recognises(file: SourceFile) -> bool:
    """Every document but generated change logs."""
    return file.name.lower() not in ("changelog.md", "history.md", "releases.md", "release-notes.md")


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the document, its links, commands and claims."""
    read = markdown.document(file)
    topics = tuple(_topics(file.text, read))
    yield _symbol(file, Kind.DOCUMENT, Action.DEFINES, file.path, Span(file.path), DocumentRead(read.anchors, topics))
    for link in read.links:
        yield from _link(file, link)
    for block in read.blocks:
        if block.language in _SHELLS:
            yield from _commands(file, block)
    for number, line in enumerate(file.text.split("\n"), start=1):
        if claim := _CLAIM.search(line):
            at = Span(file.path, number, claim.start() + 1, number, claim.end())
            score = claim[1] or claim[2]
            yield _symbol(file, Kind.DOCUMENT, Action.DEFINES, score, at, ReadinessClaim(score))


def _symbol(file: SourceFile, kind: Kind, action: Action, name: str, at: Span, detail: Detail) -> Symbol:
    return Symbol(kind, action, Exact(name), at, phase="document", role=file.role, detail=detail)


def _topics(text: str, read: markdown.Document) -> Iterator[str]:
    shown = "\n".join([*(block.text for block in read.blocks), *(words for words, _ in read.code)])
    if _RUN.search(shown):
        yield "run"
    if _TEST.search(shown):
        yield "test"
    titled = any(_CONFIGURE.search(heading.text) for heading in read.headings)
    if _VARIABLE.search(shown) or (titled and _VARIABLE.search(text)):
        yield "configure"


def _link(file: SourceFile, link: markdown.Link) -> Iterator[Statement]:
    if _EXTERNAL.match(link.target) or "{" in link.target or "$" in link.target:
        return
    path, _, anchor = unquote(link.target).partition("#")
    path = path.partition("?")[0]
    if path.startswith("/"):
        # A site or GitHub reads it from the root of what is published; which folder that is cannot be seen here.
        target = path.lstrip("/") if file.folder == "" else None
    else:
        target = joined(file.folder, path) if path else file.path
    if target is None:
        return
    yield _symbol(file, Kind.DOCUMENT, Action.REFERS, link.target, link.at, DocumentLink(target, anchor))


def _commands(file: SourceFile, block: markdown.Block) -> Iterator[Statement]:
    folder: str | None = ""
    prompted = any(_PROMPT.match(line) for line in block.text.split("\n"))
    if not prompted and block.language in ("", "console", "terminal", "shellsession", "shell-session"):
        first = next((line for line in block.text.split("\n") if line.strip() and not line.strip().startswith("#")), "")
        if not _COMMAND.match(first):
            return
    for offset, line in enumerate(block.text.split("\n")):
        if (prompted and not _PROMPT.match(line)) or _OUTPUT.match(line):
            continue
        text = _PROMPT.sub(lambda found: " " * len(found[0]), line)
        if block.language == "" and not _COMMAND.match(text):
            continue
        for command in script_lines.lines(text, folder):
            folder = command.folder
            number = block.line + offset
            at = Span(file.path, number, command.at.column + block.indent, number, command.at.end_column + block.indent)
            detail = CommandLine("document", block.heading, command.words, command.folder, command.optional)
            yield _symbol(file, Kind.STEP, Action.REFERS, command.words[0], at, detail)
