"""Which names in capitals a file mentions, in whatever language it is written.

A variable that no file mentions is read by nobody: this needs no parser, and holds for languages that are not read.
"""

import re
import string
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import NamesMentioned
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Kind, Symbol, Unreadable

PROVIDES = frozenset[Kind]()

_CODE = tuple(
    """
    .py .js .jsx .ts .tsx .mjs .cjs .mts .vue .svelte .astro .go .rb .java .kt .php .rs .cs .ex .exs .scala .lua .pl .sh .bash
    .prisma .mako
    """.split()
)
_SETTINGS = (
    ".conf",
    ".ini",
    ".cfg",
    ".toml",
    ".yml",
    ".yaml",
    ".template",
    ".tmpl",
    ".tpl",
    ".j2",
    ".properties",
    ".tf",
)
_DOCUMENTS = (".md", ".rst", ".mdx", ".adoc")
_NAMED = re.compile(
    r"(?:Dockerfile|Containerfile)(?:[._-][\w-]+)?|[\w.-]+\.[Dd]ockerfile|Procfile[\w.-]*|(?:GNU)?[Mm]akefile|[Jj]ustfile"
    r"|(?:package|app|vercel|nest-cli|ecosystem\.config)\.json|[\w-]*(?:entrypoint|start|run|backup|restore|deploy)|crontab"
)
_CLAIMED = re.compile(
    r"(?:Dockerfile|Containerfile)(?:[._-][\w-]+)?|[\w.-]+\.[Dd]ockerfile|Procfile|(?:GNU)?[Mm]akefile|\.gitlab-ci\.ya?ml"
)
_WORKFLOW = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")
# What stands before a name is looked at afterwards: a pattern that begins with a set of characters is searched faster.
_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,60}(?![A-Za-z0-9_])")
_INSIDE = frozenset(string.ascii_letters + string.digits + "_")
_ALL = (
    (re.compile(r"os\.environ\.(?:items|keys|values)\(|\bin os\.environ\b\s*:"), "it goes through all variables"),
    (
        re.compile(r"\b(?:dynaconf|typed_settings|goodconf|envparse|confuse|hydra)\b"),
        "a library reads what it is named for",
    ),
    (
        re.compile(r"Object\.(?:keys|entries|values)\(\s*process\.env|\bin process\.env\b|process\.env\[[^'\"`\]]"),
        "it computes the names it reads",
    ),
)


def wants(path: str) -> bool:
    """Code, settings and documents."""
    name = path.rpartition("/")[2]
    return name.endswith((*_CODE, *_SETTINGS, *_DOCUMENTS)) or _NAMED.fullmatch(name) is not None


def claims(path: str) -> bool:
    """Say so where other readers claim a path too: none of them is then left out."""
    return _CLAIMED.fullmatch(path.rpartition("/")[2]) is not None or _WORKFLOW.search(path) is not None


def recognises(file: SourceFile) -> bool:
    """Whatever mentions a name at all."""
    return next(_names(file.text), None) is not None


def _names(text: str) -> Iterator[str]:
    for found in _NAME.finditer(text):
        start = found.start()
        if not start or text[start - 1] not in _INSIDE:
            yield found[0]


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement with all names."""
    aside = file.name.endswith(_DOCUMENTS)
    why = "" if aside else next((why for pattern, why in _ALL if pattern.search(file.text)), "")
    detail = NamesMentioned(frozenset(_names(file.text)), why)
    yield Symbol(
        Kind.ENVIRONMENT, Action.REFERS, Unreadable("many names"), Span(file.path), "", "mention", file.role, detail
    )
