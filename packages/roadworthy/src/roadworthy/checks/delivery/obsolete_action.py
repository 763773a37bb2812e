"""A pipeline uses an action, a runner or a command that has been withdrawn or runs on a Node past its end.

It works until the day the platform takes it away; that day is not chosen by the team, and it is a day with a release.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: pytest
      - uses: actions/upload-artifact@v3
        with:
          path: report
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
      - run: pytest
      - uses: actions/upload-artifact@v4
        with:
          path: report
```

## Repair

Use the version that is kept up, and let Dependabot or Renovate keep it there.

## References

- https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import VersionEnded
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.STEP, Kind.PIPELINE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look each action, runner and workflow command up in the table of the ruleset."""
    for symbol in facts.details(Kind.STEP, Action.DEFINES, VersionEnded):
        found = symbol.detail
        if not isinstance(found, VersionEnded) or symbol.role is not FileRole.PROD:
            continue
        if found.state == "kept":
            yield Held(symbol.at)
            continue
        shown = f"{found.product}@{found.version}" if "/" in found.product else f"{found.product} {found.version}"
        yield Finding(
            f"`{shown}`: {found.since}",
            symbol.at,
            (),
            f"Use `{found.instead}` ({found.source})",
            (found.product, found.version),
        )
