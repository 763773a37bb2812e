"""A workflow's token may write everything.

Any step, and any action it calls, can then change the code, the releases and the packages.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
permissions: write-all
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

## Repair

Write `permissions: contents: read` for the workflow, and give single jobs the one scope more that they need.

## References

- https://docs.github.com/en/actions/reference/security/secure-use#use-the-github_token-with-the-least-privilege
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.pipeline import PermissionsGiven, PipelineJob
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at the permissions of every workflow, and of its jobs where it states none."""
    jobs: dict[str, set[str]] = defaultdict(set)
    for symbol in facts.details(Kind.PIPELINE, Action.DEFINES, PipelineJob):
        jobs[symbol.at.path].add(str(symbol.name))
    stated: dict[str, set[str]] = defaultdict(set)
    given = [s for s in facts.details(Kind.PIPELINE, Action.REFERS, PermissionsGiven) if s.role is FileRole.PROD]
    for symbol in given:
        if isinstance(symbol.detail, PermissionsGiven) and symbol.detail.scope and str(symbol.name):
            stated[symbol.at.path].add(str(symbol.name))
    for symbol in given:
        if not isinstance(symbol.detail, PermissionsGiven):
            continue
        where = f"Job `{symbol.name}`" if str(symbol.name) else "The workflow"
        if symbol.detail.scope == "write-all":
            yield Finding(
                f"{where} gives its token every permission",
                symbol.at,
                repair="Write `permissions: contents: read`, and add single scopes where a job needs them",
                names=(str(symbol.name) or symbol.at.path,),
            )
        elif symbol.detail.scope or stated[symbol.at.path] >= jobs[symbol.at.path]:
            yield Held(symbol.at)
        else:
            yield Unknown("what the token may do: nothing says so, and the default stands in the settings", symbol.at)
