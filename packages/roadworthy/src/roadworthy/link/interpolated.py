"""What the variables that a compose file takes from `.env` become: the values of that file, or of the example to copy.

A variable that is nothing but such a value stands where the value does, for whoever compares it with something else.
"""

import re
from collections import defaultdict
from dataclasses import replace
from functools import partial

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.secrecy import names_secret

_TAKEN = re.compile(r"\$\{(\w+)\}")
_EXAMPLE = re.compile(r"(?:\.env|env)[._-](?:example|sample|template|dist)|(?:example|sample|template)\.env")

_Files = dict[str, dict[str, Symbol]]


def derive(draft: Draft) -> None:
    """Fill what compose services are given; secrets that are part of a text stay variables."""
    files = _files(draft)
    if not files:
        return
    for index, symbol in enumerate(draft.symbols):
        given = symbol.detail
        if not isinstance(given, EnvironmentGiven) or given.by not in ("compose", "host") or symbol.phase != "run":
            continue
        known = files.get(symbol.at.path.rpartition("/")[0])
        if known is None or symbol.role is not FileRole.PROD:
            continue
        text = given.template or ("${" + given.source + "}" if given.by == "host" else "")
        if whole := _TAKEN.fullmatch(text):
            said = known.get(whole[1])
            if said is not None and isinstance(said.detail, EnvironmentGiven) and said.detail.value:
                filled = EnvironmentGiven("compose", said.detail.value, source=whole[1])
                draft.symbols.append(replace(symbol, at=said.at, detail=filled))
        elif "${" in text:
            filled_text = _TAKEN.sub(partial(_plain, known), text)
            if filled_text != text:
                open_ = "${" in filled_text
                draft.symbols[index] = replace(
                    symbol,
                    detail=replace(
                        given, template=filled_text if open_ else "", value=None if open_ else filled_text
                    ),
                )  # fmt: skip


def _plain(known: dict[str, Symbol], taken: re.Match[str]) -> str:
    said = known.get(taken[1])
    if said is None or names_secret(taken[1]) or not isinstance(said.detail, EnvironmentGiven):
        return taken[0]
    return said.detail.value or taken[0]


def _files(draft: Draft) -> _Files:
    """Return, by folder, what its `.env` says, or the one example of it."""
    found: dict[str, dict[str, dict[str, Symbol]]] = defaultdict(lambda: defaultdict(dict))
    for symbol in draft.symbols:
        if isinstance(symbol.detail, EnvironmentGiven) and symbol.phase == "file":
            folder, _, name = symbol.at.path.rpartition("/")
            if name == ".env" or _EXAMPLE.fullmatch(name):
                found[folder][name][str(symbol.name)] = symbol
    return {
        folder: names.get(".env") or names.get(".env.example") or next(iter(names.values()))
        for folder, names in found.items()
        if ".env" in names or ".env.example" in names or len(names) == 1
    }
