"""A probe asks a path behind a limit on the number of requests.

Under load, when it matters most, the orchestrator is answered 429: it takes a healthy replica out of traffic or restarts
it, and the load falls on the others. Where the limit counts in a shared store, that store's failure is a failed probe too.

## Fails

```ts title="src/app.ts"
import express from "express";
import { rateLimit } from "express-rate-limit";

const limiter = rateLimit({ windowMs: 60_000, limit: 100 });
const app = express();
app.use(limiter);
app.get("/health", (req, res) => {
  res.json({ status: "ok" });
});
app.listen(3000);
```

```json title="package.json"
{"name": "api", "scripts": {"start": "node dist/app.js"}, "dependencies": {"express": "5.0.0", "express-rate-limit": "7.4.0"}}
```

```dockerfile title="Dockerfile"
FROM node:22-slim
COPY . .
HEALTHCHECK CMD curl -fsS http://localhost:3000/health
CMD ["node", "dist/app.js"]
```

## Passes

```ts title="src/app.ts"
import express from "express";
import { rateLimit } from "express-rate-limit";

const limiter = rateLimit({ windowMs: 60_000, limit: 100 });
const app = express();
app.get("/health", (req, res) => {
  res.json({ status: "ok" });
});
app.use(limiter);
app.listen(3000);
```

```json title="package.json"
{"name": "api", "scripts": {"start": "node dist/app.js"}, "dependencies": {"express": "5.0.0", "express-rate-limit": "7.4.0"}}
```

```dockerfile title="Dockerfile"
FROM node:22-slim
COPY . .
HEALTHCHECK CMD curl -fsS http://localhost:3000/health
CMD ["node", "dist/app.js"]
```

## Repair

Let probes through: mount their routes before the limit, or exempt them by name (`@limiter.exempt`, `skip`,
`@SkipThrottle()`).
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.limit import ProbeLimited
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.PROBES, since="0.1", needs=frozenset({Kind.PATH, Kind.CONSTRUCT, Kind.HOST}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, for each path that a probe asks, for a limit before its handler, and at the proxy that is asked."""
    limited: dict[tuple[str, str], list[tuple[Symbol, ProbeLimited]]] = defaultdict(list)
    for symbol in facts.details(Kind.PATH, Action.REFERS, ProbeLimited):
        probe = symbol.detail
        if not isinstance(probe, ProbeLimited):
            continue
        match probe.state:
            case "limited":
                limited[str(symbol.name), symbol.component].append((symbol, probe))
            case "unclear":
                yield Unknown(f"whether `{symbol.name}` stands behind a limit: {probe.why}", probe.sides[-1][1])
            case _:
                yield Held(symbol.at)
    for (path, component), probes in limited.items():
        sides = [Related(at, says) for _, probe in probes for says, at in probe.sides]
        sides += [Related(symbol.at, f"the {probe.kind} probe asks it") for symbol, probe in probes[1:]]
        yield _finding(probes[0][0], probes[0][1].kind, path, component, sides)
    yield from _through_proxies(facts)


def _through_proxies(facts: Facts) -> Iterator[Finding]:
    """Find the probes that ask a proxy for a path that it passes on, and bounds how often."""
    targets = [
        (s, s.detail)
        for s in facts.details(Kind.HOST, Action.REFERS, ProxyTarget)
        if isinstance(s.detail, ProxyTarget) and s.detail.through and s.role is FileRole.PROD
    ]
    for symbol in facts.references(Kind.PATH) if targets else ():
        probe, name = symbol.detail, symbol.name
        if symbol.role is not FileRole.PROD or not isinstance(probe, ProbeUse) or not isinstance(name, Exact):
            continue
        path = name.text.partition("?")[0]
        for target, detail in targets:
            exact = detail.route.location == path and detail.route.form in ("exact", "prefix")
            if exact and detail.through == symbol.component and detail.route.limited:
                sides = [Related(target.at, f"`{path}` is passed on, as often as its limit allows")]
                yield _finding(symbol, probe.kind, path, symbol.component, sides)
                break


def _finding(symbol: Symbol, kind: str, path: str, component: str, sides: list[Related]) -> Finding:
    return Finding(
        f"the {kind} probe asks `{path}`, which stands behind a limit on the number of requests",
        symbol.at,
        tuple(dict.fromkeys(sides)),
        f"Let `{path}` through the limit",
        (path,),
        component,
    )
