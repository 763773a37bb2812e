"""A pipeline, Makefile or script calls a target, script or file that does not exist.

It is found when the step runs: in the release that could not wait.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make tests
```

```make title="Makefile"
test:
        pytest
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make test
```

```make title="Makefile"
test:
        pytest
```

## Repair

Call a name that exists, or define the one that is called.
"""

from collections.abc import Iterator

from roadworthy.model.detail.script import PathUse, ScriptDefined, ScriptUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.SCRIPT, Kind.STEP}))

_FORMS = ("script", "file")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what commands call with the targets, scripts and files there are."""
    for symbol in facts.details(Kind.SCRIPT, Action.REFERS, ScriptUse):
        if isinstance(symbol.detail, ScriptUse) and symbol.detail.source != "document" and symbol.role is FileRole.PROD:
            yield _script(facts, symbol, symbol.detail)
    for symbol in facts.details(Kind.STEP, Action.REFERS, PathUse):
        use = symbol.detail
        if not isinstance(use, PathUse) or use.form not in _FORMS or use.source == "document":
            continue
        if symbol.role is not FileRole.PROD:
            continue
        if use.found is None:
            yield Unknown(f"whether `{symbol.name}` is there when `{use.command}` runs", symbol.at)
        elif use.found:
            yield Held(symbol.at)
        else:
            near = f"; the nearest is `{use.nearest}`" if use.nearest else ""
            yield Finding(
                f"`{use.command}` needs `{symbol.name}`, which is not in the repository{near}",
                symbol.at,
                (Related(Span(use.nearest), "the nearest there is"),) if facts.has_file(use.nearest) else (),
                f"Name `{use.nearest}`" if use.nearest else "Add the file or remove the step",
                (str(symbol.name),),
            )


def _script(facts: Facts, symbol: Symbol, use: ScriptUse) -> Finding | Unknown | Held:
    if use.found:
        return Held(symbol.at)
    what = "target" if use.runner == "make" else "script"
    if use.open or not use.holder:
        why = use.open or f"no file that could define it was found for `{use.owner}`"
        return Unknown(f"whether {what} `{symbol.name}` exists: {why}", symbol.at)
    near = f"; there are {', '.join(f'`{name}`' for name in use.known)}" if use.known else ""
    sides = [
        Related(s.at, f"{what} `{s.name}`")
        for name in use.known[:2]
        for s in facts.definitions(Kind.SCRIPT)
        if isinstance(s.detail, ScriptDefined) and str(s.name) == name and s.at.path == use.holder
    ]
    return Finding(
        f"{what.capitalize()} `{symbol.name}` is called and {use.holder} does not define it{near}",
        symbol.at,
        tuple(sides) or (Related(Span(use.holder), f"defines no `{symbol.name}`"),),
        f"Call `{use.known[0]}`, or define `{symbol.name}` in {use.holder}" if use.known else f"Define `{symbol.name}`",
        (str(symbol.name), use.runner),
    )
