"""Subjects, consents, sessions, answers with history, tombstones, backup runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IN_RANGE = "value IS NULL OR (item BETWEEN 1 AND 28 AND value BETWEEN 1 AND 4) OR (item > 28 AND value BETWEEN 1 AND 7)"
VALUE_WHEN_ANSWERED = "(status = 'answered') = (value IS NOT NULL)"
STATUSES = "status IN ('answered', 'skipped', 'unknown')"
SOURCES = "source IN ('voice', 'touch', 'keyboard', 'proxy', 'paper')"
NOW = sa.text("now()")


def moment(name: str, *, nullable: bool = False, default: bool = False) -> sa.Column[object]:
    """Return a column for a point in time."""
    return sa.Column(
        name, sa.TIMESTAMP(timezone=True), nullable=nullable, server_default=NOW if default and not nullable else None
    )


def answer_columns() -> list[sa.Column[object]]:
    """Return the columns that an answer and its history share."""
    return [
        sa.Column("item", sa.SmallInteger, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("value", sa.SmallInteger),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("transcript", sa.Text),
        sa.Column("confidence", sa.Double),
        moment("answered_at"),
    ]


def upgrade() -> None:
    """Create the schema."""
    op.create_table(
        "subject",
        sa.Column("id", postgresql.UUID, primary_key=True),
        sa.Column("study", sa.Text, nullable=False),
        sa.Column("pseudonym", sa.Text, nullable=False),
        moment("created_at", default=True),
        sa.UniqueConstraint("study", "pseudonym", name="subject_pseudonym_is_unique_in_its_study"),
    )
    op.create_table(
        "consent",
        sa.Column("id", postgresql.UUID, primary_key=True),
        sa.Column("subject_id", postgresql.UUID, sa.ForeignKey("subject.id", ondelete="CASCADE"), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("text_version", sa.Text, nullable=False),
        moment("given_at", default=True),
        moment("withdrawn_at", nullable=True),
        sa.CheckConstraint("purpose IN ('data_processing', 'audio')", name="consent_purpose_is_known"),
    )
    op.create_index("consent_of_subject", "consent", ["subject_id", "purpose"])
    op.create_table(
        "session",
        sa.Column("id", postgresql.UUID, primary_key=True),
        sa.Column("subject_id", postgresql.UUID, sa.ForeignKey("subject.id", ondelete="CASCADE"), nullable=False),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("instrument_version", sa.Text, nullable=False),
        sa.Column("visit", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        moment("started_at", default=True),
        sa.CheckConstraint("mode IN ('CONTINUOUS', 'MANUAL')", name="session_mode_is_known"),
    )
    op.create_index("session_of_subject", "session", ["subject_id"])
    op.create_table(
        "answer",
        sa.Column("session_id", postgresql.UUID, sa.ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
        *answer_columns(),
        sa.PrimaryKeyConstraint("session_id", "item"),
        sa.CheckConstraint(IN_RANGE, name="answer_value_is_in_range"),
        sa.CheckConstraint(VALUE_WHEN_ANSWERED, name="answer_has_a_value_when_answered"),
        sa.CheckConstraint(STATUSES, name="answer_status_is_known"),
        sa.CheckConstraint(SOURCES, name="answer_source_is_known"),
    )
    op.create_table(
        "answer_history",
        sa.Column("session_id", postgresql.UUID, sa.ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
        *answer_columns(),
        sa.PrimaryKeyConstraint("session_id", "item", "revision"),
    )
    op.create_table(
        "erasure_tombstone",
        sa.Column("subject_digest", postgresql.BYTEA, primary_key=True),
        sa.Column("erased_on", sa.Date, nullable=False, server_default=sa.text("current_date")),
        sa.Column("legal_basis", sa.Text, nullable=False),
    )
    op.create_table(
        "backup_run",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        moment("finished_at", default=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.CheckConstraint("kind IN ('backup', 'restore-test')", name="backup_run_kind_is_known"),
    )


def downgrade() -> None:
    """Drop the schema."""
    for table in ("backup_run", "erasure_tombstone", "answer_history", "answer", "session", "consent", "subject"):
        op.drop_table(table)
