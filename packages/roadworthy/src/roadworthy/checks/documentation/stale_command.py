"""A document shows a command that cannot work.

The target, script, file or service it names is not there: the first thing a newcomer does fails, and the runbook fails in
the night it is needed.

## Fails

````markdown title="README.md"
# Orders

```sh
make start
```
````

```make title="Makefile"
run:
        uvicorn app.main:app
```

## Passes

````markdown title="README.md"
# Orders

```sh
make run
```
````

```make title="Makefile"
run:
        uvicorn app.main:app
```

## Repair

Write the command that works today. Let a test run the commands of the README in a clean copy.
"""

from collections.abc import Iterator

from roadworthy.model.detail.script import PathUse, ScriptDefined, ScriptUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MINOR,
    Family.DOCUMENTS,
    since="0.1",
    needs=frozenset({Kind.DOCUMENT, Kind.SCRIPT, Kind.STEP, Kind.SERVICE}),
)

_COUNTED = frozenset({FileRole.DOCUMENT, FileRole.PROD})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what the commands of documents name with what there is."""
    for symbol in facts.details(Kind.SCRIPT, Action.REFERS, ScriptUse):
        if isinstance(symbol.detail, ScriptUse) and symbol.detail.source == "document" and symbol.role in _COUNTED:
            yield _script(facts, symbol, symbol.detail)
    for symbol in facts.details(Kind.STEP, Action.REFERS, PathUse):
        use = symbol.detail
        if not isinstance(use, PathUse) or use.source != "document" or symbol.role not in _COUNTED:
            continue
        if use.found:
            yield Held(symbol.at)
        elif use.found is False:
            near = f"; the nearest is `{use.nearest}`" if use.nearest else ""
            yield Finding(
                f"`{use.command}` names the {use.form} `{symbol.name}`, which is not in the repository{near}",
                symbol.at,
                (Related(Span(use.nearest), "the nearest there is"),) if facts.has_file(use.nearest) else (),
                f"Write `{use.nearest}`" if use.nearest else "Write the command that works today, or remove it",
                (str(symbol.name), use.form),
            )


def _script(facts: Facts, symbol: Symbol, use: ScriptUse) -> Finding | Unknown | Held:
    if use.found:
        return Held(symbol.at)
    what = "target" if use.runner == "make" else "script"
    if use.open:
        return Unknown(f"whether {what} `{symbol.name}` exists: {use.open}", symbol.at)
    place = use.holder or ("any Makefile" if use.runner == "make" else "any package.json")
    near = f"; there are {', '.join(f'`{name}`' for name in use.known)}" if use.known else ""
    sides = [
        Related(s.at, f"{what} `{s.name}`")
        for name in use.known[:2]
        for s in facts.definitions(Kind.SCRIPT)
        if isinstance(s.detail, ScriptDefined) and str(s.name) == name and s.at.path == use.holder
    ]
    return Finding(
        f"The {what} `{symbol.name}` is not defined in {place}{near}",
        symbol.at,
        tuple(sides) or ((Related(Span(use.holder), f"defines no `{symbol.name}`"),) if use.holder else ()),
        f"Write `{use.known[0]}`, or define `{symbol.name}`"
        if use.known
        else f"Define `{symbol.name}` or remove the line",
        (str(symbol.name), use.runner),
    )
