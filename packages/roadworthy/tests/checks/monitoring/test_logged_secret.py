"""Secrets in log lines, and what only looks like them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "monitoring/logged-secret"
_PYTHON = "import logging\nimport os\n\nlogger = logging.getLogger(__name__)\n\n\ndef run(settings, request, user, password):\n    "
_NODE = 'import { logger } from "./logger";\nexport function run(req, config, password, apiKey) {\n  '


@pytest.mark.parametrize(
    "line",
    [
        'logger.info("token %s", settings.api_token)',
        'logger.info(f"signing with {settings.secret_key}")',
        'logger.info("token %s", settings.api_token.get_secret_value())',
        'logger.debug("login", extra={"password": password})',
        'logger.info("environment: %s", dict(os.environ))',
        'logger.warning("headers %s", request.headers["Authorization"])',
        'print("password:", password)',
    ],
)
def test_a_secret_in_a_log_line_of_python_is_found(line: str) -> None:
    found = inspected({"app/run.py": _PYTHON + line + "\n"}, _RULE)

    assert found.outcome is Outcome.FAILED
    assert found.findings[0].at is not None
    assert found.findings[0].at.line == 8


@pytest.mark.parametrize(
    "line",
    [
        'logger.info("token given: %s", bool(settings.api_token))',
        'logger.info("password of %s changed", user.id)',
        'logger.info("key %s", hash_key(settings.api_key))',
        'logger.info("hash %s", user.hashed_password)',
        'logger.info("%s tokens used", user.tokens)',
        'logger.info("ends in %s", settings.api_token[-4:])',
        'logger.info("none" if password is None else "some")',
        'logger.info("port %s", os.environ["PORT"])',
    ],
)
def test_what_is_no_secret_in_python_holds(line: str) -> None:
    found = inspected({"app/run.py": _PYTHON + line + "\n"}, _RULE)

    assert found.outcome is Outcome.PASSED


def test_a_command_for_people_may_print_what_it_makes() -> None:
    found = inspected({"app/management/commands/make.py": 'def run(password):\n    print("made", password)\n'}, _RULE)

    assert found.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "line",
    [
        "logger.info({ jwtSecret: config.JWT_SECRET });",
        "logger.info(`login with ${password}`);",
        "console.log(req.headers.authorization);",
        "console.log(JSON.stringify(process.env));",
        'logger.info("key", apiKey);',
        'logger.debug("url " + process.env.DATABASE_URL);',
    ],
)
def test_a_secret_in_a_log_line_of_typescript_is_found(line: str) -> None:
    found = inspected({"src/run.ts": _NODE + line + "\n}\n"}, _RULE)

    assert found.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "line",
    [
        'logger.info({ given: Boolean(config.JWT_SECRET) }, "starting");',
        "logger.info({ hash: hash(password) });",
        'logger.info("tokens", req.tokens.length);',
        'logger.info(password ? "given" : "none");',
        'logger.info("port", process.env.PORT);',
    ],
)
def test_what_is_no_secret_in_typescript_holds(line: str) -> None:
    found = inspected({"src/run.ts": _NODE + line + "\n}\n"}, _RULE)

    assert found.outcome is Outcome.PASSED
