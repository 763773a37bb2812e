"""A step of the image needs a package that the installation before it leaves out.

`npm ci --omit=dev`, `NODE_ENV=production` and `--no-dev` leave out what the manifest lists for development. A build step or
a start command that calls such a program ends with "not found", or fetches whatever version is newest that day.

## Fails

```dockerfile title="Dockerfile"
FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
RUN npm run build
CMD ["node", "dist/server.js"]
```

```json title="package.json"
{
  "scripts": {"build": "tsc"},
  "dependencies": {"express": "5.1.0"},
  "devDependencies": {"typescript": "5.9.2"}
}
```

## Passes

```dockerfile title="Dockerfile"
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
RUN npm prune --omit=dev

FROM node:22-slim
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
CMD ["node", "dist/server.js"]
```

```json title="package.json"
{
  "scripts": {"build": "tsc"},
  "dependencies": {"express": "5.1.0"},
  "devDependencies": {"typescript": "5.9.2"}
}
```

## Repair

Install everything in the stage that builds, build, and leave development packages out of the stage that is shipped only.

## References

- https://docs.npmjs.com/cli/commands/npm-ci#omit
- https://docs.docker.com/build/building/multi-stage/
"""

from collections.abc import Iterator

from roadworthy.model.detail.build import BuildNeed
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE, Kind.PACKAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the packages that build steps and start commands need with what was installed before them."""
    for symbol in facts.details(Kind.PACKAGE, Action.REFERS, BuildNeed):
        need = symbol.detail
        if not isinstance(need, BuildNeed) or symbol.role is not FileRole.PROD:
            continue
        match need.state:
            case "there":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(
                    f"whether `{symbol.name}` is installed for `{need.program}`: {need.why}", need.installed_at
                )
            case _:
                yield _finding(symbol, need)


def _finding(symbol: Symbol, need: BuildNeed) -> Finding:
    name = str(symbol.name)
    via = f" (in the script `{need.script}`)" if need.script else ""
    what = "The container's command" if need.purpose == "start" else "This build step"
    then = "npx fetches whatever version is newest" if need.group == "by npx" else f"`{need.program}` is not there"
    related = [Related(need.installed_at, "the packages are installed here")]
    if need.omitted_at != need.installed_at:
        related.append(Related(need.omitted_at, f"`{need.why}` leaves development packages out"))
    related.append(Related(need.asked_at, f"`{name}` is listed for development only"))
    if need.script_at is not None:
        related.append(Related(need.script_at, f"calls `{need.program}`"))
    cure = (
        f"Move `{name}` to the packages that the service needs to run, or start what was built"
        if need.purpose == "start"
        else "Install all packages in the stage that builds, and leave development packages out of the shipped one"
    )
    return Finding(
        f"{what} needs `{need.program}`{via}, and `{need.why}` left `{name}` out: {then}",
        symbol.at,
        tuple(related),
        cure,
        (name, need.program),
        symbol.component,
    )
