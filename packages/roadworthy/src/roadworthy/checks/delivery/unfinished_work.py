"""Code that ships still says what is missing in it.

A mark nobody looks at again is a defect that somebody knew of.

## Fails

```python title="main.py"
# TODO: check the signature
print("serving")
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: docker compose config
```

## Passes

```python title="main.py"
print("serving")
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: docker compose config
```

## Repair

Do it, or move it to an issue and name the issue in the comment.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.release import Marker
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}), effort=Effort.HOURS)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Report each file that ships with such a mark; a module without one holds."""
    marked: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Marker):
        found = symbol.detail
        if not isinstance(found, Marker) or found.route or symbol.role is not FileRole.PROD:
            continue
        marked.add(symbol.at.path)
        more = f" (and {found.more} more in this file)" if found.more else ""
        yield Finding(
            f"{symbol.name}: {found.text or 'without a word'}{more}",
            symbol.at,
            (),
            "Do it, or name the issue that will",
            (str(symbol.name), symbol.at.path),
        )
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if symbol.role is FileRole.PROD and symbol.at.path not in marked:
            yield Held(symbol.at)
