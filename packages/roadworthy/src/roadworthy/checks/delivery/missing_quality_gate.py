"""No pipeline looks at the code itself: no linter, no type checker, no scanner.

A misspelt name in a branch no test reaches is found by the first customer who takes that branch.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pytest
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pytest
      - run: ruff check .
```

## Repair

Run a linter and a type checker in the pipeline, before or beside the tests, and let it fail with them.
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import GateFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(
    Severity.MINOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.STEP, Kind.PIPELINE}), effort=Effort.HOURS
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look in every job for something that reads the code."""
    for symbol in facts.details(Kind.STEP, Action.REFERS, GateFound):
        found = symbol.detail
        if not isinstance(found, GateFound):
            continue
        match found.state:
            case "there":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether a pipeline looks at the code itself: {found.why}", symbol.at)
            case _:
                yield Finding(
                    "No job of any pipeline runs a linter, a type checker or a scanner",
                    symbol.at,
                    (),
                    "Add a step such as `ruff check .`, `mypy`, `eslint .` or `tsc --noEmit`",
                    ("quality gate",),
                )
