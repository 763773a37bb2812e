"""A tracker of errors is asked for and never started, or started without its address.

The variable is in the deployment, the page of the tracker shows no errors, and everybody takes that for good news.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      SENTRY_DSN: ${SENTRY_DSN}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
    environment:
      SENTRY_DSN: ${SENTRY_DSN}
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
```

```python title="main.py"
import os

import sentry_sdk
from fastapi import FastAPI

sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])
app = FastAPI()
```

## Repair

Call `sentry_sdk.init(dsn=…)` (`Sentry.init({ dsn: … })`) before the application is made, with the variable the deployment
gives; or remove the variable.

## References

- https://docs.sentry.io/platforms/python/
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead
from roadworthy.model.detail.error_tracker import TrackerStarted
from roadworthy.model.detail.manifest import Dependency, ManifestRead
from roadworthy.model.detail.workload import Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import CannotTell, Missing
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.LOGS, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))

_ASKS = (
    (re.compile(r"(?:\w+_)?SENTRY(?:_\w+)?_DSN|SENTRY_DSN|(?:\w+_)?SENTRY_URL"), "Sentry"),
    (re.compile(r"(?:\w+_)?ROLLBAR_(?:ACCESS_|SERVER_|POST_SERVER_ITEM_ACCESS_)?TOKEN"), "Rollbar"),
    (re.compile(r"(?:\w+_)?BUGSNAG_API_KEY"), "Bugsnag"),
)
_PACKAGES = re.compile(r"sentry|raven|rollbar|bugsnag", re.IGNORECASE)
_GIVING = {
    "compose": frozenset({"compose", "env_file"}),
    "kubernetes": frozenset({"kubernetes", "kubernetes field", "ConfigMap", "Secret"}),
}
_READABLE = frozenset({"python", "javascript", "typescript"})
_KINDS = (ComponentKind.SERVICE, ComponentKind.WORKER)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the trackers that variables ask for with those code starts, and the variables of both."""
    ours = [c for c in facts.components if c.ours and c.role is FileRole.PROD and c.kind in _KINDS]
    if not ours:
        return
    started = {
        str(s.name): s for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, TrackerStarted) if s.role is FileRole.PROD
    }
    asked = _asked(facts, {c.id for c in ours})
    for product, sides in asked.items():
        if product in started:
            continue
        unread = next((c for c in ours if set(c.languages) - _READABLE), None)
        problem = next((p for p in facts.problems if p.role is FileRole.PROD and Kind.CONSTRUCT in p.hides), None)
        if unread is not None or problem is not None:
            where = problem.at if problem is not None else ours[0].declared[0]
            yield Unknown(f"whether something starts {product}", where)
            continue
        yield _dead(product, sides, ours[0])
    for product, symbol in started.items():
        if (absent := _unpackaged(facts, product, symbol)) is not None:
            yield absent
            continue
        yield _reached(facts, product, symbol, asked.get(product, []), ours)
    if not asked and not started:
        yield Held(ours[0].declared[0])


def _asked(facts: Facts, ours: set[str]) -> dict[str, list[Symbol]]:
    """Return what asks for each tracker: the variables given to components of ours, listed for people, or read."""
    found: dict[str, list[Symbol]] = {}
    given = facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven)
    read = facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead)
    for symbol in (*given, *read):
        product = next((name for pattern, name in _ASKS if pattern.fullmatch(str(symbol.name))), "")
        counts = symbol.role is FileRole.PROD or (symbol.role is FileRole.EXAMPLE and "env" in symbol.at.path)
        if (
            product
            and counts
            and (not symbol.component or symbol.component in ours)
            and symbol.phase in ("run", "file")
        ):
            found.setdefault(product, []).append(symbol)
    for sides in found.values():
        sides.sort(key=lambda s: (s.role is not FileRole.PROD, isinstance(s.detail, EnvironmentRead)))
    return found


def _dead(product: str, sides: list[Symbol], component: Component) -> Finding:
    first = sides[0]
    others = {s.at.path: s for s in sides[1:] if s.at.path != first.at.path}
    read = [s for s in others.values() if isinstance(s.detail, EnvironmentRead)]
    return Finding(
        f"`{first.name}` asks for {product}, and no code starts it",
        first.at,
        (
            *(Related(s.at, f"{'reads' if s in read else 'gives'} `{s.name}`") for s in list(others.values())[:3]),
            Related(component.declared[0], f"`{component.id}`, whose code was read"),
        ),
        "Call `sentry_sdk.init(dsn=…)` or `Sentry.init({ dsn: … })` at the start, or remove the variable"
        if product == "Sentry"
        else f"Start {product} before the application, or remove the variable",
        (product, str(first.name)),
    )


def _reached(
    facts: Facts, product: str, symbol: Symbol, asked: list[Symbol], ours: list[Component]
) -> Finding | Unknown | Held:
    """Judge a tracker that is started: the variable of its address must be given where its component is deployed."""
    detail = symbol.detail
    variable = detail.variable if isinstance(detail, TrackerStarted) else ""
    reads = [
        s for s in facts.references(Kind.ENVIRONMENT) if str(s.name) == variable and s.component and s.phase == "run"
    ]
    reads = [
        s
        for s in reads
        if isinstance(s.detail, EnvironmentRead)
        and s.detail.required is not True
        and s.component in {c.id for c in ours}
    ]
    promised = [s for s in asked if isinstance(s.detail, EnvironmentGiven) and s.role is FileRole.EXAMPLE]
    promised += [s for s in asked if isinstance(s.detail, EnvironmentGiven) and str(s.name) != variable]
    if not variable or not reads or not promised:
        return Held(symbol.at)
    running = [
        replace(read, component=component.id)
        for read in reads[:1]
        for component in ours
        if _deployed(facts, component.id) and (component.id == read.component or _runs(component, read))
    ]
    answers = [(read, facts.resolve(read)) for read in running]
    answers.sort(key=lambda answer: not isinstance(answer[1], Missing))
    doubt = next((a for _, a in answers if isinstance(a, CannotTell)), None)
    for read, _ in answers:
        if (apart := _lacking(facts, product, symbol, read)) is not None:
            return apart
    if not answers or not isinstance(answers[0][1], Missing):
        return (
            Unknown(f"whether `{variable}` is given: {doubt.opening.reason}", doubt.opening.at)
            if doubt
            else Held(symbol.at)
        )
    other = promised[0]
    same = str(other.name) == variable
    return Finding(
        f"{product} takes its address from `{variable}`, which no deployment of `{answers[0][0].component}` gives"
        + (f"; {other.at.path} promises it" if same else f"; `{other.name}` is given"),
        symbol.at,
        (
            Related(other.at, f"{'promises' if same else 'gives'} `{other.name}`"),
            Related(answers[0][0].at, f"reads `{variable}`"),
        ),
        f"Give `{variable}` to `{answers[0][0].component}` in its deployment" if same else f"Read `{other.name}`",
        (product, variable),
    )


def _lacking(facts: Facts, product: str, symbol: Symbol, read: Symbol) -> Finding | None:
    """Report a deployment of a component that lacks the variable another deployment of it gives."""
    given = {
        kind: s
        for s in facts.definitions(Kind.ENVIRONMENT, read.component)
        if isinstance(s.detail, EnvironmentGiven) and str(s.name) == str(read.name) and s.component == read.component
        for kind, sources in _GIVING.items()
        if s.detail.by in sources and s.role is FileRole.PROD
    }
    deployed = {
        s.detail.artifact: s
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if isinstance(s.detail, Workload) and s.component == read.component and s.role is FileRole.PROD
    }
    lacking = [at for artifact, at in deployed.items() if artifact in _GIVING and artifact not in given]
    if not given or not lacking or facts.openings(Kind.ENVIRONMENT, read.component):
        return None
    other = next(iter(given.values()))
    return Finding(
        f"{product} takes its address from `{read.name}`, which {lacking[0].at.path} does not give to `{read.component}`",
        symbol.at,
        (
            Related(other.at, f"another deployment gives `{read.name}`"),
            Related(lacking[0].at, f"deploys `{lacking[0].name}` without it"),
        ),
        f"Give `{read.name}` to `{read.component}` in every deployment",
        (product, str(read.name)),
        read.component,
    )


def _unpackaged(facts: Facts, product: str, symbol: Symbol) -> Finding | None:
    """Report a tracker that code starts and whose package no manifest asks for."""
    ecosystem = "python" if symbol.at.path.endswith(".py") else "npm"
    asked = [
        s
        for s in facts.definitions(Kind.PACKAGE)
        if isinstance(s.detail, Dependency) and s.detail.ecosystem == ecosystem and s.role is FileRole.PROD
    ]
    read = [s.detail for s in facts.references(Kind.PACKAGE) if isinstance(s.detail, ManifestRead)]
    if not asked or any(manifest.kind == "dynamic" for manifest in read if manifest.ecosystem == ecosystem):
        return None
    if any(_PACKAGES.search(str(s.name)) for s in asked):
        return None
    return Finding(
        f"code starts {product}, and no manifest asks for its package: the import fails, or is left out",
        symbol.at,
        (Related(asked[0].at, "the packages that are installed"),),
        f"Add the package of {product} to the dependencies",
        (product, "package"),
    )


def _runs(component: Component, symbol: Symbol) -> bool:
    """Tell whether something stands in the code of a component, which others may run as well."""
    return any(not folder or symbol.at.path.startswith(folder + "/") for folder in component.sources)


def _deployed(facts: Facts, component: str) -> bool:
    return any(
        s.component == component and s.role is FileRole.PROD
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
    )
