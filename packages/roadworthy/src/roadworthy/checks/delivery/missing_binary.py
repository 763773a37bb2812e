"""A command calls a program that its image does not hold.

The health check, the probe or the entry script fails with "not found" in every container: a healthy service is
restarted for ever, or an ill one never starts at all.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /app
COPY main.py .
HEALTHCHECK CMD curl -f http://localhost:8000/health || exit 1
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY main.py .
HEALTHCHECK CMD curl -f http://localhost:8000/health || exit 1
CMD ["python", "main.py"]
```

```python title="main.py"
print("serving")
```

## Repair

Install the program in the last stage of the image, call one that the image holds (`wget` of Alpine, `python -c` with
`urllib`, `node -e` with `fetch`), or probe over HTTP from outside the container.

## References

- https://docs.docker.com/reference/dockerfile/#healthcheck
"""

from collections.abc import Iterator

from roadworthy.model.detail.command import ProgramUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Met, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE, Kind.IMAGE}))

_SAID = {
    "healthcheck": "the health check calls",
    "probe": "the probe calls",
    "hook": "the lifecycle hook calls",
    "entrypoint": "the container's entrypoint calls",
    "command": "the container's command calls",
    "job": "the job calls",
    "run": "the build calls",
    "script": "the script calls",
    "shebang": "the script is read by",
}
_STANDS_IN = {"curl": ("wget",), "wget": ("curl",), "bash": ("sh",), "pg_isready": ("psql",)}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the programs that commands call with those their images hold."""
    for reference in facts.details(Kind.PROGRAM, Action.REFERS, ProgramUse):
        use = reference.detail
        if (
            reference.role is not FileRole.PROD
            or not isinstance(use, ProgramUse)
            or use.purpose in ("backup", "runbook")
        ):
            continue
        match facts.resolve(reference):
            case Met():
                yield Held(reference.at)
            case CannotTell(opening):
                yield Unknown(f"whether the image has `{reference.name}`: {opening.reason}", opening.at)
            case Missing():
                yield _finding(facts, reference, use)


def _finding(facts: Facts, reference: Symbol, use: ProgramUse) -> Finding:
    name = str(reference.name)
    base = f"`{use.image}`" if use.image else "its base image"
    ours = use.image_at.path != reference.at.path or not reference.component.startswith("image:")
    installs = " and no build step installs it" if not reference.component.startswith("image:") else ""
    return Finding(
        f"{_SAID.get(use.purpose, 'a command calls')} `{name}`, which {base} does not hold{installs}",
        reference.at,
        (Related(use.image_at, f"the image is {base}"),) if ours or use.image_at != reference.at else (),
        _repair(facts, name, use, reference.component),
        (name, use.purpose),
        use.user,
    )


def _repair(facts: Facts, name: str, use: ProgramUse, component: str) -> str:
    held = {str(symbol.name) for symbol in facts.definitions(Kind.PROGRAM, component)}
    instead = next((other for other in _STANDS_IN.get(name, ()) if other in held), None)
    image = use.image
    if instead is None and name == "curl" and ("alpine" in image or "busybox" in image or "prom/" in image):
        instead = "wget"
    if instead is None and name == "bash":
        instead = "sh"
    if instead:
        return f"Call `{instead}`, which the image holds, or install `{name}`"
    if component.startswith("image:"):
        return f"Call a program of {image}, or build an image on it that installs `{name}`"
    if "python" in image and name in ("curl", "wget"):
        return f"Ask with `python -c 'import urllib.request; …'`, or install `{name}` in the last stage"
    if "node" in image and name in ("curl", "wget"):
        return f"Ask with `node -e 'fetch(…)…'`, or install `{name}` in the last stage"
    return f"Install `{name}` in the stage that is shipped, or call a program the image holds"
