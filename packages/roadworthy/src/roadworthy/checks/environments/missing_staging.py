"""The service is deployed to production, and nothing else comes before that.

The first place where a release, a migration or a new setting meets something like production is production.

## Fails

```yaml title=".github/workflows/deploy.yml"
on:
  push: {branches: [main]}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: kubectl apply --kustomize overlays/production
```

## Passes

```yaml title=".github/workflows/deploy.yml"
on:
  push: {branches: [main]}
jobs:
  staging:
    runs-on: ubuntu-24.04
    environment: staging
    steps:
      - run: kubectl apply --kustomize overlays/staging
  deploy:
    needs: staging
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: kubectl apply --kustomize overlays/production
```

## Repair

Deploy to a second environment with its own data first, and let the job for production need that one.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.pipeline import PipelineJob
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.ADVISORY, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.PIPELINE}), effort=Effort.DAYS
)  # fmt: skip

_BEFORE = re.compile(
    r"(?:^|[-_/. ])(?:staging|stage|preprod|pre-prod|uat|qa|preview|canary|acceptance|test-env|dev)(?:$|[-_/. ])"
)
_PRODUCTION = re.compile(r"(?:^|[-_/. ])(?:production|prod|live)(?:$|[-_/. ])")


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look for an environment before production among jobs and files."""
    jobs = [
        (symbol, symbol.detail)
        for symbol in facts.details(Kind.PIPELINE, Action.DEFINES, PipelineJob)
        if isinstance(symbol.detail, PipelineJob) and symbol.role is FileRole.PROD
    ]
    places = [f"{job.environment} {symbol.name}".lower() for symbol, job in jobs]
    before = any(_BEFORE.search(place) or "${{" in place for place in places)
    before = before or any(_BEFORE.search(path.lower()) and path.endswith((".yml", ".yaml")) for path in facts.files)
    for symbol, job in jobs:
        if not _PRODUCTION.search(job.environment.lower()):
            continue
        if before:
            yield Held(symbol.at)
        else:
            yield Finding(
                f"the job {symbol.name} deploys to {job.environment}, and nothing in the repository comes before that",
                symbol.at,
                repair="Add an environment like production, with its own data, and deploy there first",
                names=(str(symbol.name), job.environment),
            )
            return
