"""Nothing lists what the shipped image is made of.

When the next vulnerability in a library becomes known, somebody has to find out by hand whether it is in production.

## Fails

```yaml title=".github/workflows/ci.yml"
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: docker build --tag acme/orders .
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Passes

```yaml title=".github/workflows/ci.yml"
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: docker build --tag acme/orders .
      - uses: anchore/sbom-action@v0
```

```dockerfile title="Dockerfile"
FROM python:3.12-slim
CMD ["python", "-m", "app"]
```

## Repair

Let the pipeline write a list of components for every image it pushes: `syft`, `trivy --format cyclonedx`, `docker buildx
build --sbom=true`.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.image import StageBuilt
from roadworthy.model.detail.pipeline import ActionUse, PipelineJob
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.PIPELINE, since="0.1")

_SBOM = re.compile(r"sbom|syft|cyclonedx|spdx|bom\b|dependency-submission|dependency-graph", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a step that lists the parts of what is shipped."""
    job = next(facts.details(Kind.PIPELINE, Action.DEFINES, PipelineJob), None)
    image = next((s for s in facts.details(Kind.STAGE, Action.DEFINES, StageBuilt) if s.role is FileRole.PROD), None)
    if job is None or image is None:
        return
    for symbol in facts.references(Kind.STEP):
        text = str(symbol.name)
        if isinstance(symbol.detail, CommandLine):
            text = " ".join(symbol.detail.words)[:2000] if symbol.detail.source != "document" else ""
        elif isinstance(symbol.detail, ActionUse):
            text += " " + " ".join(f"{name}={value}" for name, value in symbol.detail.given)
        if _SBOM.search(text):
            yield Held(symbol.at)
            return
    yield Finding(
        "No step of the pipeline lists what the image is made of",
        job.at,
        repair="Add a step that writes a list of components (`syft`, `docker buildx build --sbom=true`)",
        names=("sbom",),
    )
