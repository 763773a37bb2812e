"""What a PostgreSQL database holds: a digest of its rows, and the places that contain a text."""

import hashlib
from typing import Any, LiteralString

from psycopg import AsyncConnection, sql

Session = AsyncConnection[tuple[Any, ...]]

OWN_TABLES: LiteralString = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'
    ORDER BY 1, 2"""
COLUMNS: LiteralString = """
    SELECT a.attname FROM pg_attribute a
    WHERE a.attrelid = format('%%I.%%I', %s::text, %s::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum"""


async def fingerprint(session: Session) -> str:
    """Return a digest of all rows of all tables, whatever their order, and of all sequences."""
    digest = hashlib.sha256()
    for schema, table in await rows(session, sql.SQL(OWN_TABLES)):
        digests = sql.SQL("SELECT count(*), md5(coalesce(string_agg(m, '' ORDER BY m), '')) FROM ({}) each_row").format(
            sql.SQL("SELECT md5(t::text) AS m FROM {} t").format(sql.Identifier(schema, table))
        )
        digest.update(f"{schema}.{table}:{(await rows(session, digests))[0]}\n".encode())
    sequences = sql.SQL("SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2")
    digest.update(repr(await rows(session, sequences)).encode())
    return digest.hexdigest()


async def search(session: Session, text: str) -> tuple[str, ...]:
    """Return `schema.table.column (n rows)` for every column that holds the text, as text or as bytes in hexadecimal."""
    found = []
    for schema, table in await rows(session, sql.SQL(OWN_TABLES)):
        for (column,) in await rows(session, sql.SQL(COLUMNS), (schema, table)):
            # Literals, not parameters: a column's name may hold a percent sign.
            query = sql.SQL(
                "SELECT count(*) FROM {} WHERE strpos({}::text, {}) > 0 OR strpos({}::text, {}) > 0"
            ).format(
                sql.Identifier(schema, table),
                *(sql.Identifier(column), sql.Literal(text)),
                *(sql.Identifier(column), sql.Literal(text.encode().hex())),
            )
            ((count,),) = await rows(session, query)
            if count:
                found.append(f"{schema}.{table}.{column} ({count} rows)")
    return tuple(found)


async def rows(
    session: Session, query: sql.SQL | sql.Composed, values: tuple[object, ...] = ()
) -> list[tuple[Any, ...]]:
    """Execute one statement and return its rows; none when it yields no result."""
    cursor = await session.execute(query, values or None)
    return await cursor.fetchall() if cursor.description else []
