"""An image stands in a version that nobody keeps up any more.

Its holes are published and not mended; one day the packages it installs are gone from the mirrors as well, and the hotfix
does not build.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.7-slim
COPY main.py .
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py .
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Repair

Move to a version that is kept up, with the tests as the guide.

## References

- https://endoflife.date
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import VersionEnded
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.IMAGE, Kind.STAGE}), effort=Effort.HOURS)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look the version of each image up in the table of the ruleset."""
    for symbol in facts.details(Kind.IMAGE, Action.DEFINES, VersionEnded):
        found = symbol.detail
        if not isinstance(found, VersionEnded) or symbol.role is not FileRole.PROD:
            continue
        if found.state == "kept":
            yield Held(symbol.at)
            continue
        yield Finding(
            f"`{symbol.name}`: {' '.join((found.product, found.version)).strip()} gets no repairs any more: the newest that ended did so on "
            f"{found.since}",
            symbol.at,
            (),
            f"Move to `{found.instead}` ({found.source})",
            (str(symbol.name),),
        )
