"""A Dockerfile or a build names a stage that does not exist.

BuildKit takes the name for an image, looks for it in a registry and stops, or, worse, finds a stranger's image of that
name.

## Fails

```dockerfile title="Dockerfile"
FROM node:20-alpine AS builder
WORKDIR /app
COPY package.json .

FROM nginx:1.27-alpine
COPY --from=build /app/package.json /usr/share/nginx/html/
```

```json title="package.json"
{"name": "web"}
```

## Passes

```dockerfile title="Dockerfile"
FROM node:20-alpine AS builder
WORKDIR /app
COPY package.json .

FROM nginx:1.27-alpine
COPY --from=builder /app/package.json /usr/share/nginx/html/
```

```json title="package.json"
{"name": "web"}
```

## Repair

Name a stage that stands earlier in the file, or give the context a name with `additional_contexts` or
`--build-context`.

## References

- https://docs.docker.com/build/building/multi-stage/
"""

from collections.abc import Iterator

from roadworthy.model.detail.image import StageWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look up every name that must be a stage among the stages before it."""
    for reference in facts.details(Kind.CONTENT, Action.REFERS, StageWanted):
        wanted = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(wanted, StageWanted):
            continue
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                yield Unknown(opening.reason, opening.at)
            case Missing(nearest):
                if wanted.later:
                    why = "which the Dockerfile defines only later"
                    related = [Related(wanted.later, f"`{reference.name}` stands here, too late")]
                else:
                    why = f"a stage {wanted.dockerfile} does not have"
                    related = [Related(symbol.at, f"stage `{symbol.name}`") for symbol in nearest[:1]]
                if not related:
                    related = [Related(Span(wanted.dockerfile), "the stages are defined here")]
                close = f"; the nearest is `{nearest[0].name}`" if nearest and not wanted.later else ""
                yield Finding(
                    f"{wanted.by} names `{reference.name}`, {why}{close}",
                    reference.at,
                    tuple(related),
                    f"Write `{nearest[0].name}`" if nearest else "Name a stage that stands earlier in the file",
                    (str(reference.name),),
                )
