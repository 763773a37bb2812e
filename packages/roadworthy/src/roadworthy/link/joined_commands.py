"""Puts the arguments that CMD, compose and manifests give behind the entrypoint that takes them.

`ENTRYPOINT ["gunicorn"]` and `CMD ["--bind=0.0.0.0:5000", "shop.wsgi"]` are one command: apart from one another the first
seems to listen on its default port, and the second is no program at all.
"""

from collections import defaultdict
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.symbol import Kind, Symbol


def derive(draft: Draft) -> None:
    """Give each list of options the entrypoint of its own artifact, or else that of its image; drop what was joined."""
    own: dict[tuple[str, str], CommandUse] = {}
    dockerfiles = {component.id: component.dockerfiles for component in draft.components}
    starting: list[tuple[int, Symbol, CommandUse]] = []
    for index, symbol in enumerate(draft.symbols):
        use = symbol.detail
        if symbol.kind is Kind.COMMAND and isinstance(use, CommandUse) and use.form == "exec" and use.words:
            if use.purpose == "entrypoint":
                own[symbol.at.path, symbol.component] = use
            if use.purpose in ("entrypoint", "command"):
                starting.append((index, symbol, use))
    joined: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for index, symbol, use in starting:
        if use.purpose != "command" or not use.words[0].startswith("-"):
            continue
        places = [(symbol.at.path, symbol.component)]
        places += [(path, of) for path in dockerfiles.get(symbol.component, ()) for of in (symbol.component, "")]
        entry = next((own[place] for place in places if place in own), None)
        if entry is not None:
            words = (*entry.words, *use.words)
            joined[symbol.at.path, symbol.component].add(entry.words)
            draft.symbols[index] = replace(symbol, detail=replace(use, words=words))
    dropped = {
        index
        for index, symbol, use in starting
        if use.purpose == "entrypoint" and use.words in joined.get((symbol.at.path, symbol.component), ())
    }
    draft.symbols = [symbol for index, symbol in enumerate(draft.symbols) if index not in dropped]
