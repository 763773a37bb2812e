"""A coverage floor is set and nothing measures coverage against it.

It reads as a promise that untested code cannot be merged; no run ever looks at it.

## Fails

```toml title="pyproject.toml"
[tool.pytest.ini_options]
addopts = "-ra"

[tool.coverage.report]
fail_under = 90
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest
```

## Passes

```toml title="pyproject.toml"
[tool.pytest.ini_options]
addopts = "-ra --cov=app"

[tool.coverage.report]
fail_under = 90
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest
```

## Repair

Let the tests measure it: `--cov` in `addopts`, or `coverage run` and `coverage report` in the pipeline.
"""

from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerCalled, RunnerConfiguration, RunnerHidden
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare each floor with what the runs of the tests measure."""
    runs = [s for s in facts.details(Kind.TEST, Action.REFERS, RunnerCalled) if s.role is FileRole.PROD]
    measuring = _measuring(facts)
    hidden = next(iter(facts.details(Kind.TEST, Action.REFERS, RunnerHidden)), None)
    for at in _floors(facts):
        if measuring is not None:
            yield Held(at)
        elif hidden is not None or facts.openings(Kind.PIPELINE) or not runs:
            yield Unknown("whether anything measures coverage: not all that runs the tests can be seen", at)
        else:
            yield Finding(
                "The coverage floor is never looked at: no run of the tests measures coverage",
                at,
                (Related(runs[0].at, "runs the tests without measuring coverage"),),
                "Add `--cov` to `addopts`, or run `coverage report` in the pipeline",
                ("fail_under",),
            )


def _floors(facts: Facts) -> Iterator[Span]:
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        detail = symbol.detail
        if isinstance(detail, RunnerConfiguration) and detail.heard and symbol.role is FileRole.PROD:
            for name, value in detail.options:
                if (name == "report.fail_under" and value not in ("0", "0.0")) or "--cov-fail-under" in value:
                    yield symbol.at
                    break


def _measuring(facts: Facts) -> Span | None:
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        if isinstance(symbol.detail, RunnerConfiguration):
            for name, value in symbol.detail.options:
                if name == "addopts" and "--cov" in value.replace("--cov-fail-under", "").replace("--cov-report", ""):
                    return symbol.at
    for kind in (Kind.STEP, Kind.COMMAND):
        for symbol in facts.references(kind):
            if isinstance(symbol.detail, CommandLine | CommandUse):
                line = " ".join(symbol.detail.words)
                if "--cov" in line or "coverage" in line:
                    return symbol.at
    return None
