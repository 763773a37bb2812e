"""The job that runs the tests does not set a variable the service needs to start.

The tests die while they are imported, on every commit; or the job is green because they are skipped, and nobody knows
which.

## Fails

```python title="app/settings.py"
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    api_token: str


settings = Settings()
```

```python title="tests/test_settings.py"
from app.settings import settings


def test_the_token_is_long() -> None:
    assert len(settings.api_token) > 8
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    env:
      DATABASE_URL: postgresql://postgres@localhost/postgres
    steps:
      - uses: actions/checkout@v4
      - run: pytest
```

## Passes

```python title="app/settings.py"
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    api_token: str


settings = Settings()
```

```python title="tests/test_settings.py"
from app.settings import settings


def test_the_token_is_long() -> None:
    assert len(settings.api_token) > 8
```

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    env:
      DATABASE_URL: postgresql://postgres@localhost/postgres
      API_TOKEN: only-for-the-tests
    steps:
      - uses: actions/checkout@v4
      - run: pytest
```

## Repair

Set the variable in the `env` of the job, with a value that only the tests know.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.pipeline import ActionUse
from roadworthy.model.detail.pipeline_value import ValueGiven
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerCalled, RunnerConfiguration, SettingsReplaced, VariableForTests
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST, Kind.ENVIRONMENT, Kind.PIPELINE, Kind.STEP})
)

_ELSEWHERE = re.compile(r"docker|compose|podman|tox|nox|earthly|dagger|act\b|nix|bazel", re.IGNORECASE)
_GIVING = re.compile(r"vault|dotenv|secret|doppler|1password|infisical|env", re.IGNORECASE)
_TEST_SETTINGS = re.compile(
    r"settings[^/]*/(?:[^/]*/)*[^/]*(?:test|ci)[^/]*\.py$|(?:test|ci)_?settings|settings_?(?:test|ci)"
)


@dataclass(slots=True)
class _Job:
    """What one job of a workflow sets."""

    given: dict[str, Symbol] = field(default_factory=dict)
    hidden: Symbol | None = None
    why: str = ""


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what each job that runs tests sets with what the modules need of which it sets a part."""
    modules: dict[str, dict[str, Symbol]] = defaultdict(dict)
    for symbol in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead):
        read = symbol.detail
        if (
            isinstance(read, EnvironmentRead)
            and read.required
            and not read.late
            and symbol.phase == "run"
            and symbol.role is FileRole.PROD
            and isinstance(symbol.name, Exact)
        ):
            modules[symbol.at.path].setdefault(symbol.name.text, symbol)
    named = {str(s.name): s for s in facts.details(Kind.TEST, Action.REFERS, VariableForTests)}
    replaced = next(facts.details(Kind.TEST, Action.REFERS, SettingsReplaced), None)
    seen: set[tuple[str, str, str]] = set()
    for symbol in facts.details(Kind.TEST, Action.REFERS, RunnerCalled):
        called = symbol.detail
        if not isinstance(called, RunnerCalled) or symbol.role is not FileRole.PROD:
            continue
        job = _job(facts, symbol.at.path, called.job)
        for path, needed in modules.items():
            if (symbol.at.path, called.job, path) in seen or not set(needed) & set(job.given):
                continue
            seen.add((symbol.at.path, called.job, path))
            for name, needing in needed.items():
                if name in job.given:
                    yield Held(job.given[name].at)
                elif why := _doubt(facts, job, symbol, called, named.get(name), replaced, path):
                    yield Unknown(f"whether `{name}` is set for the tests: {why[0]}", why[1].at)
                else:
                    yield _finding(symbol, called, name, needing, next(job.given[n] for n in needed if n in job.given))


def _finding(symbol: Symbol, called: RunnerCalled, name: str, read: Symbol, sibling: Symbol) -> Finding:
    return Finding(
        f"the job `{called.job}` runs the tests without `{name}`, which `{read.at.path}` needs to be imported",
        symbol.at,
        (
            Related(read.at, f"`{name}` is needed here"),
            Related(sibling.at, f"the job sets `{sibling.name}`, which the same module needs"),
        ),
        f"Set `{name}` in the `env` of the job `{called.job}`",
        (name, called.job),
        read.component,
    )


def _job(facts: Facts, path: str, name: str) -> _Job:
    job = _Job()
    for symbol in facts.details(Kind.PIPELINE, Action.DEFINES, ValueGiven):
        given = symbol.detail
        if not isinstance(given, ValueGiven) or symbol.at.path != path or given.space not in ("env", "assigned"):
            continue
        if given.job in ("", name):
            if given.complete:
                job.given.setdefault(str(symbol.name).upper(), symbol)
            else:
                job.hidden, job.why = symbol, "the job writes variables that are not seen"
    for symbol in facts.references(Kind.STEP):
        if symbol.at.path != path:
            continue
        match symbol.detail:
            case ActionUse(job=owner) if owner == name and _GIVING.search(str(symbol.name)):
                job.hidden, job.why = symbol, f"`{symbol.name}` may give it"
            case CommandLine(owner=owner, words=words, reads=reads, writes=writes) if owner == name:
                if any(".env" in word or "doppler" in word for word in (*words[:12], *reads, *writes)):
                    job.hidden, job.why = symbol, "a step of the job handles a file of variables"
    return job


def _doubt(
    facts: Facts,
    job: _Job,
    symbol: Symbol,
    called: RunnerCalled,
    named: Symbol | None,
    replaced: Symbol | None,
    path: str,
) -> tuple[str, Symbol] | None:
    """Return what may give the tests a variable that the job does not set."""
    if job.hidden is not None:
        return job.why, job.hidden
    if named is not None:
        return f"{named.at.path} names it", named
    if replaced is not None and isinstance(replaced.detail, SettingsReplaced):
        return replaced.detail.why, replaced
    if _ELSEWHERE.search(" ".join((called.via, *called.words))):
        return f"`{called.via or called.words[0]}` runs the tests in an environment of its own", symbol
    if "settings" in path and any(_TEST_SETTINGS.search(f) and "tests/" not in f for f in facts.files):
        return "the tests may have settings of their own", symbol
    for configuration in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        if isinstance(configuration.detail, RunnerConfiguration):
            chosen = dict(configuration.detail.options).get("DJANGO_SETTINGS_MODULE", "")
            if chosen and "settings" in path and not path.endswith(chosen.replace(".", "/") + ".py"):
                return f"the tests are set up by `{chosen}`", configuration
    return None
