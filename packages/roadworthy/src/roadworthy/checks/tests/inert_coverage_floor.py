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

import re
from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerCalled, RunnerConfiguration, RunnerHidden
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

_SCRIPTED = {"jest": "coverageThreshold.", "vitest": "coverage.thresholds."}
_MEASURED_BY = {"jest": ("collectCoverage",), "vitest": ("coverage.enabled",)}
# Names that are meant for a floor and that the tool does not know.
_MISSPELT = {
    "jest": re.compile(
        r"(coverageThresholds|coverageTreshold|coverage_threshold|thresholds?|coverage\.thresholds?|coverageThreshHold)\..+",
        re.IGNORECASE,
    ),
    "vitest": re.compile(
        r"(coverage\.(?:lines|functions|branches|statements)|coverage\.threshold\..+|coverageThresholds?\..+)"
    ),
}

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
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        detail = symbol.detail
        if isinstance(detail, RunnerConfiguration) and detail.tool in _SCRIPTED and symbol.role is FileRole.PROD:
            # What a container of its own does is not to run these tests once more.
            near = next((h for h in facts.details(Kind.TEST, Action.REFERS, RunnerHidden) if not _container(h)), None)
            yield from _scripted(facts, symbol, detail, runs, near)


def _container(hidden: Symbol) -> bool:
    return str(hidden.name).startswith(("docker run", "podman run"))


def _scripted(
    facts: Facts, symbol: Symbol, setup: RunnerConfiguration, runs: list[Symbol], hidden: Symbol | None
) -> Iterator[Finding | Unknown | Held]:
    """Judge the floor of jest or vitest: it counts in runs that measure coverage, and under its own name only."""
    tool, proper = setup.tool, _SCRIPTED[setup.tool]
    called = [r for r in runs if str(r.name) == tool and isinstance(r.detail, RunnerCalled)]
    meant = next((n for n, _ in setup.options if not n.startswith(proper) and _MISSPELT[tool].fullmatch(n)), None)
    floor = next((n for n, v in setup.options if n.startswith(proper) and v not in ("0", "0.0", "false")), None)
    if meant is not None and floor is None and not (tool == "vitest" and _old_vitest(facts)):
        yield Finding(
            f"{tool} does not know `{meant}`: the floor is called `{proper.rstrip('.')}`, and this one counts for nothing",
            symbol.at,
            tuple(Related(run.at, f"runs {tool} without a floor") for run in called[:1]),
            f"Write `{proper.rstrip('.')}`",
            (meant,),
        )
        return
    if floor is None:
        return
    measured = any(n in _MEASURED_BY[tool] and v == "true" for n, v in setup.options)
    measured = measured or any(
        "coverage" in " ".join(r.detail.words) for r in called if isinstance(r.detail, RunnerCalled)
    )
    if measured:
        yield Held(symbol.at)
    elif hidden is not None or facts.openings(Kind.PIPELINE) or not called:
        yield Unknown("whether anything measures coverage: not all that runs the tests can be seen", symbol.at)
    elif any(n.endswith("(computed)") for n, _ in setup.options):
        yield Unknown("whether coverage is measured: part of the configuration is computed", symbol.at)
    else:
        yield Finding(
            f"The coverage floor is never looked at: no run of {tool} measures coverage",
            symbol.at,
            (Related(called[0].at, "runs the tests without measuring coverage"),),
            "Add `--coverage` to the command, or "
            + ("`collectCoverage: true`" if tool == "jest" else "`coverage: {enabled: true}`"),
            (floor,),
        )


def _old_vitest(facts: Facts) -> bool:
    """Tell whether a manifest asks for a version of vitest that takes its floors beside the other options of coverage."""
    asked = [s.detail for s in facts.details(Kind.PACKAGE, Action.DEFINES, Dependency) if str(s.name) == "vitest"]
    return any(isinstance(d, Dependency) and re.search(r"(?:^|[\^~=v ])0\.", d.specifier) for d in asked)


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
