"""Alembic runs every revision in one transaction, one process at a time."""

import os
import sys
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, make_url, pool, text

from questionnaire.database_url import check_database_url

# Any fixed number will do: it keeps two replicas from migrating at the same moment.
MIGRATION_LOCK = 7_230_145


def migrate() -> None:
    """Bring the schema to the requested revision."""
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    try:
        url = make_url(check_database_url(os.environ.get("DATABASE_URL", "")))
    except ValueError as error:
        sys.exit(f"DATABASE_URL {error}")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=pool.NullPool,
        connect_args={
            "connect_timeout": 5,
            "application_name": "questionnaire-migrate",
            "options": "-c lock_timeout=10s",
        },
    )
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=None, transaction_per_migration=False)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            context.run_migrations()


migrate()
