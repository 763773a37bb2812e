"""A failing test does not fail the pipeline.

The tests run, some of them fail, and the change is merged and deployed all the same.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest || true
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
      - run: pytest
```

## Repair

Let the command fail. Mark single tests that are known to fail as expected failures, with a reason. For a pipe, put
`shell: bash` at the step, which sets `pipefail`.

## References

- https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.testing import RunnerCalled
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for calls of a runner whose failure is thrown away, where no other call of it counts."""
    runs: dict[tuple[str, str, str], list[Symbol]] = defaultdict(list)
    for symbol in facts.details(Kind.TEST, Action.REFERS, RunnerCalled):
        # Two scripts that call one runner are two suites: `test` and `test:e2e`.
        if symbol.role is FileRole.PROD and isinstance(symbol.detail, RunnerCalled):
            runs[symbol.at.path, str(symbol.name), symbol.detail.via].append(symbol)
    for (_, runner, _), found in sorted(runs.items()):
        counting = [s for s in found if isinstance(s.detail, RunnerCalled) and not s.detail.swallowed]
        for symbol in counting:
            yield Held(symbol.at)
        for symbol in () if counting else found:
            if isinstance(symbol.detail, RunnerCalled):
                via = f" through `{symbol.detail.via}`" if symbol.detail.via else ""
                yield Finding(
                    f"Job `{symbol.detail.job}` runs {runner}{via}, and its failure is lost in {symbol.detail.swallowed}",
                    symbol.at,
                    repair="Let the tests fail the job",
                    names=(runner, symbol.detail.job),
                )
