"""A pipeline or script runs tests at a path that is not there.

The runner ends with an error, or, where errors are forgiven, with nothing tested at all.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest test/unit
```

```python title="tests/unit/test_main.py"
def test_sum():
    assert 1 + 1 == 2
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest tests/unit
```

```python title="tests/unit/test_main.py"
def test_sum():
    assert 1 + 1 == 2
```

## Repair

Name a path that exists, or leave the path out and let the runner's own configuration say where the tests are.
"""

import posixpath
from collections.abc import Iterator

from roadworthy.model.detail.script import PathUse
from roadworthy.model.detail.testing import RunnerCalled, RunnerConfiguration
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.TESTS, since="0.1", needs=frozenset({Kind.STEP, Kind.TEST}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the test paths that commands and configurations name with the files there are."""
    for symbol in facts.details(Kind.STEP, Action.REFERS, PathUse):
        use = symbol.detail
        if not isinstance(use, PathUse) or use.form != "test path" or use.source == "document":
            continue
        if use.found:
            yield Held(symbol.at)
        elif use.found is None:
            yield Unknown(f"whether `{symbol.name}` is there: the folder it is looked for in is not known", symbol.at)
        elif symbol.role is FileRole.PROD:
            near = (Related(_place(facts, use.nearest), "the nearest there is"),) if use.nearest else ()
            yield Finding(
                f"`{use.command}` names `{symbol.name}`, which is not in the repository"
                + (f"; the nearest is `{use.nearest}`" if use.nearest else ""),
                symbol.at,
                near,
                f"Name `{use.nearest}`" if use.nearest else "Name a path that exists",
                (str(symbol.name),),
            )
    yield from _configured(facts)
    for symbol in facts.details(Kind.TEST, Action.REFERS, RunnerCalled):
        yield Held(symbol.at)


def _configured(facts: Facts) -> Iterator[Finding | Held]:
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        detail = symbol.detail
        if not isinstance(detail, RunnerConfiguration) or detail.tool != "pytest" or symbol.role is not FileRole.PROD:
            continue
        folder = symbol.at.path.rpartition("/")[0]
        for path in (p for name, value in detail.options if name == "testpaths" for p in value.split()):
            full = posixpath.normpath(posixpath.join(folder, path))
            if "*" in path or facts.has_folder(full) or facts.has_file(full):
                yield Held(symbol.at)
            else:
                yield Finding(
                    f"`testpaths` names `{path}`, which is not in the repository",
                    symbol.at,
                    repair="Name the folder that holds the tests",
                    names=(path,),
                )


def _place(facts: Facts, path: str) -> Span:
    return Span(path if facts.has_file(path) else next(f for f in facts.files if f.startswith(path)))
