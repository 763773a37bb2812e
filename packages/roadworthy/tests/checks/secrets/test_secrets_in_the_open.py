"""secrets/client-secret, secrets/secret-in-arguments, secrets/accepted-example and secrets/unvalidated-configuration."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

CLIENT, ARGUMENTS = "secrets/client-secret", "secrets/secret-in-arguments"
EXAMPLE, LATE = "secrets/accepted-example", "secrets/unvalidated-configuration"
WORKFLOW = ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web/.env.production", "VITE_JWT_SECRET=x\n"),
        ("web/.env.example", "REACT_APP_DB_PASSWORD=\n"),
        ("web/Dockerfile", "FROM node:22\nARG NEXT_PUBLIC_OPENAI_API_KEY\nRUN npm run build\n"),
        ("compose.yaml", "services:\n  web:\n    build:\n      context: web\n      args: {VITE_SERVICE_ROLE_KEY: x}\n"),
        ("web/app.ts", "const key = import.meta.env.VITE_STRIPE_SECRET_KEY;\n"),
        ("web/app.js", "fetch(url, {token: process.env.NEXT_PUBLIC_ADMIN_TOKEN});\n"),
        (WORKFLOW, "jobs:\n  b:\n    env: {VITE_CLIENT_SECRET: x}\n    steps: [{run: npm run build}]\n"),
    ],
)
def test_secret_with_the_prefix_of_a_bundler_fails(path: str, text: str) -> None:
    assert inspected({path: text}, CLIENT).outcome is Outcome.FAILED


def test_twin_of_a_secret_of_the_server_fails_on_both_sides() -> None:
    result = inspected({"web/.env": "VITE_API_TOKEN=x\n", "api.py": "import os\nT = os.environ['API_TOKEN']\n"}, CLIENT)

    assert [r.at.path for r in result.findings[0].related] == ["api.py"]


@pytest.mark.parametrize(
    "name",
    [
        "VITE_STRIPE_PUBLISHABLE_KEY",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY",
        "VITE_FIREBASE_API_KEY",
        "REACT_APP_MAPBOX_TOKEN",
        "VITE_ENABLE_PASSWORD",
        "NEXT_PUBLIC_RECAPTCHA_SITE_KEY",
        "VITE_API_URL",
        "PUBLIC_USE_ID_TOKEN",
        "VITE_TOKEN_URL",
    ],
)
def test_keys_that_browsers_may_have_hold(name: str) -> None:
    assert inspected({"web/.env": f"{name}=x\n"}, CLIENT).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services:\n  a:\n    image: acme/a\n    command: [run, --password, hunter2]\n"),
        ("compose.yaml", "services:\n  a:\n    image: redis\n    command: redis-server --requirepass hunter2\n"),
        ("compose.yaml", "services:\n  a:\n    image: acme/a\n    command: migrate postgres://a:${DB_PASSWORD}@db/a\n"),
        ("scripts/backup.sh", '#!/bin/sh\nmysqldump -u root -p"$MYSQL_PASSWORD" shop > shop.sql\n'),
        ("scripts/check.sh", '#!/bin/sh\ncurl -u "admin:$ADMIN_PASSWORD" http://api/\n'),
        (WORKFLOW, "jobs:\n  b:\n    steps:\n    - run: docker login -u a -p ${{ secrets.REGISTRY_TOKEN }}\n"),
        (WORKFLOW, "jobs:\n  b:\n    steps:\n    - run: deploy --token \"$DEPLOY_TOKEN\"\n"),
    ],
)  # fmt: skip
def test_secret_on_a_command_line_fails(path: str, text: str) -> None:
    result = inspected({path: text}, ARGUMENTS)

    assert result.outcome is Outcome.FAILED
    assert "hunter2" not in str(result)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (WORKFLOW, "jobs:\n  b:\n    steps:\n    - run: echo \"$TOKEN\" | docker login -u a --password-stdin\n"),
        (WORKFLOW, "jobs:\n  b:\n    steps:\n    - run: mysql -u root -ptest -e 'select 1'\n"),
        ("compose.yaml", "services:\n  a:\n    image: redis\n    command: redis-server --requirepass ${REDIS_PASSWORD}\n"),
        ("compose.yaml", "services:\n  a:\n    image: acme/a\n    command: run --password-file /run/secrets/a\n"),
        ("scripts/a.sh", '#!/bin/sh\nPGPASSWORD="$DB_PASSWORD" pg_dump --host db shop\npsql "$DATABASE_URL"\n'),
    ],
)  # fmt: skip
def test_secrets_given_in_other_ways_are_let_be(path: str, text: str) -> None:
    assert inspected({path: text}, ARGUMENTS).outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE)


SETTINGS = """from pydantic import Field, field_validator
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    secret_key: str{field}
{validator}
"""


@pytest.mark.parametrize(
    ("value", "field", "validator", "outcome"),
    [
        ("change-me", "", "", Outcome.FAILED),
        ("", "", "", Outcome.PASSED),
        ("change-me", " = Field(min_length=8)", "", Outcome.FAILED),
        ("change-me", " = Field(min_length=32)", "", Outcome.PASSED),
        ("change-me", "", "    def check(self):\n        if self.secret_key == 'changeme':\n            raise ValueError\n", Outcome.FAILED),
        ("change-me", "", "    def check(self):\n        if self.secret_key in ('change-me', 'x'):\n            raise ValueError\n", Outcome.PASSED),
        ("replace-me-now", "", "    def check(self):\n        if self.secret_key.startswith('replace-me'):\n            raise ValueError\n", Outcome.PASSED),
        ("change-me", "", "    _v = field_validator('secret_key')(strong)\n", Outcome.INCONCLUSIVE),
    ],
)  # fmt: skip
def test_example_value_is_tried_on_the_checks_of_the_code(
    value: str, field: str, validator: str, outcome: Outcome
) -> None:
    files = {".env.example": f"SECRET_KEY={value}\n", "settings.py": SETTINGS.format(field=field, validator=validator)}

    result = inspected(files, EXAMPLE)

    assert result.outcome is outcome
    assert not value or value not in str(result)


def test_password_of_another_server_is_not_for_the_service_to_refuse() -> None:
    files = {
        ".env.example": "POSTGRES_PASSWORD=changethis\n",
        "a.py": "import os\nP = os.environ['POSTGRES_PASSWORD']\n",
    }

    assert inspected(files, EXAMPLE).outcome is not Outcome.FAILED


HANDLER = "import os\nfrom fastapi import Depends, FastAPI\napp = FastAPI()\n"


@pytest.mark.parametrize(
    "code",
    [
        "@app.get('/')\nasync def a():\n    return os.environ['KEY']\n",
        "def _key():\n    return os.environ['KEY']\n@app.get('/')\ndef a():\n    return _key()\n",
        "def key():\n    return os.environ['KEY']\n@app.get('/')\ndef a(k=Depends(key)):\n    return k\n",
        "@celery.task\ndef a():\n    return os.environ['KEY']\n",
        "class A(APIView):\n    def get(self, request):\n        return os.environ['KEY']\n",
    ],
)
def test_variable_that_only_handlers_ask_for_fails(code: str) -> None:
    assert inspected({"app.py": HANDLER + code}, LATE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "code",
    [
        "KEY = os.environ['KEY']\n@app.get('/')\ndef a():\n    return os.environ['KEY']\n",
        "@app.on_event('startup')\ndef startup():\n    return os.environ['KEY']\n",
        "@app.get('/')\ndef a():\n    return os.environ.get('KEY', 'x')\n",
        "def key():\n    return os.environ['KEY']\nKEY = key()\n",
    ],
)
def test_variable_that_the_start_asks_for_holds(code: str) -> None:
    assert inspected({"app.py": HANDLER + code}, LATE).outcome is Outcome.PASSED
