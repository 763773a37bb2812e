"""No pipeline builds and tests what is pushed.

Whether a change works is then known only to whoever remembers to try it.

## Fails

```python title="app/main.py"
def double(number):
    return 2 * number
```

## Passes

```python title="app/main.py"
def double(number):
    return 2 * number
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

Add a pipeline that lints, tests and builds on every push.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.pipeline import PipelineJob, PlatformPipeline
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE}), presence=True, effort=Effort.HOURS
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a job of any pipeline that is started by changes."""
    idle = None
    for symbol in facts.definitions(Kind.PIPELINE):
        detail = symbol.detail
        action = isinstance(detail, PipelineJob) and detail.platform == "github-action"
        if isinstance(detail, PipelineJob | PlatformPipeline) and not action and symbol.role is FileRole.PROD:
            if isinstance(detail, PlatformPipeline) or _started_by_changes(detail):
                yield Held(symbol.at)
                return
            idle = idle or symbol.at
    place = idle or _place(facts)
    if place is not None:
        yield Finding(
            "No pipeline builds and tests what is pushed",
            place,
            repair="Add a workflow that runs the tests on every push",
            names=("pipeline",),
        )


def _started_by_changes(job: PipelineJob) -> bool:
    """Tell whether a job runs without somebody starting it by hand; what its workflow's events are may be unknown."""
    by_hand = bool(job.triggers) and set(job.triggers) <= {"workflow_dispatch", "repository_dispatch"}
    return not by_hand and not job.switched_off


def _place(facts: Facts) -> Span | None:
    for component in facts.components:
        if component.ours and component.role is FileRole.PROD and component.declared:
            return component.declared[0]
    modules = facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead)
    return next((symbol.at for symbol in modules if symbol.role is FileRole.PROD), None)
