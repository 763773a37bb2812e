"""Timers and log lines of JavaScript code."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

FILES = {
    "package.json": '{"name": "a", "dependencies": {"express": "4.21.0", "node-cron": "3.0.0", "pino": "9.0.0"}}',
    "Dockerfile": 'FROM node:22-slim\nWORKDIR /a\nCOPY . .\nCMD ["node", "app.js"]\n',
    "compose.yaml": "services:\n  api:\n    build: .\n    deploy: {replicas: 3}\n",
}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ('const cron = require("node-cron");\ncron.schedule("0 3 * * *", () => {});\n', Outcome.FAILED),
        ('import { CronJob } from "cron";\nnew CronJob("0 3 * * *", work);\n', Outcome.FAILED),
        ("setInterval(() => sendReminders(), 60 * 60 * 1000);\n", Outcome.FAILED),
        ("setInterval(() => refreshGauge(), 60 * 60 * 1000);\n", Outcome.PASSED),
        ("setInterval(() => sendReminders(), 5000);\n", Outcome.PASSED),
    ],
)
def test_a_timer_in_every_replica_is_found(code: str, outcome: Outcome) -> None:
    assert inspected(FILES | {"app.js": code}, "scalability/duplicated-scheduler").outcome is outcome


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ('logger.info({ email: user.email }, "signed up");', Outcome.FAILED),
        ("console.log(`mail for ${user.email}`);", Outcome.FAILED),
        ("logger.info(req.body);", Outcome.FAILED),
        ("logger.info({ id: user.id });", Outcome.PASSED),
        ("logger.info(hashEmail(user.email));", Outcome.PASSED),
        ("mailer.send(user.email);", Outcome.PASSED),
    ],
)
def test_personal_data_in_a_log_line_is_found(line: str, outcome: Outcome) -> None:
    code = f'const logger = require("pino")();\n{line}\n'

    assert inspected(FILES | {"app.js": code}, "compliance/personal-data-in-logs").outcome is outcome
