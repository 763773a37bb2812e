"""A load test judges nothing.

It ends green whatever it measures: the release that doubled every answer's time passes it.

## Fails

```javascript title="load/orders.js"
import http from "k6/http";

export const options = { vus: 20, duration: "1m" };

export default function () {
  http.get(`${__ENV.BASE_URL}/orders`);
}
```

## Passes

```javascript title="load/orders.js"
import http from "k6/http";

export const options = {
  vus: 20,
  duration: "1m",
  thresholds: { http_req_failed: ["rate<0.01"], http_req_duration: ["p(95)<300"] },
};

export default function () {
  http.get(`${__ENV.BASE_URL}/orders`);
}
```

## Repair

Write the service's objectives as thresholds (k6 `thresholds`, Artillery `ensure`, an exit code in Locust's `quitting`
event), so that missing them fails the run.

## References

- https://grafana.com/docs/k6/latest/using-k6/thresholds/
- https://www.artillery.io/docs/reference/extensions/ensure
"""

from collections.abc import Iterator

from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import LoadScript
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}))

_ASIDE = frozenset({FileRole.EXAMPLE, FileRole.DOCUMENT})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every load test for what fails it."""
    lines = [
        s.detail
        for s in facts.details(Kind.STEP, Action.REFERS, CommandLine)
        if isinstance(s.detail, CommandLine) and {"k6", "artillery", "locust"} & set(s.detail.words)
    ]
    for symbol in facts.details(Kind.TEST, Action.DEFINES, LoadScript):
        script = symbol.detail
        if not isinstance(script, LoadScript) or symbol.role in _ASIDE:
            continue
        name = symbol.at.path.rpartition("/")[2]
        judged = any(name in " ".join(line.words) and _judges(line.words) for line in lines)
        if script.judges or judged:
            yield Held(symbol.at)
        elif script.judges is None:
            yield Unknown(f"whether {symbol.at.path} fails when the service is too slow", symbol.at)
        else:
            yield Finding(
                f"the load test {symbol.at.path} has no thresholds: it passes whatever it measures",
                symbol.at,
                repair="Write the objectives for failures and latency as thresholds of the test",
                names=(symbol.at.path,),
            )


def _judges(words: tuple[str, ...]) -> bool:
    return any(word.startswith(("--threshold", "--exit-code-on-error", "--ensure", "--check")) for word in words)
