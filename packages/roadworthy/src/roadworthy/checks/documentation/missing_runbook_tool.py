"""A runbook calls a program that the container it names does not hold.

In the night of the outage the answer to the first command is "executable file not found".

## Fails

````markdown title="docs/runbook.md"
# Runbook

```sh
docker compose exec api psql "$DATABASE_URL" -c 'SELECT 1'
```
````

```yaml title="compose.yaml"
services:
  api:
    build: .
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /srv
COPY main.py .
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Passes

````markdown title="docs/runbook.md"
# Runbook

```sh
docker compose exec db psql -U orders -c 'SELECT 1'
```
````

```yaml title="compose.yaml"
services:
  api:
    build: .
  db:
    image: postgres:16
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /srv
COPY main.py .
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Repair

Run the command in a container that holds the program, install it, or use one that the image has.
"""

from collections.abc import Iterator

from roadworthy.model.detail.command import ProgramUse
from roadworthy.model.detail.document import DocumentRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.DOCUMENTS, since="0.1", needs=frozenset({Kind.DOCUMENT, Kind.STAGE, Kind.IMAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the programs that documents call in containers with those the images hold."""
    told = False
    for reference in facts.details(Kind.PROGRAM, Action.REFERS, ProgramUse):
        use = reference.detail
        if not isinstance(use, ProgramUse) or use.purpose != "runbook" or reference.role is not FileRole.PROD:
            continue
        told = True
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                yield Unknown(f"whether the image has `{reference.name}`: {opening.reason}", opening.at)
            case Missing():
                yield _finding(facts, reference, use)
    if not told:
        document = next(facts.details(Kind.DOCUMENT, Action.DEFINES, DocumentRead), None)
        if document is not None:
            yield Held(document.at)


def _finding(facts: Facts, reference: Symbol, use: ProgramUse) -> Finding:
    base = f"`{use.image}`" if use.image else "its base image"
    component = facts.component(use.user)
    declared = component.declared[:1] if component is not None else ()
    return Finding(
        f"{reference.at.path} calls `{reference.name}` in {use.user}, whose image ({base}) does not hold it",
        reference.at,
        (
            Related(use.image_at, f"the image is {base}"),
            *(Related(at, f"{use.user} is declared here") for at in declared if at != use.image_at),
        ),
        f"Install `{reference.name}` in the image, or run the command in a container that holds it",
        (str(reference.name), use.user),
        use.user,
    )
