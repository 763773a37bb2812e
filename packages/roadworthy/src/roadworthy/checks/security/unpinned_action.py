"""A workflow runs somebody else's action at a version that can be replaced.

Whoever can move the tag or branch runs code with the secrets of the pipeline; it has happened to widely used actions.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: someone/setup-thing@main
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: someone/setup-thing@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
```

## Repair

Name the full commit hash, with the version in a comment, and let a bot raise both.

## References

- https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
"""

from collections.abc import Iterator

from roadworthy.model.detail.pipeline import ActionUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.STEP}))

# Owners whose version tags are kept by the platform, the registry or the cloud the pipeline trusts anyway.
_TRUSTED = frozenset(
    {"actions", "github", "docker", "azure", "aws-actions", "google-github-actions", "astral-sh", "hashicorp"}
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at the version of every action of other repositories."""
    found: dict[tuple[str, str], list[Symbol]] = {}
    strict = _is_strict(facts)
    for symbol in facts.details(Kind.STEP, Action.REFERS, ActionUse):
        use = symbol.detail
        if not isinstance(use, ActionUse) or symbol.role is not FileRole.PROD or use.form in ("local", "docker"):
            continue
        owner = str(symbol.name).partition("/")[0].lower()
        if use.form == "unreadable":
            yield Unknown("which version of an action is used: it is computed", symbol.at)
        elif use.form == "hash" or (use.form == "tag" and owner in _TRUSTED and not strict):
            yield Held(symbol.at)
        else:
            found.setdefault((str(symbol.name), use.version), []).append(symbol)
    for (name, version), symbols in sorted(found.items()):
        yield Finding(
            f"`{name}` is used at `{version or 'no version'}`, which its owner can replace",
            symbols[0].at,
            tuple(Related(symbol.at, "used here too") for symbol in symbols[1:4]),
            "Name the commit hash of the version",
            (name,),
        )


def _is_strict(facts: Facts) -> bool:
    """Tell whether the repository names commits everywhere but in one place: its own rule, which that one breaks."""
    forms = [
        symbol.detail.form
        for symbol in facts.details(Kind.STEP, Action.REFERS, ActionUse)
        if isinstance(symbol.detail, ActionUse) and symbol.role is FileRole.PROD
    ]
    return forms.count("hash") >= 4 and forms.count("tag") == 1
