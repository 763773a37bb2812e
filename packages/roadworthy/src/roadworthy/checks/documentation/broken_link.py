"""A document links to something that is not there.

## Fails

```markdown title="README.md"
# Orders

See the [runbook](docs/runbok.md).
```

```markdown title="docs/runbook.md"
# Runbook
```

## Passes

```markdown title="README.md"
# Orders

See the [runbook](docs/runbook.md#restore).
```

```markdown title="docs/runbook.md"
# Runbook

Restore
-------
```

## Repair

Link to where the text is now, or remove the link.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.model.detail.document import DocumentLink, DocumentRead
from roadworthy.model.detail.image import IgnoreRule
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.DOCUMENTS, since="0.1", needs=frozenset({Kind.DOCUMENT}))

_COUNTED = frozenset({FileRole.DOCUMENT, FileRole.PROD})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare relative links with the files and headings there are."""
    read = {
        str(symbol.name): symbol.detail.anchors
        for symbol in facts.details(Kind.DOCUMENT, Action.DEFINES, DocumentRead)
        if isinstance(symbol.detail, DocumentRead)
    }
    ignored = {
        str(s.name).strip("/")
        for s in facts.details(Kind.FILE, Action.REFERS, IgnoreRule)
        if s.phase == "source" and isinstance(s.detail, IgnoreRule) and not s.detail.keeps
    }
    for symbol in facts.details(Kind.DOCUMENT, Action.REFERS, DocumentLink):
        link = symbol.detail
        if not isinstance(link, DocumentLink) or symbol.role not in _COUNTED or "template" in symbol.at.path.lower():
            continue
        there = facts.has_file(link.path) or facts.has_folder(link.path)
        if not there and link.path.rpartition("/")[2] in ignored:
            yield Unknown(f"whether `{symbol.name}` is there once it is made: .gitignore names it", symbol.at)
        elif not there:
            yield _missing(facts, symbol, link)
        elif not link.anchor or link.path not in read or _has_anchor(read[link.path], link.anchor):
            yield Held(symbol.at)
        elif _built(facts, link.path):
            yield Unknown(f"whether a site builder gives {link.path} the anchor `#{link.anchor}`", symbol.at)
        else:
            close = get_close_matches(link.anchor.lower(), read[link.path], 1, 0.6)
            near = f"; the nearest is `#{close[0]}`" if close else ""
            yield Finding(
                f"{link.path} has no heading `#{link.anchor}`{near}",
                symbol.at,
                (Related(Span(link.path), "the document that is linked to"),),
                f"Link to `#{close[0]}`" if close else "Link to a heading that exists",
                (str(symbol.name),),
            )


def _built(facts: Facts, path: str) -> bool:
    """Tell whether a site builder, which has anchors of its own, makes a page of a document."""
    builders = ("mkdocs.yml", "mkdocs.yaml", "docusaurus.config.js", "docusaurus.config.ts", "book.toml", "conf.py")
    return "/" in path and any(file.rpartition("/")[2] in builders for file in facts.files)


def _has_anchor(anchors: tuple[str, ...], anchor: str) -> bool:
    wanted = re.sub(r"-+", "-", anchor.lower())
    anchors = tuple(re.sub(r"-+", "-", known.lower()) for known in anchors)
    # Lines of a file, and anchors that a site builder makes.
    return wanted in anchors or (wanted.startswith(("l", "user-content-")) and any(c.isdigit() for c in wanted))


def _missing(facts: Facts, symbol: Symbol, link: DocumentLink) -> Finding | Unknown:
    # A site builder serves pages without their ending, and writes files that are not kept.
    if any(facts.has_file(link.path.rstrip("/") + ending) for ending in (".md", ".html", "/index.md", "/README.md")):
        return Unknown(f"whether `{symbol.name}` is served by a site builder", symbol.at)
    if "." not in link.path.rpartition("/")[2] and _built(facts, symbol.at.path):
        return Unknown(f"whether `{symbol.name}` is served by a site builder", symbol.at)
    names = {path.rpartition("/")[2]: path for path in reversed(facts.files)}
    close = get_close_matches(link.path.rpartition("/")[2], names, 1, 0.75)
    near = f"; the nearest is `{names[close[0]]}`" if close else ""
    return Finding(
        f"The link to `{symbol.name}` leads nowhere{near}",
        symbol.at,
        (Related(Span(names[close[0]]), "the nearest file"),) if close else (),
        f"Link to `{names[close[0]]}`" if close else "Remove the link, or add the file",
        (str(symbol.name),),
    )
