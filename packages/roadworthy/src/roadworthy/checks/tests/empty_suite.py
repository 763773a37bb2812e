"""The files of tests hold no test.

The runner collects nothing; what calls it, or forgives that, is green.

## Fails

```python title="tests/test_orders.py"
from app.orders import total


def orders_add_up():
    assert total([1, 2]) == 3
```

## Passes

```python title="tests/test_orders.py"
from app.orders import total


def test_orders_add_up():
    assert total([1, 2]) == 3
```

## Repair

Name the functions as the runner looks for them (`test_…`, `Test…`), or delete the file.

## References

- https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.testing import CasesRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}))

_HELPER = re.compile(
    r"(?:.*/)?(?:test_)?(?:utils?|helpers?|base|common|data|settings|config|factory|factories|setup|client)(?:_test)?\.py"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Count the cases of each language's files of tests."""
    read: dict[str, list[tuple[Symbol, CasesRead]]] = defaultdict(list)
    for symbol in facts.details(Kind.TEST, Action.DEFINES, CasesRead):
        if isinstance(symbol.detail, CasesRead) and symbol.role in (FileRole.TEST, FileRole.PROD):
            read[symbol.detail.framework].append((symbol, symbol.detail))
    for files in read.values():
        if any(cases.cases for _, cases in files):
            yield from (Held(symbol.at) for symbol, cases in files if cases.cases)
            continue
        for symbol, _ in files:
            if not _HELPER.fullmatch(symbol.at.path):
                yield Finding(
                    f"{symbol.at.path} holds no test, nor does any other file of tests",
                    symbol.at,
                    repair="Name its functions as the runner looks for them, or write the first test",
                    names=(symbol.at.path,),
                )
                break
