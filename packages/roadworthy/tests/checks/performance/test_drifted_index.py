"""performance/missing-index: models and migrations that disagree."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "performance/missing-index"
MODEL = "from django.db import models\n\n\nclass Answer(models.Model):\n    at = models.DateTimeField({})\n"
MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        EXTRA
    ]
"""
ALTERED = 'migrations.AlterField(model_name="answer", name="at", field=models.DateTimeField()),'
SCHEMA = 'model Invoice {\n  id String @id\n  dueAt DateTime\n\n@@index([dueAt])\n  @@map("invoice")\n}\n'
TABLE = 'CREATE TABLE "invoice" ("id" TEXT NOT NULL,\n"dueAt" TIMESTAMP,\nCONSTRAINT "pk" PRIMARY KEY ("id"));\n'
INDEX = 'CREATE INDEX "invoice_dueAt_idx" ON "invoice"("dueAt");\n'
TABLES = """
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

class Booking(Base):
    __tablename__ = "booking"
    __table_args__ = (Index("ix_booking_customer", "customer_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
"""
UPGRADE = """
import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None

def upgrade():
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id")),
    )
    {}

def downgrade():
    op.drop_table("booking")
"""


def django(told: str, extra: str = "") -> Outcome:
    """Return the outcome for one model and its migration."""
    files = {"polls/models.py": MODEL.format(told), "polls/migrations/0001_first.py": MIGRATION.replace("EXTRA", extra)}
    return inspected(files, RULE).outcome


def test_index_that_the_model_has_lost_is_found_with_both_sides() -> None:
    files = {"polls/models.py": MODEL.format(""), "polls/migrations/0001_first.py": MIGRATION.replace("EXTRA", "")}
    (finding,) = inspected(files, RULE).findings

    assert str(finding.at).startswith("polls/migrations/0001_first.py:")
    assert [side.at.path for side in finding.related] == ["polls/models.py"]


def test_index_that_both_have_or_that_was_taken_back_is_sound() -> None:
    assert django("db_index=True") is not Outcome.FAILED
    assert django("", ALTERED) is not Outcome.FAILED


@pytest.mark.parametrize(
    ("schema", "sql", "failed"),
    [
        (SCHEMA, TABLE + INDEX, False),
        (SCHEMA.replace("@@index([dueAt])", ""), TABLE + INDEX, True),
        (SCHEMA, TABLE, True),
        (SCHEMA.replace("@@index([dueAt])", ""), TABLE + INDEX + 'DROP INDEX "invoice_dueAt_idx";\n', False),
    ],
)
def test_prisma_and_its_migrations_agree(schema: str, sql: str, failed: bool) -> None:
    files = {"prisma/schema.prisma": schema, "prisma/migrations/1_first/migration.sql": sql}

    assert (inspected(files, RULE).outcome is Outcome.FAILED) == failed


@pytest.mark.parametrize(
    ("made", "failed"),
    [("pass", True), ('op.create_index("ix_booking_customer", "booking", ["customer_id", "at"])', False)],
)
def test_index_that_no_migration_makes_is_found(made: str, failed: bool) -> None:
    files = {"app/models.py": TABLES, "migrations/versions/0001_first.py": UPGRADE.format(made)}

    assert (inspected(files, RULE).outcome is Outcome.FAILED) == failed
