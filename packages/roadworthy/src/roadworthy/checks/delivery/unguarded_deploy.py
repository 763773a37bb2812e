"""A job deploys without waiting for the tests.

It goes out while they still run, and when they fail, it is out already.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl apply -f deploy/
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest
  deploy:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl apply -f deploy/
```

## Repair

Let the job need the one that runs the tests: `needs: [test]`.

## References

- https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds
"""

from collections.abc import Iterator

from roadworthy.model.detail.deployment import DeployFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Follow what each deploying job needs back to a job that runs the tests."""
    for symbol in facts.details(Kind.PIPELINE, Action.REFERS, DeployFound):
        found = symbol.detail
        if not isinstance(found, DeployFound) or symbol.role is not FileRole.PROD:
            continue
        match found.state:
            case "guarded":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether job `{symbol.name}` waits for the tests: {found.why}", symbol.at)
            case _:
                yield Finding(
                    f"Job `{symbol.name}` runs `{found.by}` and does not need `{found.test}`, which runs the tests",
                    symbol.at,
                    (Related(found.test_at, f"`{found.test}` runs the tests"),),
                    f"Add `needs: {found.test}` to `{symbol.name}`",
                    (str(symbol.name), found.test),
                )
