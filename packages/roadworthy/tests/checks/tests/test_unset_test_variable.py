"""Variables that the service needs and that the job which runs the tests does not set."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "tests/unset-test-variable"
_CI = """name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    env:
      DATABASE_URL: postgresql://postgres@localhost/postgres
    steps:
      - uses: actions/checkout@v4
      - run: RUN
"""
_WORKFLOW = ".github/workflows/ci.yml"
_PYTHON = {
    "app/settings.py": "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
    "    database_url: str\n    api_token: str\n    log_level: str = 'INFO'\n\n\nsettings = Settings()\n",
    "tests/test_app.py": "from app.settings import settings\n\n\ndef test_it():\n    assert settings.api_token\n",
    _WORKFLOW: _CI.replace("RUN", "pytest"),
}
_DJANGO = {
    "config/settings.py": 'import os\nSECRET_KEY = os.environ["API_TOKEN"]\nURL = os.environ["DATABASE_URL"]\n',
    "pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = config.settings\n",
    "tests/test_app.py": "def test_it():\n    assert 1 + 1 == 2\n",
    _WORKFLOW: _CI.replace("RUN", "pytest"),
}
_EXPRESS = {
    "package.json": '{"name": "api", "scripts": {"test": "vitest run"}, "devDependencies": {"vitest": "3.0.0"}}',
    "src/config.ts": 'import { z } from "zod";\nconst schema = z.object({ DATABASE_URL: z.string(), API_TOKEN: z.string() });\n'
    "export const config = schema.parse(process.env);\n",
    "test/app.test.ts": 'import { test, expect } from "vitest";\nimport { config } from "../src/config";\n'
    'test("it", () => { expect(config.DATABASE_URL).toBeTruthy(); });\n',
    _WORKFLOW: _CI.replace("RUN", "npm test"),
}


@pytest.mark.parametrize("files", [_PYTHON, _DJANGO, _EXPRESS])
def test_a_variable_the_job_leaves_out_is_found(files: dict[str, str]) -> None:
    found = inspected(files, _RULE)

    assert [f.message.split("`")[3] for f in found.findings] == ["API_TOKEN"], found.reason
    assert found.findings[0].at is not None
    assert found.findings[0].at.path == _WORKFLOW
    assert len(found.findings[0].related) == 2


@pytest.mark.parametrize("files", [_PYTHON, _DJANGO, _EXPRESS])
@pytest.mark.parametrize(
    "change",
    [
        ("    env:\n", "    env:\n      API_TOKEN: only-here\n"),
        ("jobs:\n", "env:\n  API_TOKEN: only-here\njobs:\n"),
        ("      - run: ", "      - env:\n          API_TOKEN: only-here\n        run: "),
        ("      - run: ", "      - run: API_TOKEN=only-here "),
    ],
)
def test_a_variable_set_for_the_tests_holds(files: dict[str, str], change: tuple[str, str]) -> None:
    found = inspected(files | {_WORKFLOW: files[_WORKFLOW].replace(*change)}, _RULE)

    assert found.outcome is Outcome.PASSED, found.reason


@pytest.mark.parametrize(
    "more",
    [
        {"tests/conftest.py": 'import os\n\nos.environ.setdefault("API_TOKEN", "x")\n'},
        {"tests/conftest.py": "from app.settings import Settings\n\nsettings = Settings(api_token='x')\n"},
        {"tests/conftest.py": "from dotenv import load_dotenv\n\nload_dotenv('tests/env')\n"},
        {"pytest.ini": "[pytest]\nenv =\n    API_TOKEN=x\n"},
        {".env": "API_TOKEN=only-here\n"},
        {_WORKFLOW: _CI.replace("RUN", "|\n          cp .env.example .env\n          pytest")},
        {_WORKFLOW: _CI.replace("RUN", '|\n          echo "$(cat values)" >> "$GITHUB_ENV"\n          pytest')},
        {_WORKFLOW: _CI.replace("      - run: RUN", "      - uses: hashicorp/vault-action@v3\n      - run: pytest")},
    ],
)
def test_what_may_set_it_unseen_is_no_finding(more: dict[str, str]) -> None:
    found = inspected(_PYTHON | more, _RULE)

    assert found.outcome is Outcome.INCONCLUSIVE, found.reason


def test_a_module_of_which_nothing_is_set_may_not_be_imported_at_all() -> None:
    found = inspected(_PYTHON | {_WORKFLOW: _CI.replace("DATABASE_URL", "OTHER").replace("RUN", "pytest")}, _RULE)

    assert not found.findings
