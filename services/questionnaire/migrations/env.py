"""Alembic runs every revision in one transaction, one process at a time."""

import os
import sys
from logging.config import fileConfig

import psycopg
from alembic import context
from sqlalchemy import create_engine, pool, text

from questionnaire.database_url import check_database_url

# Any fixed number will do: it keeps two replicas from migrating at the same moment.
MIGRATION_LOCK = 7_230_145


def connect() -> psycopg.Connection:
    """Open the connection of the migration, with a deadline on connecting and on waiting for locks."""
    try:
        url = check_database_url(os.environ.get("DATABASE_URL", ""))
    except ValueError as error:
        sys.exit(f"DATABASE_URL: {error}")
    return psycopg.connect(
        url, connect_timeout=5, application_name="questionnaire-migrate", options="-c lock_timeout=10s"
    )


def migrate() -> None:
    """Bring the schema to the requested revision."""
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=None, transaction_per_migration=False)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            context.run_migrations()


migrate()
