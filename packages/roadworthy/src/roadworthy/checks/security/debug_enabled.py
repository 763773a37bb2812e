"""What is deployed runs in the mode for its developers.

Debug pages show source, settings and secrets to whoever provokes an error; a reloader watches files, starts one process
and drops requests when anything changes.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    command: uvicorn app.main:app --host 0.0.0.0 --reload
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Passes

```yaml title="compose.yaml"
services:
  api:
    build: .
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
```

## Repair

Switch it off in what is deployed, and let the default be off: developers switch it on in a file of their own.
"""

import re
from collections.abc import Iterator

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead
from roadworthy.model.detail.exposure import ForDevelopment
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR,
    Family.CONFIGURATION,
    since="0.1",
    needs=frozenset({Kind.CONSTRUCT, Kind.ENVIRONMENT, Kind.COMMAND}),
)

_OURS = frozenset({ComponentKind.SERVICE, ComponentKind.WORKER})
_COMMAND = re.compile(
    r"\b(uvicorn|gunicorn|hypercorn|granian|fastapi)\b.*\s--reload\b|\bfastapi\s+dev\b|\bflask\b.*\s--debug\b|\bmanage\.py\s+"
    r"runserver|\bnodemon\b|\bts-node-dev\b|\btsx\s+watch\b|\bnext\s+dev\b|\bnode\s+(--watch|--inspect)\b|"
    r"\b(npm|yarn|pnpm)\s+(run\s+)?(dev|start:dev)\b|\bnest\s+start\s+--watch\b"
)
_VARIABLES = {
    "FLASK_DEBUG": ("1", "true", "yes", "on"),
    "FLASK_ENV": ("development",),
    "NODE_ENV": ("development",),
    "DEBUG": ("1", "true", "yes", "on"),
    "DJANGO_DEBUG": ("1", "true", "yes", "on"),
    "APP_DEBUG": ("1", "true", "yes", "on"),
}
_FRAMEWORKS_OWN = frozenset({"FLASK_DEBUG", "FLASK_ENV", "NODE_ENV"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at commands, variables and code of each component of ours for a mode that is for developers."""
    development = {str(s.name) for s in facts.details(Kind.SETTING, Action.DEFINES, ForDevelopment)}
    for component in facts.components:
        if component.role is not FileRole.PROD or component.kind not in _OURS or not component.ours:
            continue
        told = [
            *_commands(facts, component, development),
            *_variables(facts, component, development),
            *_code(facts, component),
        ]
        yield from told
        if not told:
            yield Held(component.declared[0])


def _commands(facts: Facts, component: Component, development: set[str]) -> Iterator[Finding]:
    for symbol in facts.references(Kind.COMMAND, component.id):
        use = symbol.detail
        if symbol.component != component.id or symbol.role is not FileRole.PROD or symbol.at.path in development:
            continue
        if symbol.phase != "run" or not isinstance(use, CommandUse) or use.purpose not in ("command", "entrypoint"):
            continue
        match = _COMMAND.search(" ".join(use.words))
        if match and not _replaced(facts, component, symbol, development):
            says = " ".join(match[0].split())[:80]
            yield _finding(component, symbol, f"{component.id} is started for developers: `{says}`", says, ())
            return


def _replaced(facts: Facts, component: Component, symbol: Symbol, development: set[str]) -> bool:
    """Tell whether what is deployed starts another command than that of its image."""
    if symbol.at.path not in component.dockerfiles:
        return False
    return any(
        s.component == component.id and s.at.path not in component.dockerfiles and s.role is FileRole.PROD
        for s in facts.references(Kind.COMMAND, component.id)
        if isinstance(s.detail, CommandUse) and s.detail.purpose in ("command", "entrypoint")
    )


def _variables(facts: Facts, component: Component, development: set[str]) -> Iterator[Finding]:
    for symbol in facts.definitions(Kind.ENVIRONMENT, component.id):
        given, name = symbol.detail, str(symbol.name)
        if symbol.component != component.id or symbol.role is not FileRole.PROD or symbol.at.path in development:
            continue
        if symbol.phase != "run" or not isinstance(given, EnvironmentGiven) or name not in _VARIABLES:
            continue
        if (given.value or "").lower() not in _VARIABLES[name]:
            continue
        readers = [
            s
            for s in facts.references(Kind.ENVIRONMENT, component.id)
            if str(s.name) == name and isinstance(s.detail, EnvironmentRead) and s.role is FileRole.PROD
        ]
        if readers or name in _FRAMEWORKS_OWN:
            related = tuple(Related(s.at, f"reads `{name}`") for s in readers[:3])
            says = f"`{name}` puts {component.id} into the mode for developers"
            yield _finding(component, symbol, says, name, related)


def _code(facts: Facts, component: Component) -> Iterator[Finding | Unknown]:
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if symbol.component != component.id or symbol.role is not FileRole.PROD or not isinstance(construct, Construct):
            continue
        if (
            construct.kind == "debug"
            and construct.sound is False
            and not _switched_off(facts, component, construct.says)
        ):
            yield _finding(component, symbol, construct.says, str(symbol.name), ())


def _switched_off(facts: Facts, component: Component, says: str) -> bool:
    """Tell whether a deployment gives the variable that switches a default off."""
    return "unless a variable" in says and any(
        s.component == component.id and "DEBUG" in str(s.name) and s.role is FileRole.PROD and s.phase == "run"
        for s in facts.definitions(Kind.ENVIRONMENT, component.id)
        if isinstance(s.detail, EnvironmentGiven)
    )


def _finding(component: Component, symbol: Symbol, says: str, name: str, related: tuple[Related, ...]) -> Finding:
    beside = related or (Related(component.declared[0], f"`{component.id}` is deployed"),)
    return Finding(says, symbol.at, beside, "Switch it off in what is deployed", (name,), component.id)
