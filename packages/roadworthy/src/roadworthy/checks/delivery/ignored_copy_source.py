"""A Dockerfile copies a path that .dockerignore keeps out of the build.

The file is in the repository, every review sees it, and still the build stops with "not found".

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY alembic.ini main.py ./
```

```text title=".dockerignore"
*.ini
```

```text title="alembic.ini"
[alembic]
```

```python title="main.py"
print("serving")
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY alembic.ini main.py ./
```

```text title=".dockerignore"
*.ini
!alembic.ini
```

```text title="alembic.ini"
[alembic]
```

```python title="main.py"
print("serving")
```

## Repair

Let the path back in with a later `!path` line in .dockerignore, or stop copying it.

## References

- https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from collections.abc import Iterator

from roadworthy.model.detail.image import SourceWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import Met
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Hold what COPY takes against the lines of .dockerignore, the last one that matches deciding."""
    for reference in facts.details(Kind.CONTENT, Action.REFERS, SourceWanted):
        wanted = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(wanted, SourceWanted):
            continue
        if not isinstance(facts.resolve(reference), Met):
            continue
        if wanted.ignored_by is None:
            yield Held(reference.at)
            continue
        pattern = wanted.ignored_as
        yield Finding(
            f"{wanted.by} takes `{reference.name}`, which `{pattern}` in {wanted.ignored_by.path} keeps out of the build",
            reference.at,
            (Related(wanted.ignored_by, f"`{pattern}` matches `{reference.name}`"),),
            f"Add `!{str(reference.name).lstrip('./')}` below `{pattern}`, or remove the line",
            (str(reference.name), pattern),
        )
