"""Secrets that stand in the repository."""

import pytest

from repository import gathered, inspected
from roadworthy.model.words import Outcome

FILE = "secrets/committed-env-file"
DEFAULT = "secrets/default-secret"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (".env", "API_TOKEN=8fKq2LmZx0\n", True),
        (".env", "DATABASE_URL=postgresql://a:8fKq2LmZx0@db/a\n", True),
        (".env.production", "API_TOKEN=8fKq2LmZx0\n", True),
        (".env", "PORT=80\nAPI_TOKEN=\nDB_PASSWORD=changeme\nURL=postgresql://a:${P}@db/a\n", False),
        (".env.example", "API_TOKEN=8fKq2LmZx0\n", False),
        ("tests/.env", "API_TOKEN=8fKq2LmZx0\n", False),
    ],
)
def test_dotenv_file_with_secrets_is_found(path: str, text: str, *, found: bool) -> None:
    assert bool(inspected({path: text}, FILE).findings) is found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('os.getenv("JWT_SECRET", "secret")', True),
        ('os.environ.get("DB_PASSWORD", "postgres")', True),
        ('os.getenv("JWT_SECRET")', False),
        ('os.environ["JWT_SECRET"]', False),
        ('os.getenv("JWT_SECRET", "")', False),
        ('os.getenv("ENABLE_PASSWORD", "true")', False),
        ('os.getenv("PORT", "8000")', False),
    ],
)
def test_default_of_a_secret_is_found(code: str, *, found: bool) -> None:
    assert bool(inspected({"app/a.py": f"import os\nA = {code}\n"}, DEFAULT).findings) is found


def test_default_in_a_test_is_no_finding() -> None:
    files = {"tests/conftest.py": 'import os\nA = os.getenv("JWT_SECRET", "secret")\n'}

    assert not inspected(files, DEFAULT).findings


def test_default_that_is_refused_is_not_judged() -> None:
    files = {"app/a.py": 'SECRET_KEY = "changethis"\nif SECRET_KEY == "changethis":\n    raise SystemExit\n'}

    assert inspected(files, DEFAULT).outcome is Outcome.INCONCLUSIVE


def test_no_value_of_a_secret_stands_in_the_facts() -> None:
    value = "8fKq2LmZx0WvQ"
    files = {
        "app/a.py": f'import os\nA = os.getenv("JWT_SECRET", "{value}")\nSECRET_KEY = "{value}"\n',
        "README.md": f"# A\n\n```sh\ncurl -H 'Authorization: Bearer {value}' https://e.org\n```\n",
        ".github/workflows/a.yml": f"on: push\njobs:\n  a:\n    steps:\n      - run: login --password {value}\n",
    }

    assert value not in repr(gathered(files))
