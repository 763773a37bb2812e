"""Which dotenv files stand in the repository, and which of them hold secrets."""

import re
from collections import defaultdict

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.secret import EnvironmentFile
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.secrecy import names_secret, stands_for_secret

_ASIDE = re.compile(
    r"\.env[.-](?:test\w*|ci|dev\w*|local\w*|sample|example|template|dist|defaults?|schema|vault|patch)$", re.IGNORECASE
)
_CREDENTIALS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s:/@]*:([^\s/@]+)@", re.IGNORECASE)


def derive(draft: Draft) -> None:
    """Add each dotenv file with the names of the secrets in it; runs while the values still stand there."""
    secrets: dict[str, list[str]] = defaultdict(list)
    for symbol in draft.of(Kind.ENVIRONMENT, Action.DEFINES):
        given = symbol.detail
        if isinstance(given, EnvironmentGiven) and symbol.phase == "file" and given.value is not None:
            address = _CREDENTIALS.search(given.value)
            named = names_secret(str(symbol.name)) and not stands_for_secret(given.value)
            if named or (address is not None and not stands_for_secret(address[1])):
                secrets[symbol.at.path].append(str(symbol.name))
    roles = {artifact.path: artifact.role for artifact in draft.artifacts if artifact.kind == "dotenv"}
    for path, role in sorted(roles.items()):
        kept = None if draft.tracked is None else path in draft.tracked
        detail = EnvironmentFile(kept, () if _ASIDE.search(path) else tuple(sorted(set(secrets[path]))))
        draft.symbols.append(
            Symbol(Kind.FILE, Action.DEFINES, Exact(path), Span(path), phase="file", role=role, detail=detail)
        )
