"""An error in an asynchronous handler is caught by nobody.

Express 4 does not wait for what a handler returns: a promise that is rejected there answers no request. The caller waits
until its own patience ends, and Node.js ends the process.

## Fails

```json title="package.json"
{"dependencies": {"express": "4.21.2"}}
```

```js title="src/app.js"
const express = require("express");
const orders = require("./orders");

const app = express();

app.get("/orders/:id", async (req, res) => {
  const order = await orders.find(req.params.id);
  res.json(order);
});
```

## Passes

```json title="package.json"
{"dependencies": {"express": "4.21.2"}}
```

```js title="src/app.js"
const express = require("express");
const orders = require("./orders");

const app = express();

app.get("/orders/:id", async (req, res, next) => {
  try {
    const order = await orders.find(req.params.id);
    res.json(order);
  } catch (error) {
    next(error);
  }
});
```

## Repair

Use Express 5, which hands rejected promises to the error handler, or catch the error and give it to `next`, in each handler
or in one function that wraps them all.

## References

- https://expressjs.com/en/guide/error-handling.html
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.code import HandlerJudged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.PACKAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare asynchronous handlers with the version of the framework that they are given to, file by file."""
    lost: dict[str, list[tuple[Symbol, HandlerJudged]]] = defaultdict(list)
    for symbol in facts.details(Kind.CONSTRUCT, Action.REFERS, HandlerJudged):
        judged = symbol.detail
        if not isinstance(judged, HandlerJudged) or symbol.role is not FileRole.PROD:
            continue
        if judged.state == "caught":
            yield Held(symbol.at)
        elif judged.state == "unclear":
            yield Unknown(f"what becomes of an error in `{symbol.name}`: {judged.why}", judged.version_at)
        else:
            lost[symbol.at.path].append((symbol, judged))
    for found in lost.values():
        yield _finding(found)


def _finding(found: list[tuple[Symbol, HandlerJudged]]) -> Finding:
    (symbol, judged), *others = found
    related = [Related(judged.version_at, f"Express `{judged.version}` does not catch it")]
    if judged.used_at is not None:
        related.append(Related(judged.used_at, "the handler is given to the router as it is"))
    related += [Related(other.at, f"`{other.name}` is another one") for other, _ in others[:4]]
    more = f", as {len(others)} more of this file do" if others else ""
    return Finding(
        f"When this fails nobody catches it: the handler `{symbol.name}` is asynchronous, and Express 4 ignores the promise "
        f"it returns{more}",
        symbol.at,
        tuple(related),
        "Catch the error and call `next(error)`, or use Express 5",
        (str(symbol.name),),
        symbol.component,
    )
