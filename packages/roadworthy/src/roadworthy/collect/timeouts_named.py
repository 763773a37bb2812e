"""Which options that bound a wait a file mentions, in whatever language: in an address, a variable or a configuration."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.code import TimeoutsNamed
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset[Kind]()

_READ = tuple(
    """
    .py .js .jsx .ts .tsx .mjs .cjs .mts .cts .yml .yaml .toml .ini .cfg .conf .json .sh .env .properties .tf .tmpl .j2 .template
    """.split()
)
_NAMED = re.compile(r"\.env[\w.-]*|[\w-]*env\.example|(?:Dockerfile|Containerfile)(?:[._-][\w-]+)?|Procfile")
_CLAIMED = re.compile(
    r"(?:.*/)?(?:\.env[\w.-]*|(?:Dockerfile|Containerfile)(?:[._-][\w-]+)?|[\w.-]+\.[Dd]ockerfile|Procfile)"
    r"|(?:.*/)?\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml"
)
_OPTION = re.compile(
    r"(?<![A-Za-z_])(?:connect_timeout|socket_timeout|statement_timeout|connectionTimeoutMillis|query_timeout|commandTimeout"
    r"|socketTimeout|requestTimeout|setdefaulttimeout)(?![A-Za-z_])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[?&](\w*timeout\w*)=", re.IGNORECASE)
_CODE = (".py", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts")


def wants(path: str) -> bool:
    """Code and settings."""
    name = path.rpartition("/")[2]
    return name.endswith(_READ) or _NAMED.fullmatch(name) is not None


def claims(path: str) -> bool:
    """Say so where other readers claim a path too: none of them is then left out."""
    return _CLAIMED.fullmatch(path) is not None


def recognises(file: SourceFile) -> bool:
    """Whatever mentions an option."""
    return "imeout" in file.text or "TIMEOUT" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield one statement with all options, in lower case."""
    address = frozenset(found.lower() for found in _ADDRESS.findall(file.text))
    code = (
        frozenset(found.lower() for found in _OPTION.findall(file.text)) if file.name.endswith(_CODE) else frozenset()
    )
    if "Handler" not in file.text:
        # A server of Node.js has an option of the same name.
        code -= {"requesttimeout"}
    if address or code:
        detail = TimeoutsNamed(address, code)
        yield Symbol(
            Kind.CONSTRUCT, Action.REFERS, Exact("timeouts"), Span(file.path), "", "mention", file.role, detail
        )
