"""A service is started beside the store it needs, and nobody waits until the store answers.

On a cold host the database takes seconds to come up. What starts earlier crashes, or begins with failed migrations, and
whether the deployment works becomes a matter of luck.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    depends_on:
      - db
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U app"]
volumes:
  data:
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Give the store a `healthcheck` and wait for it with `condition: service_healthy`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.volume import DataKept
from roadworthy.model.detail.workload import DependsOn, Workload
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.COMPOSE, since="0.1", needs=frozenset({Kind.SERVICE}))

# What an init system runs before the service, by its folder.
_WAITING = re.compile(
    r"/(s6-rc|cont-init|services|entrypoint|docker-entrypoint|my_init)\.d/.*\bwait[-_]", re.IGNORECASE
)
_READY = ("service_healthy", "service_completed_successfully")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at every dependency of one of our services on a store of the same compose project."""
    seen: set[tuple[Span, str]] = set()
    eager: dict[tuple[str, str], list[tuple[Symbol, Symbol]]] = defaultdict(list)
    for reference in facts.details(Kind.SERVICE, Action.REFERS, DependsOn):
        if reference.role is not FileRole.PROD or not isinstance(reference.detail, DependsOn):
            continue
        # Services that share an anchor share the place.
        key = (reference.at, str(reference.name))
        store, dependent = _store(facts, reference), facts.component(reference.component)
        if store is None or key in seen or dependent is None or not dependent.ours:
            continue
        seen.add(key)
        if reference.detail.condition in _READY or _waits(facts, reference):
            yield Held(reference.at)
        elif (loop := _may_wait(facts, dependent)) is not None:
            yield Unknown(f"whether {dependent.id} waits for {reference.name} by itself: {loop.path} may", loop)
        else:
            eager[reference.component, reference.at.path].append((reference, store))
    for found in eager.values():
        yield _finding(facts, found)


def _store(facts: Facts, reference: Symbol) -> Symbol | None:
    """Return the declaration of what is waited for, where it is a store or broker of the same compose project."""
    folder = reference.at.path.rpartition("/")[0]
    declared = [
        s
        for s in facts.details(Kind.SERVICE, Action.DEFINES, Workload)
        if str(s.name) == str(reference.name)
        and isinstance(s.detail, Workload)
        and s.detail.artifact == "compose"
        and s.at.path.rpartition("/")[0] == folder
    ]
    declared.sort(key=lambda s: s.at.path != reference.at.path)
    if not declared:
        return None
    component = facts.component(declared[0].component)
    keeps = any(
        s.component == declared[0].component and s.at.path == declared[0].at.path
        for s in facts.details(Kind.VOLUME, Action.DEFINES, DataKept)
    )
    caches = component is not None and component.kind is ComponentKind.CACHE and "memcached" not in component.image
    return declared[0] if keeps or caches else None


def _finding(facts: Facts, found: list[tuple[Symbol, Symbol]]) -> Finding:
    """Report what one service does not wait for in one file."""
    (reference, store), *_ = found
    checked = any(
        isinstance(s.detail, CommandUse) and s.detail.purpose == "healthcheck" and s.component == store.component
        for s in facts.references(Kind.COMMAND)
    )
    names = [str(other.name) for other, _ in found]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    repair = f"Write `condition: service_healthy` below `{reference.name}`"
    return Finding(
        f"{reference.component} starts without waiting until {listed} answer{'s' if len(names) == 1 else ''}",
        reference.at,
        tuple(Related(other.at, f"{asked.name} is what it needs") for asked, other in found),
        repair if checked else f"{repair}, and give {reference.name} a `healthcheck`",
        (reference.component, *names),
        reference.component,
    )


def _may_wait(facts: Facts, component: Component) -> Span | None:
    """Return where a script sleeps that the service starts with, or one that its init system runs and that waits by name."""
    started = " ".join(
        word
        for s in facts.references(Kind.COMMAND, component.id)
        if isinstance(s.detail, CommandUse) and s.detail.purpose in ("command", "entrypoint")
        for word in s.detail.words
    )
    for symbol in facts.references(Kind.COMMAND):
        use = symbol.detail
        if not isinstance(use, CommandUse) or use.purpose != "script" or symbol.role is not FileRole.PROD:
            continue
        if use.words[:1] != ("sleep",):
            continue
        if symbol.at.path.rpartition("/")[2] in started:
            return symbol.at
    return next((Span(file) for file in facts.files if _WAITING.search(f"/{file}")), None)


def _waits(facts: Facts, reference: Symbol) -> bool:
    """Tell whether the service waits by itself, or for something that waited for the store."""
    words = ("wait-for", "wait_for", "dockerize", "waitforit", "pg_isready", "prestart", "/dev/tcp/")
    for symbol in facts.references(Kind.COMMAND, reference.component):
        if isinstance(symbol.detail, CommandUse) and symbol.detail.purpose in ("command", "entrypoint"):
            text = " ".join(symbol.detail.words)
            if any(word in text for word in words):
                return True
    waited = {
        str(s.name)
        for s in facts.details(Kind.SERVICE, Action.REFERS, DependsOn)
        if s.component == reference.component
        and isinstance(s.detail, DependsOn)
        and s.detail.condition == "service_completed_successfully"
    }
    return any(
        s.component in waited
        and str(s.name) == str(reference.name)
        and isinstance(s.detail, DependsOn)
        and s.detail.condition == "service_healthy"
        for s in facts.details(Kind.SERVICE, Action.REFERS, DependsOn)
    )
