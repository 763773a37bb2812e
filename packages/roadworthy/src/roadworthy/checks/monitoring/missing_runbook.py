"""An alert points to a runbook that is not there.

At three in the morning, the link in the alert is the first thing somebody opens.

## Fails

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ServiceDown
        expr: up == 0
        annotations:
          runbook_url: docs/runbooks/service-down.md
```

```markdown title="docs/runbooks/database-down.md"
# The database is down
```

## Passes

```yaml title="prometheus/rules.yml"
groups:
  - name: api
    rules:
      - alert: ServiceDown
        expr: up == 0
        annotations:
          runbook_url: docs/runbooks/service-down.md
```

```markdown title="docs/runbooks/service-down.md"
# The service is down
```

## Repair

Write the runbook, or correct the path or the anchor in the annotation.

## References

- https://sre.google/workbook/on-call/
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches

from roadworthy.model.detail.alert import AlertRule
from roadworthy.model.detail.document import DocumentRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.ALERTS, since="0.1", needs=frozenset({Kind.RUNBOOK, Kind.SEVERITY}))

_HOSTED = re.compile(r"https?://[^/]+/(?:[^/]+/)*?([^/]+)/(?:-/)?(?:blob|tree|raw|src/branch)/[^/]+/([^?]*)")
# So many alerts make a custom of pointing to a runbook.
_MANY = 4


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look the files and anchors that alerts point to up among those of this repository."""
    yield from _without(facts)
    for symbol in facts.references(Kind.RUNBOOK):
        if symbol.role is not FileRole.PROD or not isinstance(symbol.detail, AlertRule):
            continue
        if not isinstance(symbol.name, Exact):
            continue
        path, anchor = _meant(facts, symbol)
        if not path:
            continue
        if not facts.has_file(path) and not facts.has_folder(path):
            yield _missing_file(facts, symbol, symbol.detail, path)
        elif anchor and path.endswith((".md", ".markdown")):
            yield from _anchored(facts, symbol, symbol.detail, path, anchor)
        else:
            yield Held(symbol.at)


def _without(facts: Facts) -> Iterator[Finding]:
    """Report the alert of a file that points nowhere where all others of the file point to a runbook."""
    alerts: dict[str, dict[str, Symbol]] = defaultdict(dict)
    for symbol in facts.references(Kind.SEVERITY):
        if isinstance(symbol.detail, AlertRule) and symbol.role is FileRole.PROD:
            alerts[symbol.at.path].setdefault(symbol.detail.alert, symbol)
    pointing: dict[str, dict[str, Symbol]] = defaultdict(dict)
    for symbol in facts.references(Kind.RUNBOOK):
        if isinstance(symbol.detail, AlertRule):
            pointing[symbol.at.path].setdefault(symbol.detail.alert, symbol)
    for path, named in alerts.items():
        missing = [alert for alert in named if alert not in pointing[path]]
        if len(missing) != 1 or len(named) < _MANY:
            continue
        other = next(iter(pointing[path].values()))
        yield Finding(
            f"alert {missing[0]} points to no runbook, as the {len(named) - 1} others of {path} do",
            named[missing[0]].at,
            (Related(other.at, "another alert points to its runbook"),),
            f"Write what to do when {missing[0]} fires, and point to it",
            (missing[0],),
        )


def _meant(facts: Facts, symbol: Symbol) -> tuple[str, str]:
    """Return the path in this repository and the anchor an address means; "" where it is an address elsewhere."""
    address, _, anchor = str(symbol.name).partition("#")
    hosted = _HOSTED.match(address)
    if hosted:
        path = hosted[2].rstrip("/")
        folder = posixpath.dirname(path)
        ours = hosted[1] == facts.name or facts.has_file(path) or (folder and facts.has_folder(folder))
        return (path, anchor) if ours else ("", "")
    if "://" in address or not address or address.startswith(("mailto:", "//", "www.")):
        return "", ""
    if "/" not in address and not re.search(r"\.(md|markdown|rst|adoc|html|txt)$", address):
        return "", ""
    path = posixpath.normpath(address.lstrip("/"))
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(symbol.at.path), address))
    if not facts.has_file(path) and facts.has_file(beside):
        path = beside
    return ("", "") if path.startswith("..") else (path, anchor)


def _missing_file(facts: Facts, symbol: Symbol, alert: AlertRule, path: str) -> Finding:
    documents = [file for file in facts.files if file.endswith((".md", ".markdown", ".rst", ".adoc"))]
    name = posixpath.basename(path)
    alike = [file for file in documents if posixpath.basename(file) == name] or get_close_matches(
        path, documents, 2, 0.6
    )
    return Finding(
        f"alert {alert.alert} points to the runbook {path}, which is not in this repository"
        + (f"; the nearest is {alike[0]}" if alike else ""),
        symbol.at,
        tuple(Related(Span(file), "a document with a name like it") for file in alike[:2]),
        f"Write {path}" + (f", or point to {alike[0]}" if alike else ""),
        (alert.alert, path),
    )


def _anchored(
    facts: Facts, symbol: Symbol, alert: AlertRule, path: str, anchor: str
) -> Iterator[Finding | Unknown | Held]:
    read = next(
        (s for s in facts.definitions(Kind.DOCUMENT) if isinstance(s.detail, DocumentRead) and s.at.path == path),
        None,
    )
    if read is None or not isinstance(read.detail, DocumentRead):
        yield Unknown(f"whether {path} has the heading `{anchor}`: it was not read", symbol.at)
        return
    plain = {_plain(known): known for known in read.detail.anchors}
    if _plain(anchor) in plain:
        yield Held(symbol.at)
    elif not read.detail.closed:
        yield Unknown(f"whether {path} has the heading `{anchor}`", Span(path))
    else:
        near = get_close_matches(anchor, list(read.detail.anchors), 1, 0.5)
        yield Finding(
            f"alert {alert.alert} points to `#{anchor}` in {path}, which has no such heading"
            + (f"; the nearest is `#{near[0]}`" if near else ""),
            symbol.at,
            (Related(read.at, "the runbook"),),
            f"Point to `#{near[0]}`" if near else f"Add a heading for {alert.alert} to the runbook",
            (alert.alert, path, anchor),
        )


def _plain(anchor: str) -> str:
    return re.sub(r"[\W_]+", "", anchor).lower()
