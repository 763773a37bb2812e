"""Staging writes where production does.

The two environments name one and the same namespace, database, bucket or store of secrets: a test deletes customers' data,
and a release to staging replaces the one in production.

## Fails

```yaml title="deploy/overlays/staging/kustomization.yaml"
namespace: shop-production
resources: [../../base]
```

```yaml title="deploy/overlays/production/kustomization.yaml"
namespace: shop-production
resources: [../../base]
```

## Passes

```yaml title="deploy/overlays/staging/kustomization.yaml"
namespace: shop-staging
resources: [../../base]
```

```yaml title="deploy/overlays/production/kustomization.yaml"
namespace: shop-production
resources: [../../base]
```

## Repair

Give each environment its own namespace, database, bucket and credentials, so that neither can reach the other's.
"""

from collections.abc import Iterator

from roadworthy.model.detail.environment import StageShared
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(
    Severity.MAJOR, Family.KUBERNETES, since="0.1", needs=frozenset({Kind.SERVICE}), effort=Effort.HOURS
)  # fmt: skip


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Compare what the overlays, env files and compose files of two environments name."""
    for symbol in facts.details(Kind.SETTING, Action.REFERS, StageShared):
        shared = symbol.detail
        if not isinstance(shared, StageShared):
            continue
        if not shared.same:
            yield Held(symbol.at)
            continue
        says = "the base that production takes as it is" if shared.inherited else shared.other
        yield Finding(
            f"`{symbol.name}` of {shared.stage} is that of {shared.other}",
            symbol.at,
            (Related(shared.there, f"{says} says the same"),),
            f"Give {shared.stage} a `{symbol.name}` of its own",
            (str(symbol.name), shared.stage, shared.other),
        )
