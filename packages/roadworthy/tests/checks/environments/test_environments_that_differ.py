"""environments/shared-namespace, hard-coded-address, environment-file-drift and missing-staging."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

SHARED, WRITTEN = "environments/shared-namespace", "environments/hard-coded-address"
DRIFT = "environments/environment-file-drift"
KUSTOMIZE = "k8s/overlays/{}/kustomization.yaml"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (KUSTOMIZE, "namespace: shop\nresources: [../../base]\n"),
        (KUSTOMIZE, "configMapGenerator:\n- name: c\n  literals: [UPLOADS_BUCKET=shop-uploads]\n"),
        (KUSTOMIZE, "configMapGenerator:\n- name: c\n  literals: ['REDIS_URL=redis://cache.shop.net:6379/0']\n"),
        ("k8s/{}/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {DB_HOST: db.shop.net}\n"),
        ("k8s/{}/s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: c}\nstringData: {URL: 'postgresql://a:b@db.shop.net/a'}\n"),
        (".env.{}", "DATABASE_URL=postgresql://a:b@db.shop.net/shop\n"),
        ("compose.{}.yaml", "services:\n  a:\n    image: acme/a\n    environment: {BACKUPS: 's3://shop-backups/db'}\n"),
    ],
)  # fmt: skip
def test_what_both_environments_name_fails_on_both_sides(path: str, text: str) -> None:
    result = inspected({path.format(stage): text for stage in ("staging", "production")}, SHARED)

    assert result.outcome is Outcome.FAILED, result.reason
    assert all(finding.at and finding.at.path == path.format("staging") for finding in result.findings)
    assert {r.at.path for finding in result.findings for r in finding.related} == {path.format("production")}


@pytest.mark.parametrize(
    ("staging", "production"),
    [
        ("namespace: shop-staging\n", "namespace: shop-production\n"),
        ("namespace: s\nconfigMapGenerator:\n- name: c\n  literals: [LOG_LEVEL=info, 'API_URL=https://maps.net/v1']\n",
         "namespace: p\nconfigMapGenerator:\n- name: c\n  literals: [LOG_LEVEL=info, 'API_URL=https://maps.net/v1']\n"),
        ("namespace: s\nconfigMapGenerator:\n- name: c\n  literals: ['DATABASE_URL=postgresql://db:5432/a']\n",
         "namespace: p\nconfigMapGenerator:\n- name: c\n  literals: ['DATABASE_URL=postgresql://db:5432/a']\n"),
    ],
)  # fmt: skip
def test_what_is_each_environments_own_holds(staging: str, production: str) -> None:
    files = {KUSTOMIZE.format("staging"): staging, KUSTOMIZE.format("production"): production}

    assert inspected(files, SHARED).outcome is Outcome.PASSED


SERVICE = {
    "app/main.py": "import os\nURL = os.environ['DATABASE_URL']\n",
    "Dockerfile": 'FROM python:3.12-slim\nCOPY app app\nCMD ["python", "-m", "app.main"]\n',
    "compose.yaml": (
        "services:\n  api:\n    build: .\n    environment:\n      DATABASE_URL: ${DATABASE_URL:?}\n"
        "  db:\n    image: postgres:16\n    ports: ['5432:5432']\n"
        "    environment: {POSTGRES_USER: a, POSTGRES_DB: a, POSTGRES_PASSWORD: '${PW}'}\n  redis:\n    image: redis:7\n"
    ),
    ".env.example": "DATABASE_URL=postgresql://a@db/a\nPW=\n",
}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("compose.yaml", "${DATABASE_URL:?}", "postgresql://a@localhost:5432/a"),
        (".env.example", "@db/", "@127.0.0.1/"),
        ("compose.yaml", "DATABASE_URL: $", "REDIS_HOST: localhost\n      DATABASE_URL: $"),
        ("app/main.py", "import os\n", "import os\nimport redis\nC = redis.Redis(host='redis')\n"),
        ("app/main.py", "import os\n", "import os\nimport httpx\nC = httpx.get('http://10.2.3.4:8080/x', timeout=1)\n"),
        ("app/main.py", "import os\n", "import os\nREDIS_URL = 'redis://redis:6379/0'\n"),
    ],
)
def test_address_that_cannot_be_changed_fails(path: str, old: str, new: str) -> None:
    assert old in SERVICE[path]
    assert inspected({**SERVICE, path: SERVICE[path].replace(old, new)}, WRITTEN).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/main.py", "import os\n", "import os\nR = os.environ.get('REDIS_URL', 'redis://redis:6379')\n"),
        ("app/main.py", "import os\n", "import os\nimport httpx\nC = httpx.get('https://api.stripe.com/v1', timeout=1)\n"),
        ("compose.yaml", "    build: .\n    environment:\n", "    build: .\n    network_mode: host\n    environment:\n      REDIS_HOST: localhost\n"),
        ("compose.yaml", "DATABASE_URL: $", "PUBLIC_URL: http://localhost:8000\n      DATABASE_URL: $"),
        ("compose.yaml", "redis:7", "redis:7"),
    ],
)  # fmt: skip
def test_address_from_the_environment_holds(path: str, old: str, new: str) -> None:
    assert old in SERVICE[path]
    assert inspected({**SERVICE, path: SERVICE[path].replace(old, new)}, WRITTEN).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env.production.example", "PW=\nOTHER=1\n"),
        (".env.example", "DATABASE_URL=postgresql://a@localhost:5433/a\nPW=\n"),
        (".env.example", "DATABASE_URL=postgresql://a@localhost:5432/shop\nPW=\n"),
        ("README.md", "| Variable | Default |\n|---|---|\n| `WORKERS` | `8` |\n"),
    ],
)
def test_lists_that_disagree_fail(path: str, text: str) -> None:
    code = SERVICE["app/main.py"] + "W = os.environ.get('WORKERS', '4')\nPW = os.environ['PW']\n"

    result = inspected({**SERVICE, "app/main.py": code, path: text}, DRIFT)

    assert result.outcome is Outcome.FAILED
    assert all(finding.related for finding in result.findings)


def test_lists_that_agree_hold() -> None:
    code = SERVICE["app/main.py"] + "W = os.environ.get('WORKERS', '4')\n"
    readme = "| Variable | Default |\n|---|---|\n| `WORKERS` | 4 |\n| `PW` | required |\n"
    files = {**SERVICE, "app/main.py": code, "README.md": readme}
    files[".env.production.example"] = "DATABASE_URL=postgresql://a@db.shop.net/a\nPW=\n"

    assert inspected(files, DRIFT).outcome is Outcome.PASSED


def test_stage_before_production_may_be_a_job_or_an_overlay() -> None:
    job = "jobs:\n  deploy:\n    environment: production\n    steps: [{run: kubectl apply}]\n"
    files = {".github/workflows/ci.yml": job}

    assert inspected(files, "environments/missing-staging").outcome is Outcome.FAILED
    files["k8s/overlays/staging/kustomization.yaml"] = "resources: []\n"
    assert inspected(files, "environments/missing-staging").outcome is Outcome.PASSED
