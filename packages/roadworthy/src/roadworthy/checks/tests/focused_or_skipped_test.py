"""A focused test keeps the others from running, or a skipped one gives no reason.

`it.only` was left behind: the runner runs this one case, and the suite is green. A skip without a reason is never taken
back.

## Fails

```typescript title="tests/orders.test.ts"
import { expect, it } from "vitest";
import { total } from "../src/orders";

it.only("adds up", () => {
  expect(total([1, 2])).toBe(3);
});

it("refuses negative amounts", () => {
  expect(() => total([-1])).toThrow();
});
```

## Passes

```typescript title="tests/orders.test.ts"
import { expect, it } from "vitest";
import { total } from "../src/orders";

it("adds up", () => {
  expect(total([1, 2])).toBe(3);
});

it("refuses negative amounts", () => {
  expect(() => total([-1])).toThrow();
});
```

## Repair

Take the focus away; let the pipeline refuse it (`forbidOnly`, `--forbid-only`, a lint rule). Say why a test is skipped,
or delete it.

## References

- https://playwright.dev/docs/api/class-testconfig#test-config-forbid-only
"""

from collections.abc import Iterator

from roadworthy.model.detail.testing import CaseFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what each case is marked with."""
    for symbol in facts.details(Kind.TEST, Action.DEFINES, CaseFound):
        case = symbol.detail
        if symbol.role not in (FileRole.TEST, FileRole.PROD) or not isinstance(case, CaseFound):
            continue
        if "only" in case.marks:
            yield Finding(
                f"`{symbol.name}` is focused: the runner leaves the other tests of the file out",
                symbol.at,
                repair="Take the focus away",
                names=(str(symbol.name), "only"),
            )
        elif "skip-without-reason" in case.marks:
            yield Finding(
                f"`{symbol.name}` is skipped, and nothing says what it waits for",
                symbol.at,
                repair="Give the reason, or delete the test",
                names=(str(symbol.name), "skip"),
            )
        else:
            yield Held(symbol.at)
