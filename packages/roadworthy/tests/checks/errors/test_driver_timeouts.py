"""Drivers of databases and caches are judged by what their version does when nobody tells it how long to wait."""

import pytest

from repository import inspected

_REDIS = {"app/cache.py": "import redis\n\nclient = redis.Redis.from_url(URL)\n"}
_SQL = {"app/db.py": "from sqlalchemy import create_engine\n\nengine = create_engine(settings.url)\n"}


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [("redis==5.2.1", "failed"), ("redis==8.1.0", "passed"), ("redis>=5.2", "inconclusive"), ("redis<8", "failed")],
)
def test_redis_waits_five_seconds_since_its_eighth_version(asked: str, outcome: str) -> None:
    assert inspected(_REDIS | {"requirements.txt": f"{asked}\n"}, only="errors/missing-timeout").outcome == outcome


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"requirements.txt": "sqlalchemy\npsycopg\n"}, "failed"),
        ({"requirements.txt": "sqlalchemy\nasyncpg\n"}, "inconclusive"),
        ({"requirements.txt": "sqlalchemy\n"}, "inconclusive"),
        (
            {"requirements.txt": "psycopg\n", ".env.example": "URL=postgresql://db/a?connect_timeout=3\n"},
            "inconclusive",
        ),
        ({"requirements.txt": "psycopg\n", "app/options.py": "OPTIONS = {'connect_timeout': 3}\n"}, "inconclusive"),
        (
            {
                "requirements.txt": "psycopg\n",
                "app/db.py": "from sqlalchemy import create_engine\n\n"
                "engine = create_engine(settings.url, connect_args={'connect_timeout': 3})\n",
            },
            "passed",
        ),
    ],
)
def test_libpq_waits_for_ever_unless_an_option_or_an_address_says_otherwise(more: dict[str, str], outcome: str) -> None:
    assert inspected(_SQL | more, only="errors/missing-timeout").outcome == outcome


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        ('const { Pool } = require("pg");\nnew Pool({ host: "db" });', "failed"),
        ('const { Pool } = require("pg");\nnew Pool({ host: "db", connectionTimeoutMillis: 2000 });', "passed"),
        ('const Redis = require("ioredis");\nnew Redis(url);', "failed"),
        ('const { S3Client } = require("@aws-sdk/client-s3");\nnew S3Client({ region });', "failed"),
        ('const { S3Client } = require("@aws-sdk/client-s3");\nnew S3Client({ requestHandler: {} });', "passed"),
    ],
)
def test_clients_of_node_are_judged_by_their_defaults(made: str, outcome: str) -> None:
    files = {"src/db.js": f"{made}\n", "package.json": '{"dependencies": {"express": "5"}}'}

    assert inspected(files, only="errors/missing-timeout").outcome == outcome
