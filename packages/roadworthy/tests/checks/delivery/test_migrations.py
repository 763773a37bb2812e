"""When migrations run, and what the newest one takes away."""

import pytest

from releasing import DOCKERFILE, deployment, runs, script, workflow
from repository import inspected
from roadworthy.model.words import Outcome

ORDER, BACK = "delivery/unordered-migration", "delivery/irreversible-migration"
APPLY = "kubectl -n shop apply -f deploy/shop.yaml"
MIGRATE = "kubectl -n shop exec deploy/shop -- alembic upgrade head"


def alembic(number: int, up: str, down: str = "op.noop()") -> dict[str, str]:
    """Return one of Alembic's migrations."""
    before = f'"{number - 1:04}"' if number > 1 else "None"
    text = f"revision = '{number:04}'\ndown_revision = {before}\n\n\ndef upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"
    return {f"migrations/versions/{number:04}_x.py": "from alembic import op\nimport sqlalchemy as sa\n\n" + text}


FIRST = alembic(1, 'op.create_table("orders", sa.Column("id", sa.Integer))', 'op.drop_table("orders")')
JOB = {
    "deploy/migrate.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: shop-migrate\nspec:\n  template:\n    spec:\n"
    "      containers:\n        - name: m\n          image: ghcr.io/acme/shop:1\n          command: [alembic, upgrade, head]\n"
}


@pytest.mark.parametrize(
    "steps",
    [
        runs(APPLY, MIGRATE),
        runs(APPLY, "kubectl -n shop rollout status deploy/shop", "alembic upgrade head"),
        runs(APPLY, "kubectl -n shop apply -f deploy/migrate.yaml"),
        runs("helm upgrade shop ./chart", "python manage.py migrate --noinput"),
    ],
)
def test_migration_behind_the_rollout_is_found(steps: tuple[str, ...]) -> None:
    (finding,) = inspected(workflow(*steps) | FIRST | JOB | deployment(), ORDER).findings

    assert [related.at.line for related in finding.related] == [7]


def test_migration_in_a_job_that_needs_the_rollout_or_runs_beside_it_is_found() -> None:
    for needs in ("    needs: deploy\n", ""):
        more = f"  migrate:\n{needs}    steps:\n      - run: alembic upgrade head\n"
        assert inspected(workflow(*runs(APPLY), more=more) | FIRST | deployment(), ORDER).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "steps",
    [
        runs("alembic upgrade head", APPLY),
        runs(
            "kubectl -n shop apply -f deploy/migrate.yaml",
            "kubectl -n shop wait --for=condition=complete job/shop-migrate",
            APPLY,
        ),
        runs("kubectl -n shop run migrate --image=x -- npx prisma migrate deploy", APPLY),
    ],
)
def test_migration_before_the_rollout_holds(steps: tuple[str, ...]) -> None:
    assert inspected(workflow(*steps) | FIRST | JOB | deployment(), ORDER).outcome is Outcome.PASSED


def test_migration_of_the_tests_does_not_count() -> None:
    tests = "  test:\n    steps:\n      - uses: actions/checkout@v4\n      - run: alembic upgrade head\n      - run: pytest\n"
    files = workflow(*runs(APPLY), more=tests) | FIRST | deployment()

    (finding,) = inspected(files, ORDER).findings

    assert "no step of the release" in finding.message


@pytest.mark.parametrize(
    "more",
    [
        {"app/start.py": "from alembic import command\ncommand.upgrade(config, 'head')\n"},
        {"docs/runbook.md": "# Release\n\n```sh\nalembic upgrade head\n```\n"},
        JOB,
    ],
)
def test_migration_that_may_run_elsewhere_is_left_open(more: dict[str, str]) -> None:
    files = workflow(*runs(APPLY)) | FIRST | deployment() | more

    assert inspected(files, ORDER).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("replicas", "start", "found"),
    [
        (2, "alembic upgrade head && exec uvicorn main:app", True),
        (3, "python manage.py migrate; gunicorn wsgi", True),
        (1, "alembic upgrade head && exec uvicorn main:app", False),
        (2, "npx prisma migrate deploy && node server.js", False),
        (2, "exec uvicorn main:app", False),
    ],
)
def test_migration_by_every_replica_is_found(replicas: int, start: str, *, found: bool) -> None:
    command = f'          command: ["sh", "-c", "{start}"]\n'
    files = DOCKERFILE | FIRST | deployment(replicas=replicas, more=command) | workflow(*runs("pytest"))

    assert bool(inspected(files, ORDER).findings) is found


def test_entry_script_that_migrates_is_followed() -> None:
    docker = {"Dockerfile": 'FROM python:3.12-slim\nCOPY . .\nENTRYPOINT ["./docker-entrypoint.sh"]\n'}
    entry = script("alembic upgrade head", 'exec "$@"', path="docker-entrypoint.sh", head="set -e")

    (finding,) = inspected(docker | entry | FIRST | deployment() | workflow(*runs("pytest")), ORDER).findings

    assert finding.at is not None
    assert finding.at.path == "docker-entrypoint.sh"


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ('op.drop_column("orders", "a")', "op.add_column('orders', sa.Column('a'))"),
        ('op.drop_table("orders")', "op.noop()"),
        ('op.rename_table("orders", "sales")', "op.noop()"),
        ('op.alter_column("orders", "a", new_column_name="b")', "op.noop()"),
        ('op.add_column("orders", sa.Column("a", sa.Text, nullable=False))', "op.drop_column('orders', 'a')"),
        ('op.alter_column("orders", "a", nullable=False)', "op.noop()"),
        ('op.execute("ALTER TABLE orders DROP COLUMN a")', "op.noop()"),
        ('op.add_column("orders", sa.Column("a", sa.Text))', "pass"),
        ('op.add_column("orders", sa.Column("a", sa.Text))', "raise NotImplementedError"),
    ],
)
def test_newest_migration_that_takes_away_is_found(up: str, down: str) -> None:
    result = inspected(FIRST | alembic(2, up, down), BACK)

    assert result.outcome is Outcome.FAILED
    assert all(f.at and f.at.path == "migrations/versions/0002_x.py" for f in result.findings)


@pytest.mark.parametrize(
    "up",
    [
        'op.add_column("orders", sa.Column("a", sa.Text, nullable=True))',
        'op.add_column("orders", sa.Column("a", sa.Text, nullable=False, server_default=""))',
        'op.create_index("i", "orders", ["a"])',
    ],
)
def test_newest_migration_that_only_adds_holds(up: str) -> None:
    assert inspected(FIRST | alembic(2, up), BACK).outcome is Outcome.PASSED


def test_older_migrations_are_history() -> None:
    files = FIRST | alembic(2, 'op.drop_column("orders", "a")') | alembic(3, 'op.create_index("i", "orders", ["b"])')

    assert inspected(files, BACK).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("prisma/migrations/2026_b/migration.sql", 'ALTER TABLE "A" DROP COLUMN "b";', True),
        ("prisma/migrations/2026_b/migration.sql", 'ALTER TABLE "A" ADD COLUMN "b" TEXT NOT NULL;', True),
        ("prisma/migrations/2026_b/migration.sql", 'ALTER TABLE "A" ADD COLUMN "b" TEXT NOT NULL DEFAULT \'\';', False),
        ("prisma/migrations/2026_b/migration.sql", 'ALTER TABLE "A" RENAME COLUMN "b" TO "c";', True),
        ("db/migrations/V10__x.sql", "DROP TABLE a;", True),
        ("db/migrations/V10__x.sql", "-- DROP TABLE a;\nCREATE INDEX i ON a (b);", False),
        ("db/migrations/V10__x.sql", "CREATE TABLE b (c int);\n-- +goose Down\nDROP TABLE b;", False),
    ],
)
def test_sql_is_read_as_well(path: str, text: str, *, found: bool) -> None:
    first = "prisma/migrations/2025_a/migration.sql" if "prisma" in path else "db/migrations/V9__x.sql"

    assert bool(inspected({first: "CREATE TABLE a (b int);\n", path: text + "\n"}, BACK).findings) is found


def test_django_is_read_as_well() -> None:
    text = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = {}\n    operations = {}\n"
    first = {"shop/migrations/0001_initial.py": text.format([], "[]")}
    second = text.format([("shop", "0001_initial")], '[migrations.RemoveField(model_name="order", name="a")]')

    (finding,) = inspected(first | {"shop/migrations/0002_x.py": second}, BACK).findings

    assert "`order.a`" in finding.message


def test_way_back_that_stands_in_a_file_of_its_own_is_none() -> None:
    files = {"migrations/001.do.a.sql": "CREATE TABLE a (b int);\n", "migrations/001.undo.a.sql": "DROP TABLE a;\n"}

    assert not inspected(files, BACK).findings
