"""A build or pipeline installs its packages without the lock file that fixes them.

What was tested is not what is shipped: a release of somebody else's library goes out with the next build of ours.

## Fails

```dockerfile title="Dockerfile"
FROM node:22-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install
COPY . .
CMD ["node", "server.js"]
```

```json title="package.json"
{"name": "shop", "dependencies": {"express": "^4.19.0"}}
```

```json title="package-lock.json"
{"name": "shop", "lockfileVersion": 3, "packages": {}}
```

```javascript title="server.js"
require("express")().listen(3000);
```

## Passes

```dockerfile title="Dockerfile"
FROM node:22-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
CMD ["node", "server.js"]
```

```json title="package.json"
{"name": "shop", "dependencies": {"express": "^4.19.0"}}
```

```json title="package-lock.json"
{"name": "shop", "lockfileVersion": 3, "packages": {}}
```

```javascript title="server.js"
require("express")().listen(3000);
```

## Repair

Copy the lock file before the install, and install with the command that keeps to it: `npm ci`,
`yarn install --frozen-lockfile`, `pnpm install --frozen-lockfile`, `poetry install`, `uv sync --locked`, `pipenv sync`.

## References

- https://docs.npmjs.com/cli/commands/npm-ci
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import InstallFound
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.PACKAGE, Kind.STAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Hold each install against the lock file beside its manifest."""
    for symbol in facts.details(Kind.PACKAGE, Action.REFERS, InstallFound):
        found = symbol.detail
        if not isinstance(found, InstallFound) or symbol.role is not FileRole.PROD:
            continue
        if found.obeyed is None:
            yield Unknown(f"whether `{found.command}` keeps to {found.lock}: {found.why}", symbol.at)
        elif found.obeyed:
            yield Held(symbol.at)
        else:
            instead = f"Install with `{found.instead}`"
            yield Finding(
                f"`{found.command}` does not keep to {found.lock}: {found.why}",
                symbol.at,
                (Related(Span(found.lock), "this file fixes the versions"),),
                f"Copy {found.lock} before it" if "not copied" in found.why else instead,
                (found.lock, found.command),
            )
