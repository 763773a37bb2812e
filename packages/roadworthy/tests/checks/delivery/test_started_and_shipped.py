"""What images start and need: objects of modules, installed packages, scripts of manifests, names that Django loads."""

import pytest

from repository import inspected

_IMAGE = """FROM python:3.12-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app ./app
CMD ["uvicorn", "{}"]
"""
_MIGRATION = """from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("a", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("a")
"""
_CHECKOUT = "      - uses: actions/checkout@v4\n"
_APP = {"requirements.txt": "fastapi\nuvicorn\n", "app/__init__.py": ""}


@pytest.mark.parametrize(
    ("started", "module", "outcome"),
    [
        ("app.main:application", "from fastapi import FastAPI\n\napp = FastAPI()\n", "failed"),
        ("app.main:app", "from fastapi import FastAPI\n\napp = FastAPI()\n", "passed"),
        ("app.main:app.asgi", "from fastapi import FastAPI\n\napp = FastAPI()\n", "passed"),
        ("app.main:build", "from app.factory import *\nfrom fastapi import FastAPI\n\napp = FastAPI()\n", "passed"),
        ("app.main:app", "from fastapi import FastAPI\nif True:\n    app = FastAPI()\n", "passed"),
    ],
)
def test_the_object_that_a_server_starts_must_be_in_its_module(started: str, module: str, outcome: str) -> None:
    files = _APP | {"Dockerfile": _IMAGE.format(started), "app/main.py": module}

    result = inspected(files, only="delivery/missing-entrypoint")

    assert result.outcome == outcome
    assert all(len({place.at.path for place in finding.related}) >= 2 for finding in result.findings)


@pytest.mark.parametrize(("role", "outcome"), [("docker-compose.override.yml", "failed"), ("compose.yml", "passed")])
def test_what_is_mounted_for_development_is_not_in_the_image(role: str, outcome: str) -> None:
    files = _APP | {
        "Dockerfile": _IMAGE.format("app.server:app"),
        "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
        "compose.yml": "services:\n  web:\n    build: .\n",
    }
    mounted = "services:\n  web:\n    build: .\n    volumes: ['./app:/srv/app']\n"

    found = inspected(files | {role: mounted}, only="delivery/missing-entrypoint")

    assert (found.outcome == "failed") is (outcome == "failed")


@pytest.mark.parametrize(("script", "outcome"), [("purge", "passed"), ("clean-up", "failed")])
def test_a_manifest_calls_scripts_that_the_package_defines(script: str, outcome: str) -> None:
    files = {
        "Dockerfile": 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json ./\nCOPY src ./src\nCMD ["node", "src/a.js"]\n',
        "package.json": '{"scripts": {"purge": "node src/purge.js"}}\n',
        "src/a.js": "",
        "src/purge.js": "",
        "compose.yml": f"services:\n  job:\n    build: .\n    command: [npm, run, {script}]\n",
    }

    assert inspected(files, only="delivery/unknown-script").outcome == outcome


@pytest.mark.parametrize(("copied", "outcome"), [("COPY shop ./shop\n", "passed"), ("", "failed")])
def test_applications_of_django_are_needed_by_their_names(copied: str, outcome: str) -> None:
    files = {
        "Dockerfile": "FROM python:3.12-slim\nWORKDIR /srv\nRUN pip install django gunicorn\nCOPY config ./config\n"
        + copied
        + 'CMD ["gunicorn", "config.wsgi:application"]\n',
        "config/__init__.py": "",
        "config/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\n\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\napplication = get_wsgi_application()\n',
        "config/settings.py": 'import os\nINSTALLED_APPS = ["django.contrib.auth", "shop"]\n',
        "shop/__init__.py": "",
    }

    assert inspected(files, only="delivery/unshipped-code").outcome == outcome


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ('echo "deploying $GITHUB_SHA to production"', "failed"),
        ("./ship.sh production", "passed"),
        ("kubectl apply -f k8s/", "passed"),
    ],
)
def test_a_job_that_prints_instead_of_releasing_is_a_placeholder(step: str, outcome: str) -> None:
    workflow = (
        "on: push\njobs:\n  production:\n    runs-on: x\n    environment: production\n    steps:\n"
        f"      - uses: actions/checkout@v4\n      - run: {step}\n      - run: curl --fail https://shop.example/health\n"
    )

    assert inspected({".github/workflows/cd.yml": workflow}, only="delivery/placeholder-job").outcome == outcome


@pytest.mark.parametrize(
    ("wait", "outcome"),
    [
        ("", "failed"),
        ("kubectl wait --for=condition=complete job/shop-migrate", "passed"),
        ("kubectl logs -f job/shop-migrate", "passed"),
    ],
)
def test_a_migration_that_is_started_must_be_waited_for(wait: str, outcome: str) -> None:
    steps = [
        "kubectl apply -f k8s/migrate.yaml",
        *([wait] if wait else []),
        "kubectl apply -f k8s/app.yaml",
        "kubectl rollout status deployment/shop",
    ]
    run = "".join(f"      - run: {step}\n" for step in steps)
    pod = "spec:\n      containers:\n        - name: a\n          image: ghcr.io/a/shop:1\n"
    files = {
        ".github/workflows/cd.yml": f"on: push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n{_CHECKOUT}{run}",
        "k8s/migrate.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: shop-migrate\nspec:\n  template:\n    "
        + pod,
        "k8s/app.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  selector:\n"
        "    matchLabels: {app: shop}\n  template:\n    metadata:\n      labels: {app: shop}\n    " + pod,
        "migrations/versions/0001_a.py": _MIGRATION,
    }

    assert inspected(files, only="delivery/unordered-migration").outcome == outcome


@pytest.mark.parametrize(("waits", "outcome"), [("service_completed_successfully", "passed"), ("", "failed")])
def test_a_service_waits_for_the_one_that_migrates(waits: str, outcome: str) -> None:
    after = f"      migrate: {{condition: {waits}}}\n" if waits else ""
    files = {
        "compose.yml": "services:\n  db:\n    image: postgres:17\n  migrate:\n    build: .\n"
        "    command: [alembic, upgrade, head]\n    depends_on:\n      db: {condition: service_started}\n"
        "  api:\n    build: .\n    depends_on:\n      db: {condition: service_started}\n" + after,
        "Dockerfile": 'FROM python:3.12-slim\nCMD ["uvicorn", "app:app"]\n',
        "migrations/versions/0001_a.py": _MIGRATION,
    }

    assert inspected(files, only="delivery/unordered-migration").outcome == outcome
