"""Code that ships uses a name that nothing defines.

The line raises when it is reached: at the start, or months later in the one branch that no test enters.

## Fails

```python title="app/orders.py"
def total(prices: list[int]) -> int:
    sum_of_prices = sum(prices)
    return sum_of_price
```

## Passes

```python title="app/orders.py"
def total(prices: list[int]) -> int:
    sum_of_prices = sum(prices)
    return sum_of_prices
```

## Repair

Import or define the name, or write the one that is meant. A linter or type checker in the pipeline finds the next one.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import NameUnbound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Report what no statement of its file binds."""
    found = False
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, NameUnbound):
        unbound = symbol.detail
        if symbol.role is not FileRole.PROD or not isinstance(unbound, NameUnbound):
            continue
        found = True
        yield Finding(
            f"`{symbol.name}` is not defined" + (f"; the nearest is `{unbound.near}`" if unbound.near else ""),
            symbol.at,
            (Related(unbound.near_at, f"`{unbound.near}` is bound here"),) if unbound.near_at is not None else (),
            f"Write `{unbound.near}`, or define `{symbol.name}`"
            if unbound.near
            else f"Import or define `{symbol.name}`",
            (str(symbol.name),),
            symbol.component,
        )
    if not found:
        read = next(facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead), None)
        if read is not None:
            yield Held(read.at)
