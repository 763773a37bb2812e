"""Migrations go there and back, and two at once do not hurt one another."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
from conftest import migrate
from postgres_server import PostgresServer


def tables(url: str) -> set[str]:
    """Return the tables of a database."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def test_the_schema_goes_back_to_nothing_and_forth_again(postgres: PostgresServer) -> None:
    url = postgres.create_database(f"there_and_back_{uuid.uuid4().hex}")
    migrate(url)
    there = tables(url)

    migrate(url, "base")
    back = tables(url)
    migrate(url)

    assert "answer" in there
    assert back == {"alembic_version"}
    assert tables(url) == there


def test_two_replicas_may_migrate_at_the_same_moment(postgres: PostgresServer) -> None:
    url = postgres.create_database(f"race_{uuid.uuid4().hex}")

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: migrate(url), range(3)))

    assert "answer" in tables(url)
