"""The database is migrated after the new version is out, by every replica at once, or not at all.

The new code meets the old schema for as long as the migration takes; replicas that migrate together block or break one another.

## Fails

```yaml title=".github/workflows/release.yml"
name: release
on: [push]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl --namespace shop apply -f deploy/
      - run: kubectl --namespace shop rollout status deployment/shop --timeout=180s
      - run: kubectl --namespace shop exec deployment/shop -- alembic upgrade head
```

```yaml title="deploy/app.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4.2
```

```python title="migrations/versions/0001_orders.py"
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("orders")
```

## Passes

```yaml title=".github/workflows/release.yml"
name: release
on: [push]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: alembic upgrade head
      - run: kubectl --namespace shop apply -f deploy/
      - run: kubectl --namespace shop rollout status deployment/shop --timeout=180s
```

```yaml title="deploy/app.yaml"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4.2
```

```python title="migrations/versions/0001_orders.py"
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("orders")
```

## Repair

Run the migration once, as a step or Job of its own that ends before the new version is rolled out, and let the release stop
when it fails.
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import MigrationOrder
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.COLUMN, Kind.STEP}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at when each migration runs."""
    for symbol in facts.details(Kind.COLUMN, Action.REFERS, MigrationOrder):
        found = symbol.detail
        if not isinstance(found, MigrationOrder) or symbol.role is not FileRole.PROD:
            continue
        match found.state:
            case "before":
                yield Held(symbol.at)
            case "unclear":
                yield Unknown(f"when the database is migrated: {found.why}", symbol.at)
            case _:
                yield _finding(symbol, found)


def _finding(symbol: Symbol, found: MigrationOrder) -> Finding:
    match found.state:
        case "late":
            why = f" ({found.why})" if found.why else ""
            message = f"`{found.command}` does not end before `{found.other}` brings the new version out{why}"
            says, repair = "the new version is brought out here", "Migrate before the rollout, and stop when it fails"
        case "unawaited":
            message = (
                f"`{found.command}` only starts the migration, and `{found.other}` brings the new version out without"
                " waiting for its end"
            )
            says, repair = (
                "the new version is brought out here",
                "Wait for the Job (`kubectl wait --for=condition=complete`)",
            )
        case "beside":
            message = f"`{found.other}` starts while `{found.why}` migrates its database: it does not wait for its end"
            says = f"runs `{found.command}`"
            repair = f"Add `{found.why}` to its `depends_on`, with `condition: service_completed_successfully`"
        case "replicated":
            message = f"`{found.command}` runs as every replica starts, and there are {found.other}"
            says, repair = f"{found.other}", "Migrate once, in a Job or step of its own before the rollout"
        case _:
            message = f"Migrations up to `{symbol.name}` are here, and no step of the release runs them"
            says, repair = f"`{found.other}` brings the new version out", "Migrate before the rollout"
    return Finding(message, symbol.at, (Related(found.other_at, says),), repair, (str(symbol.name), found.state))
