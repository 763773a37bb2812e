"""Nothing tests the service.

Every change is then tried for the first time by those who use it.

## Fails

```python title="app/main.py"
def double(number):
    return 2 * number
```

## Passes

```python title="app/main.py"
def double(number):
    return 2 * number
```

```python title="tests/test_main.py"
from app.main import double


def test_double_is_twice_as_much():
    assert double(2) == 4
```

## Repair

Begin with one test that starts the service and makes it do its main work against a real database, then one for each
defect as it is found.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.testing import CaseFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}), presence=True, effort=Effort.DAYS)

_COUNTED = frozenset({FileRole.TEST, FileRole.PROD})
_OTHER = re.compile(
    r"(?:.*/)?(?:[\w.-]+\.(?:test|spec)\.[cm]?[jt]sx?|__tests__/.+\.[jt]sx?|\w+_test\.go|\w+Tests?\.(?:java|kt|cs|php)|"
    r"(?:spec|test)/.+_(?:spec|test)\.rb|tests?/.+\.(?:[cm]?[jt]s|rs|php|exs|bats|feature|robot)|"
    r"tests?(?:[-_]\w[\w-]*)?\.(?:sh|bats|js|ts))"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a test case in any language."""
    for symbol in facts.details(Kind.TEST, Action.DEFINES, CaseFound):
        if isinstance(symbol.detail, CaseFound) and symbol.detail.asserts is not False and symbol.role in _COUNTED:
            yield Held(symbol.at)
            return
    other = next((path for path in facts.files if _OTHER.fullmatch(path)), None)
    if other is not None:
        yield Held(Span(other))
        return
    for opening in facts.openings(Kind.TEST):
        yield Unknown(f"whether there are tests: {opening.reason}", opening.at)
    place = _place(facts)
    if place is not None:
        yield Finding(
            "Nothing in the repository tests the service",
            place,
            repair="Add a test that starts the service and makes it do its main work",
            names=("tests",),
        )


def _place(facts: Facts) -> Span | None:
    for component in facts.components:
        if component.ours and component.role is FileRole.PROD and component.declared:
            return component.declared[0]
    modules = facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead)
    return next((symbol.at for symbol in modules if symbol.role is FileRole.PROD), None)
