"""Nothing says how the service is built into something that runs.

What starts in production then depends on the hands that start it, and nobody can start the same thing twice.

## Fails

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index() -> dict[str, str]:
    return {}
```

```text title="requirements.txt"
fastapi
uvicorn
```

## Passes

```python title="main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index() -> dict[str, str]:
    return {}
```

```text title="requirements.txt"
fastapi
uvicorn
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY main.py .
USER 10001
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

## Repair

Add a Dockerfile that builds from the lock file, copies only what runs, and ends as a user that is not root. A platform's own build file
(Procfile, `render.yaml`, `fly.toml` …) serves as well.
"""

from collections.abc import Iterator

from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE}), presence=True, effort=Effort.HOURS
)
_PLATFORM = frozenset(
    """
    Procfile render.yaml fly.toml railway.json railway.toml vercel.json netlify.toml app.json nixpacks.toml
    project.toml heroku.yml serverless.yml serverless.yaml app.yaml Dockerrun.aws.json apprunner.yaml
    captain-definition wrangler.toml wrangler.jsonc zappa_settings.json chalice.json .ko.yaml skaffold.yaml
    manifest.yml samconfig.toml Aptfile zerops.yml koyeb.yaml
    """.split()
)
_OTHER_BUILDERS = frozenset({"pom.xml", "build.gradle", "build.gradle.kts", "flake.nix", "BUILD.bazel", "earthfile"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a Dockerfile or a platform's build file wherever the repository holds a service."""
    built = [artifact for artifact in facts.artifacts_of("dockerfile") if artifact.role is FileRole.PROD]
    platform = [path for path in facts.files if path.rpartition("/")[2] in _PLATFORM]
    ours = [c for c in facts.components if c.sources and c.role is FileRole.PROD]
    if built or platform:
        for place in [artifact.path for artifact in built] or platform[:1]:
            yield Held(Span(place))
        return
    if not ours:
        return
    other = next((path for path in facts.files if path.rpartition("/")[2] in _OTHER_BUILDERS), None)
    if other:
        yield Unknown(f"whether {other} builds an image", Span(other))
        return
    development = next((a for a in facts.artifacts_of("dockerfile") if a.role is FileRole.DEV), None)
    only = f"; {development.path} is for development only" if development else ""
    at = ours[0].declared[0] if ours[0].declared else Span(facts.files[0])
    yield Finding(
        f"nothing builds `{ours[0].id}` into an image: there is no Dockerfile and no platform's build file{only}",
        at,
        (),
        "Add a Dockerfile",
        ("Dockerfile",),
        ours[0].id,
    )
