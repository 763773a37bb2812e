"""Which of the variables the service needs are named by files that the tests have to themselves."""

import re

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead, NamesMentioned
from roadworthy.model.detail.testing import VariableForTests
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

# What runs or configures tests may set a variable for them; so may a `.env` that is really there.
_SETTING = re.compile(
    r"conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|noxfile\.py|(?:GNU)?[Mm]akefile|[Jj]ustfile|package\.json"
    r"|(?:vite|vitest|jest|playwright|cypress)[\w.-]*|[Tt]askfile\.ya?ml|[\w.-]+\.(?:sh|bash)|[\w.-]*setup[\w.-]*\.[cm]?[jt]s"
)
_EXAMPLE = re.compile(r"(?:example|sample|template|dist|tmpl)\b|\.md$")


def derive(draft: Draft) -> None:
    """Add, for each variable that is needed, the first such file that names it. Runs before the lists of names go."""
    needed = {
        symbol.name.text
        for symbol in draft.of(Kind.ENVIRONMENT, Action.REFERS)
        if isinstance(symbol.detail, EnvironmentRead) and symbol.detail.required and isinstance(symbol.name, Exact)
    }
    found: dict[str, Span] = {}
    for symbol in draft.symbols:
        path = symbol.at.path
        match symbol.detail:
            case NamesMentioned(names=names) if _sets(path, symbol.role):
                for name in needed & names:
                    found[name] = min(found.get(name, symbol.at), symbol.at)
            case EnvironmentGiven() if symbol.phase == "file" and not _EXAMPLE.search(path):
                name = str(symbol.name)
                if name in needed:
                    found[name] = min(found.get(name, symbol.at), symbol.at)
    draft.symbols += [
        Symbol(Kind.TEST, Action.REFERS, Exact(name), at, phase="test", detail=VariableForTests())
        for name, at in found.items()
    ]


def _sets(path: str, role: FileRole) -> bool:
    if path.startswith(".github/") or _EXAMPLE.search(path):
        return False
    return role is FileRole.TEST or "test" in path.lower() or _SETTING.fullmatch(path.rpartition("/")[2]) is not None
