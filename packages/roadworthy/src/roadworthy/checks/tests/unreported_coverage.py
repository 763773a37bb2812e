"""A pipeline keeps a coverage report that its tests do not write.

The step finds nothing, and says so in a line that nobody reads: the report that reviews lean on is empty, or an old one.

## Fails

```ini title="pytest.ini"
[pytest]
addopts = --cov=app
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pytest
      - uses: actions/upload-artifact@v4
        with:
          path: coverage.xml
```

## Passes

```ini title="pytest.ini"
[pytest]
addopts = --cov=app --cov-report=xml
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pytest
      - uses: actions/upload-artifact@v4
        with:
          path: coverage.xml
```

## Repair

Let the runner write the report (`--cov-report=xml`, `reporter: ["lcov"]`), and name the file it writes.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.pipeline import ActionUse
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerCalled, RunnerConfiguration, RunnerHidden
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST, Kind.STEP}))

_KEEPING = re.compile(r"upload-artifact|codecov|coveralls|coverage", re.IGNORECASE)
_INPUTS = ("path", "files", "file", "path-to-lcov", "coverage-file", "filename", "coverage-reports")
_REPORT = re.compile(r"(?:[\w.@-]+/)*(coverage\.xml|lcov\.info)")
_WRITING = {
    "coverage.xml": re.compile(r"--cov-report[ =]xml(?::(\S+))?|\bcoverage xml(?:.*?-o[ =]?(\S+))?|cobertura"),
    "lcov.info": re.compile(r"\blcov\b(?::(\S+))?"),
}
_RUNNERS = {"coverage.xml": ("pytest",), "lcov.info": ("vitest", "jest")}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the reports that steps keep with those the runner of the same job is told to write."""
    runs = [
        (s, s.detail)
        for s in facts.details(Kind.TEST, Action.REFERS, RunnerCalled)
        if isinstance(s.detail, RunnerCalled) and s.role is FileRole.PROD
    ]
    for step in facts.details(Kind.STEP, Action.REFERS, ActionUse) if runs else ():
        use = step.detail
        if not isinstance(use, ActionUse) or step.role is not FileRole.PROD or not _KEEPING.search(str(step.name)):
            continue
        wanted = [line.strip() for key, value in use.given if key in _INPUTS for line in re.split(r"[\n,]", value)]
        for path in wanted:
            match = _REPORT.fullmatch(path.removeprefix("./"))
            own = [run for run, called in runs if run.at.path == step.at.path and called.job == use.job]
            if match and own and any(str(run.name) in _RUNNERS[match[1]] for run in own):
                yield _judge(facts, step, use, path.removeprefix("./"), match[1], own)


def _judge(
    facts: Facts, step: Symbol, use: ActionUse, path: str, name: str, runs: list[Symbol]
) -> Finding | Unknown | Held:
    hidden = [
        s
        for s in facts.details(Kind.TEST, Action.REFERS, RunnerHidden)
        if s.at.path == step.at.path and isinstance(s.detail, RunnerHidden) and s.detail.job == use.job
    ]
    if hidden and isinstance(hidden[0].detail, RunnerHidden):
        return Unknown(f"whether `{path}` is written: {hidden[0].detail.why}", hidden[0].at)
    settings = [
        s
        for s in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration)
        if isinstance(s.detail, RunnerConfiguration) and s.detail.tool in (*_RUNNERS[name], "coverage")
    ]
    texts = [(run, " ".join(run.detail.words)) for run in runs if isinstance(run.detail, RunnerCalled)]
    texts += [(s, " ".join(s.detail.words)) for s in facts.references(Kind.STEP) if isinstance(s.detail, CommandLine)]
    for setting in settings:
        if isinstance(setting.detail, RunnerConfiguration):
            texts.append((setting, " ".join(f"{key} {value}" for key, value in setting.detail.options)))
    reporting = any("reporter" in text.lower() for _, text in texts)
    if name == "lcov.info" and any(str(run.name) == "jest" for run in runs) and not reporting:
        return Held(step.at)  # jest writes it unless it is told otherwise
    named = re.compile(r"(?:xml|lcov)\.output (\S+)|(?:reports_?Directory|coverageDirectory|dir|directory) (\S+)")
    for symbol, text in texts:
        found = _WRITING[name].search(text)
        if found is None:
            continue
        elsewhere = next((m for _, other in texts if (m := named.search(other))), None)
        target = next((group for group in found.groups() if group), "") if found.groups() else ""
        if target and not path.endswith(target.removeprefix("./")):
            return _finding(step, path, symbol, f"the report is written to `{target}`")
        folder = path.rpartition("/")[0]
        default = folder in ("", "coverage") or facts.has_folder(folder)
        if elsewhere is not None or target or default:
            return Held(step.at)
        return _finding(
            step, path, symbol, f"the report is written to `{'coverage/' if name == 'lcov.info' else ''}{name}`"
        )
    at = settings[0] if settings else runs[0]
    return _finding(step, path, at, "the runner is not told to write it")


def _finding(step: Symbol, path: str, side: Symbol, why: str) -> Finding:
    return Finding(
        f"`{step.name}` keeps `{path}`, which the tests do not write: {why}",
        step.at,
        (Related(side.at, why),),
        "Write the report there, or name the file that is written",
        (path, str(step.name)),
    )
