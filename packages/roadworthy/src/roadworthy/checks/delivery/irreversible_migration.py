"""The newest migration takes away what the version before it still uses, or cannot be taken back.

While the new version rolls out the old one still runs: a dropped or renamed column fails its requests, and going back
finds the data gone.

## Fails

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

```python title="migrations/versions/0002_customer.py"
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade():
    op.drop_column("orders", "customer")


def downgrade():
    op.add_column("orders", sa.Column("customer", sa.Text))
```

## Passes

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

```python title="migrations/versions/0002_customer.py"
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("orders", sa.Column("customer_id", sa.Integer, nullable=True))


def downgrade():
    op.drop_column("orders", "customer_id")
```

## Repair

Expand, then contract: add the new column as nullable, write both, move the data, and drop the old one only in the release
after no code uses it. Write the way back.
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import MigrationStep
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.STORE, since="0.1", needs=frozenset({Kind.COLUMN}))
_SAYS = {
    "drop column": ("drops the column `{}` while the version before may still use it", "Drop it one release later"),
    "drop table": ("drops the table `{}` while the version before may still use it", "Drop it one release later"),
    "rename": (
        "renames `{}` in one step: old and new code cannot both run",
        "Add the new name, move, drop the old later",
    ),
    "required column": (
        "makes `{}` required: the version before does not fill it",
        "Give it a default, or let it be null",
    ),
    "no way back": ("has no way back (`{}`)", "Write what undoes it"),
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at the newest migration of each group."""
    groups: dict[tuple[str, str], list[tuple[Symbol, MigrationStep]]] = {}
    for symbol in facts.details(Kind.COLUMN, Action.DEFINES, MigrationStep):
        if isinstance(symbol.detail, MigrationStep) and symbol.role is FileRole.PROD:
            step = symbol.detail
            groups.setdefault((step.tool, step.group), []).append((symbol, step))
    for _, steps in sorted(groups.items()):
        newest = _newest([step for _, step in steps])
        if len({step.revision for _, step in steps}) == 1:
            # Before the only migration there is nothing it could take away.
            yield Held(steps[0][0].at)
            continue
        before = next((s for s, step in steps if not step.harm and step.revision not in newest), None)
        for symbol, step in steps:
            if step.revision not in newest:
                continue
            if not step.harm or step.first:
                yield Held(symbol.at)
                continue
            says, repair = _SAYS[step.harm]
            yield Finding(
                f"The newest migration {says.format(symbol.name)}",
                symbol.at,
                (Related(before.at, "the migration before it"),) if before is not None else (),
                repair,
                (str(symbol.name), step.harm),
            )


def _newest(steps: list[MigrationStep]) -> set[str]:
    """Return the migrations that no other follows; where none says what it follows, the last in order of names."""
    followed = {name for step in steps for name in step.after}
    if not followed:
        return {max(step.revision for step in steps)}
    heads = {step.revision for step in steps} - followed
    # Squashed migrations of Django are followed by none of their kind: there the number decides.
    return {max(heads)} if heads and steps[0].tool == "django" else heads
