"""A test cannot fail.

It counts as one more green test and says nothing about the service.

## Fails

```python title="tests/test_orders.py"
def test_order_is_stored():
    pass
```

## Passes

```python title="tests/test_orders.py"
from app.orders import total


def test_total_adds_up():
    assert total([1, 2]) == 3
```

## Repair

Assert what the name of the test promises, or delete it.
"""

from collections.abc import Iterator

from roadworthy.model.detail.testing import CaseFound, RunnerCalled
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for cases that nothing can make fail."""
    run = next((s for s in facts.details(Kind.TEST, Action.REFERS, RunnerCalled) if s.role is FileRole.PROD), None)
    for symbol in facts.details(Kind.TEST, Action.DEFINES, CaseFound):
        if symbol.role not in (FileRole.TEST, FileRole.PROD):
            continue
        if isinstance(symbol.detail, CaseFound) and symbol.detail.asserts is False:
            yield Finding(
                f"`{symbol.name}` asserts nothing that could fail",
                symbol.at,
                (Related(run.at, "runs it, and it passes whatever the service does"),) if run else (),
                repair="Assert what its name promises, or delete it",
                names=(str(symbol.name),),
            )
        elif isinstance(symbol.detail, CaseFound):
            yield Held(symbol.at)
