"""Runs the migrations against DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from appointments.models import Base


def run() -> None:
    """Migrate within one transaction."""
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool, connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()


run()
