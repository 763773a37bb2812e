"""Create the tables; run once before each release."""

import os

import psycopg

SCHEMA = "CREATE TABLE IF NOT EXISTS note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL)"


def main() -> None:
    """Apply the schema."""
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        connection.execute(SCHEMA)


if __name__ == "__main__":
    main()
