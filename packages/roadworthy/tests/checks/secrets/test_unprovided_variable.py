"""secrets/unprovided-variable."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "secrets/unprovided-variable"
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n'
MAIN = "import os\nfrom fastapi import FastAPI\napp = FastAPI()\n"


def repository(code: str, environment: str, **more: str) -> dict[str, str]:
    """Return a service in compose with these variables read and given."""
    compose = f"services:\n  api:\n    build: .\n{environment}"
    return {"app/main.py": MAIN + code, "Dockerfile": DOCKERFILE, "compose.yaml": compose, **more}


def test_required_variable_no_deployment_gives_fails_on_both_sides() -> None:
    files = repository("KEY = os.environ['API_KEY']\n", "    environment:\n      APIKEY: x\n")

    result = inspected(files, RULE)

    assert result.outcome is Outcome.FAILED
    (finding,) = result.findings
    assert finding.at is not None
    assert (finding.at.path, finding.at.line) == ("app/main.py", 4)
    assert {r.at.path for r in finding.related} == {"compose.yaml"}
    assert "APIKEY" in finding.message


@pytest.mark.parametrize(
    ("code", "environment"),
    [
        ("KEY = os.environ['API_KEY']\n", "    environment: [API_KEY]\n"),
        ("KEY = os.environ['API_KEY']\n", "    environment:\n      API_KEY: ${API_KEY}\n"),
        ("KEY = os.environ.get('API_KEY', 'x')\nB = os.environ['B']\n", "    environment: {B: 1}\n"),
    ],
)
def test_given_or_optional_variables_hold(code: str, environment: str) -> None:
    assert inspected(repository(code, environment), RULE).outcome is Outcome.PASSED


def test_env_of_the_image_counts() -> None:
    files = repository("KEY = os.environ['API_KEY']\n", "    ports: ['80:80']\n")
    files["Dockerfile"] = DOCKERFILE.replace("WORKDIR", "ENV API_KEY=x\nWORKDIR")

    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_env_file_that_is_not_in_the_repository_cannot_be_told() -> None:
    files = repository("KEY = os.environ['API_KEY']\n", "    env_file: .env\n")

    assert inspected(files, RULE).outcome is Outcome.INCONCLUSIVE


def test_example_file_does_not_give_anything() -> None:
    files = repository("KEY = os.environ['API_KEY']\n", "    ports: ['80:80']\n", **{".env.example": "API_KEY=x\n"})

    assert inspected(files, RULE).outcome is Outcome.FAILED


def test_variable_only_tests_read_is_not_asked_for() -> None:
    files = repository("B = os.environ['B']\n", "    environment: {B: 1}\n")
    files["tests/test_a.py"] = "import os\nX = os.environ['ONLY_TESTS']\n"

    assert inspected(files, RULE).outcome is Outcome.PASSED
