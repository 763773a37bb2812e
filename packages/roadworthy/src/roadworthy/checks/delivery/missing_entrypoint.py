"""A container starts a file or module that its image does not hold.

The image builds and is pushed; every container made from it ends at once with "no such file" or "no module named".

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app/ .
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

```text title="requirements.txt"
fastapi
uvicorn
```

```python title="app/main.py"
from fastapi import FastAPI

app = FastAPI()
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app/ app/
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

```text title="requirements.txt"
fastapi
uvicorn
```

```python title="app/main.py"
from fastapi import FastAPI

app = FastAPI()
```

## Repair

Name the file or module as it lies below the image's working folder, or copy it to where the command looks for it.

## References

- https://docs.docker.com/reference/dockerfile/#cmd
"""

from collections.abc import Iterator

from roadworthy.model.detail.image import ContentFound, FileWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE, Kind.COMMAND}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look in the image for every file and module that a container's command starts."""
    for reference in facts.details(Kind.CONTENT, Action.REFERS, FileWanted):
        wanted = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(wanted, FileWanted):
            continue
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                yield Unknown(f"whether the image holds `{reference.name}`: {opening.reason}", opening.at)
            case Missing() if wanted.left_out:
                # The code is there, and the build leaves it out: delivery/unshipped-code says so.
                continue
            case Missing(nearest):
                sought = wanted.sought[0] if wanted.sought else str(reference.name)
                there = [s for s in nearest if isinstance(s.detail, ContentFound)]
                yield Finding(
                    f"`{wanted.how}` starts `{reference.name}`, which is not in the image (looked for at `{sought}`)"
                    + (f"; the nearest is `{there[0].name}`" if there else ""),
                    reference.at,
                    (
                        Related(wanted.image_at, "the image is put together here"),
                        *(Related(symbol.at, f"`{symbol.name}` is in the image") for symbol in there[:1]),
                        *([Related(wanted.compiler_at, "says what the compiler writes")] if wanted.compiler_at else []),
                    ),
                    f"Start `{there[0].name}`" if there else f"Copy the file to `{sought}`, or start what is there",
                    (str(reference.name),),
                )
