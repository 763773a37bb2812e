"""A Dockerfile copies a path that is not in its build context.

The build stops at this line on every clean checkout: nothing can be released until someone repairs it.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY requirement.txt .
RUN pip install -r requirement.txt
```

```text title="requirements.txt"
fastapi
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
```

```text title="requirements.txt"
fastapi
```

## Repair

Name a path as it stands in the build context (the folder given to `docker build` or to compose `build.context`), or add
the file to the repository.

## References

- https://docs.docker.com/reference/dockerfile/#copy
"""

from collections.abc import Iterator

from roadworthy.model.detail.image import SourceWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look up every path that COPY and ADD take from the build context."""
    for reference in facts.details(Kind.CONTENT, Action.REFERS, SourceWanted):
        wanted = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(wanted, SourceWanted):
            continue
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                yield Unknown(opening.reason, opening.at)
            case Missing(nearest, rung):
                context = " or ".join(f"`{folder or '.'}`" for folder in wanted.contexts[:2])
                close = f"; the nearest is `{nearest[0].name}` ({rung})" if nearest else ""
                yield Finding(
                    f"{wanted.by} takes `{reference.name}`, which is not in the build context {context}{close}",
                    reference.at,
                    tuple(Related(symbol.at, f"`{symbol.name}` is there") for symbol in nearest[:1]),
                    f"Copy `{nearest[0].name}`" if nearest else "Add the file, or copy a path that is there",
                    (str(reference.name),),
                )
