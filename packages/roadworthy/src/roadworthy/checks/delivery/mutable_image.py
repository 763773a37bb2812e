"""An image is named without a version.

What was tested is not what is run: the same commit gives another service tomorrow, and going back brings nothing back.

## Fails

```dockerfile title="Dockerfile"
FROM python:latest
COPY main.py .
```

```python title="main.py"
print("serving")
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py .
```

```python title="main.py"
print("serving")
```

## Repair

Name the version (`postgres:16.4-alpine`), and the digest where builds must be repeatable.
"""

from collections.abc import Iterator

from roadworthy.model.detail.image import BaseImage
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.IMAGE, Kind.STAGE}))
_MOVING = frozenset({"latest", "stable", "edge", "nightly", "main", "master", "dev", "current", "mainline"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at the tag of every image that comes from elsewhere."""
    for reference in facts.references(Kind.IMAGE):
        if reference.role is not FileRole.PROD or not isinstance(reference.name, Exact):
            continue
        if _ours(facts, reference):
            continue
        image = reference.name.text
        tag = _tag(image)
        if tag is None:
            continue
        if tag not in _MOVING and tag:
            yield Held(reference.at)
            continue
        yield Finding(
            f"`{image}` names {f'the moving tag `{tag}`' if tag else 'no version'}: every build may get another image",
            reference.at,
            (),
            f"Name a version of `{image.partition(':')[0]}`",
            (image,),
        )


def _ours(facts: Facts, reference: Symbol) -> bool:
    """Tell whether this repository builds the image itself."""
    if isinstance(reference.detail, BaseImage):
        return False
    component = facts.component(reference.component)
    return (component is not None and component.ours) or any(
        isinstance(service.detail, Workload) and service.detail.context is not None
        for service in facts.definitions(Kind.SERVICE)
        if service.at.path == reference.at.path and service.component == reference.component
    )


def _tag(image: str) -> str | None:
    """Return the tag, "" where there is none; None where the image needs none or it cannot be read."""
    if image == "scratch" or "@" in image or "$" in image or "*" in image or not image:
        return None
    return image.rpartition("/")[2].partition(":")[2]
