"""The service runs as root in its container.

Whoever gets into the process owns everything in the container, and with one more hole the host.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /app
COPY main.py .
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
RUN useradd --system --uid 10001 app
WORKDIR /app
COPY main.py .
USER 10001
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Repair

Create a user, give it what it must write, and end the Dockerfile with `USER` and its number.

## References

- https://docs.docker.com/build/building/best-practices/#user
"""

from collections.abc import Iterator

from roadworthy.model.detail.exposure import ForDevelopment
from roadworthy.model.detail.image import RunsAs, ShippedUser
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE, Kind.SETTING}))
_ROOT = frozenset({"root", "0"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Ask of every image that is shipped, and of its deployment, whom it runs as."""
    for reference in facts.details(Kind.SETTING, Action.REFERS, ShippedUser):
        shipped = reference.detail
        if reference.role is not FileRole.PROD or not isinstance(shipped, ShippedUser):
            continue
        user = shipped.user.partition(":")[0]
        if (user and user not in _ROOT) or (not user and shipped.base_user == "other") or shipped.dropped_by:
            yield Held(shipped.dropped_by or reference.at)
        elif _deployed_as_other(facts, reference.component):
            yield Held(reference.at)
        elif user in _ROOT or shipped.base_user == "root":
            how = f"USER is `{user}`" if user else f"no USER is set and `{shipped.image}` starts as root"
            yield Finding(
                f"the container runs as root: {how}",
                reference.at,
                tuple(Related(s.at, f"{artifact} runs it so") for artifact, s in _deployed(facts, reference.component))[
                    :2
                ],
                "Create a user and set `USER` before the command" if not user else "Set `USER` to one that is not root",
                ("user", user or "unset"),
                reference.component,
            )
        else:
            yield Unknown(f"whom `{shipped.image or 'the base image'}` runs as", reference.at)


def _deployed_as_other(facts: Facts, component: str) -> bool:
    """Tell whether everything that deploys the image says that it runs as somebody else."""
    if not component:
        return False
    said = {
        symbol.detail.by
        for symbol in facts.definitions(Kind.SETTING, component)
        if isinstance(symbol.detail, RunsAs) and symbol.detail.user.partition(":")[0] not in _ROOT
    }
    return bool(said) and {artifact for artifact, _ in _deployed(facts, component)} <= said


def _deployed(facts: Facts, component: str) -> list[tuple[str, Symbol]]:
    """Return what deploys a component in production, once for each kind of artifact."""
    aside = {str(s.name) for s in facts.details(Kind.SETTING, Action.DEFINES, ForDevelopment)}
    found: dict[str, Symbol] = {}
    for symbol in facts.definitions(Kind.SERVICE, component):
        workload = symbol.detail
        if not isinstance(workload, Workload) or symbol.component != component or symbol.at.path in aside:
            continue
        if symbol.role is FileRole.PROD:
            found.setdefault(workload.artifact, symbol)
    return sorted(found.items())
