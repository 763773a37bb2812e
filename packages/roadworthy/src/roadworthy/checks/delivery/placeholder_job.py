"""A job that claims to deploy only prints a line.

The pipeline is green and reports a deployment that never took place.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo "Deploying to production"
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl apply -f deploy/
```

## Repair

Let the job do what its name says, or remove it.
"""

from collections.abc import Iterator

from roadworthy.model.detail.deployment import JobIdle
from roadworthy.model.detail.pipeline import PipelineJob
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE, Kind.STEP}), effort=Effort.HOURS
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for jobs whose name promises a deployment and whose steps do nothing."""
    idle = {
        symbol.at: symbol.detail
        for symbol in facts.details(Kind.PIPELINE, Action.REFERS, JobIdle)
        if isinstance(symbol.detail, JobIdle) and symbol.detail.promises
    }
    for symbol in facts.details(Kind.PIPELINE, Action.DEFINES, PipelineJob):
        if symbol.role is not FileRole.PROD:
            continue
        found = idle.get(symbol.at)
        if found is None:
            yield Held(symbol.at)
        else:
            yield Finding(
                f"Job `{symbol.name}` prints what it ought to do, and does not do it: `{found.says}`",
                symbol.at,
                repair="Let it do what its name says, or remove it",
                names=(str(symbol.name),),
            )
