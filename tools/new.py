"""Scaffolds a rule: `uv run python tools/new.py check monitoring/unknown-metric` (or `drill`).

The new file fails its own tests until its page, its examples and its function are written.
"""

import argparse
import sys
from pathlib import Path

from roadworthy.model.words import Criterion

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "packages" / "roadworthy"

CHECK = '''"""State the defect in one line.

Say in two or three lines why it matters: what the owner sees, and what happens instead.

## Fails

```text title="path/of/an/artifact"
the smallest repository that breaks the rule
```

## Passes

```text title="path/of/an/artifact"
the same, put right
```

## Repair

Say what to do.
"""

from collections.abc import Iterator

from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset())


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare one kind of statement with another."""
    yield from ()
'''

CHECK_TEST = '''"""{id}."""

from repository import inspected

from roadworthy.model.words import Outcome


def test_broken_repository_fails_with_every_side_located() -> None:
    result = inspected({{}}, only="{id}")

    assert result.outcome is Outcome.FAILED
'''

DRILL = '''"""State the defect in one line.

## Steady state

What works before.

## Fault

What is broken on purpose.

## Passes when

What must be observed.

## Repair

Say what to do.
"""

from roadworthy.model.drill import DrillRule, Intervention, Need, Needs
from roadworthy.model.trial import Trial
from roadworthy.model.words import Family, Severity

RULE = DrillRule(
    Severity.MAJOR,
    Family.SOURCE,
    since="0.1",
    intervention=Intervention.FAULT,
    needs=Needs(subject=(Need.JOURNEY,)),
)


async def drill(trial: Trial) -> None:
    """Break it, watch, and see it recover."""
    trial.doubt("this drill observes nothing")
'''

LEMON = """defect = "state the one defect that this overlay adds to lemons/base"
fails = ["{id}"]
may_fail = []
"""


def main() -> int:
    """Write the files of one rule; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["check", "drill"])
    parser.add_argument("id", help="criterion/name, for example monitoring/unknown-metric")
    arguments = parser.parse_args()
    criterion, _, name = arguments.id.partition("/")
    if criterion not in list(Criterion) or not name.replace("-", "").isalnum() or name != name.lower():
        print(f"new.py: '{arguments.id}' is no rule id: one of {', '.join(Criterion)}, a slash, a noun with dashes")
        return 2
    for path, text in _files(arguments.kind, criterion, name).items():
        if path.exists():
            print(f"new.py: {path.relative_to(ROOT)} is there already; nothing was overwritten")
            return 2
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(id=arguments.id) if path.suffix == ".toml" or "test_" in path.name else text)
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


def _files(kind: str, criterion: str, name: str) -> dict[Path, str]:
    source, module = PACKAGE / "src" / "roadworthy", name.replace("-", "_")
    if kind == "check":
        return {
            source / "checks" / criterion / f"{module}.py": CHECK,
            PACKAGE / "tests" / "checks" / criterion / f"test_{module}.py": CHECK_TEST,
        }
    return {
        source / "drills" / criterion / f"{module}.py": DRILL,
        ROOT / "lemons" / name / "lemon.toml": LEMON,
    }


if __name__ == "__main__":
    sys.exit(main())
