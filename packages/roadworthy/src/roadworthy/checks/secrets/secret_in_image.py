"""A secret becomes part of the image.

Everyone who can pull the image can read it, in every layer, for as long as the image exists.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
ENV API_TOKEN=c2a9f41d7be84e0f
COPY main.py .
```

```python title="main.py"
print("serving")
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1
COPY main.py .
```

```python title="main.py"
print("serving")
```

## Repair

Give secrets when the container starts (environment, mounted file), and to a build step with `RUN --mount=type=secret`.
Exchange the secret that was shipped.

## References

- https://docs.docker.com/build/building/secrets/
"""

from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.image import SecretBaked, SourceWanted
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE, Kind.ENVIRONMENT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for secrets among the variables an image is given and the files that are copied into it."""
    baked: set[tuple[str, int]] = set()
    for symbol in facts.details(Kind.SECRET_KEY, Action.DEFINES, SecretBaked):
        if symbol.role is FileRole.PROD and symbol.phase == "run" and isinstance(symbol.detail, SecretBaked):
            baked.add((symbol.at.path, symbol.at.line))
            yield Finding(
                f"{symbol.detail.by} puts the value of `{symbol.name}` into the image",
                symbol.at,
                (),
                f"Remove the value, exchange the secret, and give `{symbol.name}` when the container starts",
                (str(symbol.name),),
                symbol.component,
            )
    for symbol in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven):
        given = symbol.detail
        of_image = isinstance(given, EnvironmentGiven) and given.by in ("ENV", "ARG")
        if symbol.role is FileRole.PROD and of_image and (symbol.at.path, symbol.at.line) not in baked:
            yield Held(symbol.at)
    for symbol in facts.details(Kind.CONTENT, Action.REFERS, SourceWanted):
        if symbol.role is FileRole.PROD and isinstance(symbol.detail, SourceWanted) and symbol.detail.shipped:
            yield from _copied(facts, symbol, symbol.detail)


def _copied(facts: Facts, symbol: Symbol, wanted: SourceWanted) -> Iterator[Finding | Held]:
    found = False
    for path in wanted.environment_files:
        secret = next((s for s in facts.definitions(Kind.ENVIRONMENT) if s.at.path == path and _is_secret(s)), None)
        if secret is None:
            continue
        found = True
        yield Finding(
            f"{wanted.by} `{symbol.name}` takes `{path}`, which holds `{secret.name}`, into the image",
            symbol.at,
            (Related(secret.at, f"`{secret.name}` stands here"),),
            f"Add `{path.rpartition('/')[2]}` to .dockerignore and give the variables when the container starts",
            (str(symbol.name), path),
            symbol.component,
        )
    if not found:
        yield Held(symbol.at)


def _is_secret(symbol: Symbol) -> bool:
    """Tell whether a dotenv file gives a secret here whose value is no placeholder."""
    given = symbol.detail
    return isinstance(given, EnvironmentGiven) and given.secret is not None and given.value is None
