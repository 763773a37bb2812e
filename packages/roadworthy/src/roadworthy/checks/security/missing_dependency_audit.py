"""Nothing looks for known weaknesses of the dependencies.

Most of what a service runs was written by others, and new weaknesses of it are published every day. Without an audit the
first to look is whoever means to use them.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest
```

```text title="requirements.txt"
fastapi==0.115.0
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest
      - run: pip-audit --requirement requirements.txt
```

```text title="requirements.txt"
fastapi==0.115.0
```

## Repair

Add a step such as `pip-audit`, `npm audit --omit=dev` or `trivy fs .` to the pipeline, and run it on a schedule too; or let
Dependabot or Renovate watch the manifests.
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import AuditFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.ADVISORY, Family.PIPELINE, since="0.1", needs=frozenset({Kind.STEP, Kind.PIPELINE, Kind.PACKAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look in every job for something that audits the dependencies."""
    for symbol in facts.details(Kind.STEP, Action.REFERS, AuditFound):
        found = symbol.detail
        if not isinstance(found, AuditFound):
            continue
        match found.state:
            case "there":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"whether a pipeline audits the dependencies: {found.why}", symbol.at)
            case _:
                yield Finding(
                    "No job of any pipeline looks for known weaknesses of the dependencies",
                    symbol.at,
                    tuple(Related(at, "names dependencies") for at in found.manifests[:3]),
                    "Add a step such as `pip-audit` or `npm audit --omit=dev`, or a Dependabot configuration",
                    ("dependency audit",),
                )
