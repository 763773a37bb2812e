"""Code that runs needs a file that the image leaves out.

The compiler, or a line that copies, takes only part of the tree. What is left out is missed when the service starts, or
much later, when somebody first asks for what reads it.

## Fails

```dockerfile title="Dockerfile"
FROM node:22-slim
WORKDIR /app
COPY package.json ./
RUN npm ci --omit=dev
COPY src ./src
CMD ["node", "src/server.js"]
```

```json title="package.json"
{"dependencies": {"express": "5.1.0"}}
```

```js title="src/server.js"
const config = require("../config/default.js");

require("express")().listen(config.port);
```

```js title="config/default.js"
module.exports = { port: 3000 };
```

## Passes

```dockerfile title="Dockerfile"
FROM node:22-slim
WORKDIR /app
COPY package.json ./
RUN npm ci --omit=dev
COPY src ./src
COPY config ./config
CMD ["node", "src/server.js"]
```

```json title="package.json"
{"dependencies": {"express": "5.1.0"}}
```

```js title="src/server.js"
const config = require("../config/default.js");

require("express")().listen(config.port);
```

```js title="config/default.js"
module.exports = { port: 3000 };
```

## Repair

Copy the file to where the code looks for it, or let the compiler take its folder too.
"""

from collections.abc import Iterator

from roadworthy.model.detail.build import CodeWanted
from roadworthy.model.detail.image import FileWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.resolution import Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE, Kind.CONTENT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what the code of each image loads with what is in the image."""
    doubts: dict[tuple[str, str], tuple[Symbol, CodeWanted]] = {}
    for symbol in facts.details(Kind.CONTENT, Action.REFERS, CodeWanted):
        wanted = symbol.detail
        if not isinstance(wanted, CodeWanted) or symbol.role is not FileRole.PROD:
            continue
        match wanted.state:
            case "there":
                yield Held(symbol.at)
            case "unclear":
                doubts.setdefault((symbol.component, wanted.why), (symbol, wanted))
            case _:
                yield _finding(facts, symbol, wanted)
    for symbol in facts.details(Kind.CONTENT, Action.REFERS, FileWanted):
        wanted_file = symbol.detail
        if symbol.role is not FileRole.PROD or not isinstance(wanted_file, FileWanted):
            continue
        match facts.resolve(symbol):
            case Met():
                yield Held(symbol.at)
            case Missing() if wanted_file.left_out:
                yield _uncompiled(symbol, wanted_file)
    for symbol, wanted in doubts.values():
        yield Unknown(f"whether the image holds `{wanted.source}`: {wanted.why}", symbol.at)


def _uncompiled(symbol: Symbol, wanted: FileWanted) -> Finding:
    told = [Related(wanted.compiler_at, "says what is compiled")] if wanted.compiler_at else []
    return Finding(
        f"`{wanted.how}` starts `{symbol.name}`, and the build does not compile `{wanted.left_out}`",
        symbol.at,
        (Related(Span(wanted.left_out), "in the repository, not in the image"), *told),
        f"Let the compiler take `{wanted.left_out}` too",
        (str(symbol.name), wanted.left_out),
    )


def _finding(facts: Facts, symbol: Symbol, wanted: CodeWanted) -> Finding:
    place = (
        wanted.source if facts.has_file(wanted.source) else next(f for f in facts.files if f.startswith(wanted.source))
    )
    related = [Related(wanted.image_at, "the image is put together here")]
    if wanted.left_out_at is not None:
        related.append(Related(wanted.left_out_at, "takes what lies nearest, and not this"))
    related.append(Related(Span(place), "in the repository, not in the image"))
    return Finding(
        f"`{wanted.by}` needs `{wanted.how}`, and the image does not hold `{wanted.source}` (looked for at `{wanted.sought}`)",
        symbol.at,
        tuple(related),
        f"Let the build put `{wanted.source}` at `{wanted.sought}`",
        (wanted.by, wanted.source),
    )
