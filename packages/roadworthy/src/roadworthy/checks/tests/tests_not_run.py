"""The pipeline never runs the tests.

They pass on the machine of whoever wrote them, and nobody notices the day they stop doing so.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: ruff check .
```

```python title="tests/test_main.py"
def test_sum():
    assert 1 + 1 == 2
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: ruff check .
      - run: pytest
```

```python title="tests/test_main.py"
def test_sum():
    assert 1 + 1 == 2
```

## Repair

Add a job that runs the tests on every push, and let what builds and deploys need it.
"""

from collections.abc import Iterator

from roadworthy.model.detail.pipeline import PipelineJob, PlatformPipeline
from roadworthy.model.detail.testing import CaseFound, RunnerCalled, RunnerHidden
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the tests there are with what the pipelines run."""
    off = {
        (s.at.path, str(s.name))
        for s in facts.details(Kind.PIPELINE, Action.DEFINES, PipelineJob)
        if isinstance(s.detail, PipelineJob) and s.detail.switched_off
    }
    runs = [
        s
        for s in facts.details(Kind.TEST, Action.REFERS, RunnerCalled)
        if s.role is FileRole.PROD and isinstance(s.detail, RunnerCalled) and (s.at.path, s.detail.job) not in off
    ]
    for symbol in runs:
        yield Held(symbol.at)
    jobs = [
        s
        for s in facts.details(Kind.PIPELINE, Action.DEFINES, PipelineJob)
        if isinstance(s.detail, PipelineJob) and s.detail.platform != "github-action" and s.role is FileRole.PROD
    ]
    cases = facts.details(Kind.TEST, Action.DEFINES, CaseFound)
    case = next((s for s in cases if s.role in (FileRole.TEST, FileRole.PROD)), None)
    platforms = list(facts.details(Kind.PIPELINE, Action.DEFINES, PlatformPipeline))
    if runs or case is None or not (jobs or platforms):
        return
    for opening in facts.openings(Kind.PIPELINE):
        yield Unknown(f"whether the pipeline runs the tests: {opening.reason}", opening.at)
    for symbol in facts.details(Kind.TEST, Action.REFERS, RunnerHidden):
        if isinstance(symbol.detail, RunnerHidden):
            yield Unknown(f"whether `{symbol.name}` runs the tests: {symbol.detail.why}", symbol.at)
    hidden = any(True for _ in facts.details(Kind.TEST, Action.REFERS, RunnerHidden))
    if jobs and not hidden and not facts.openings(Kind.PIPELINE):
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(str(job.name) for job in jobs))
        yield Finding(
            f"No job of the pipeline runs the tests: {names} only do other things",
            jobs[0].at,
            (Related(case.at, "a test that is never run"),),
            "Add a step that runs the tests, and let what deploys need it",
            ("tests",),
        )
