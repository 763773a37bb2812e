"""A container gets more of its host than it needs.

Whoever breaks into the service owns the host with it: a privileged container, the socket of Docker or the host's network
are doors that no bug in the kernel is needed for.

## Fails

```yaml title="compose.yaml"
services:
  api:
    build: .
    privileged: true
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY app app
CMD ["python", "-m", "app"]
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
CMD ["python", "-m", "app"]
```

## Repair

Remove the option. Give single capabilities where one is needed, and files instead of sockets.
"""

from collections.abc import Iterator

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.exposure import PrivilegeTaken
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.SERVICE, Kind.SETTING}))

_OURS = frozenset({ComponentKind.SERVICE, ComponentKind.WORKER, ComponentKind.JOB})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at what the containers of our own components get; exporters and agents may need it."""
    taken = [s for s in facts.details(Kind.SETTING, Action.DEFINES, PrivilegeTaken) if s.role is FileRole.PROD]
    for component in facts.components:
        if component.role is not FileRole.PROD or component.kind not in _OURS or not component.ours:
            continue
        own = [s for s in taken if s.component == component.id]
        for symbol in own:
            says = symbol.detail.says if isinstance(symbol.detail, PrivilegeTaken) else ""
            yield Finding(
                f"{component.id} {says} (`{symbol.name}`)",
                symbol.at,
                (),
                f"Remove `{symbol.name}`",
                (str(symbol.name),),
                component.id,
            )
        if not own:
            yield Held(component.declared[0])
