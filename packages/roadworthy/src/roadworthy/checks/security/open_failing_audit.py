"""The audit of the dependencies finds something, and the pipeline goes on.

A step whose failure is thrown away is green on the day the vulnerability is published, and nobody looks.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  audit:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pip-audit || true
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  audit:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pip-audit
```

## Repair

Let the step fail, and list what is accepted by name and date (`--ignore-vuln`, an allow list).
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.script import CommandLine
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.STEP}))

_AUDIT = re.compile(
    r"\b(pip-audit|safety\s+(check|scan)|(npm|yarn|pnpm)\s+audit|osv-scanner|trivy|grype|snyk\s+test|bandit|npm\s+run\s+audit|"
    r"uv\s+audit|audit-ci|dependency-check)\b"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every audit that a pipeline runs."""
    for symbol in facts.details(Kind.STEP, Action.REFERS, CommandLine):
        line = symbol.detail
        if not isinstance(line, CommandLine) or line.source != "pipeline" or symbol.role is not FileRole.PROD:
            continue
        match = _AUDIT.search(" ".join(line.words))
        if match is None:
            continue
        if line.swallowed:
            yield Finding(
                f"`{match[0]}` may find anything: its failure is thrown away" + (f" ({line.how})" if line.how else ""),
                symbol.at,
                (),
                "Let the step fail",
                (match[0],),
            )
        else:
            yield Held(symbol.at)
