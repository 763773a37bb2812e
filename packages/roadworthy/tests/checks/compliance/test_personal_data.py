"""Personal data in logs, exports, consents, audit trails and backups."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

SQL = {"migrations/1.sql": "CREATE TABLE users (id uuid PRIMARY KEY, email text, full_name text);"}
LOG = "import logging\nlogger = logging.getLogger(__name__)\n\n\ndef f(user, request, payload):\n    {}\n"


@pytest.mark.parametrize(
    "line",
    [
        'logger.info("hello %s", user.email)',
        'logger.warning(f"no mail for {user.email}")',
        'logger.info("x", extra={"email": payload["email"]})',
        'logging.error("failed for " + payload.email)',
        'logger.debug("body %s", request.body())',
        'logger.info("user %s", user.model_dump())',
    ],
)
def test_a_log_line_with_personal_data_is_found(line: str) -> None:
    files = SQL | {"app/a.py": LOG.format(line)}

    assert inspected(files, "compliance/personal-data-in-logs").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "line",
    [
        'logger.info("hello %s", user.id)',
        'logger.info("hello %s", hash_email(user.email))',
        'logger.info("sent email to one user")',
        'logger.info("has mail: %s", bool(user.email))',
        "mailer.info(user.email)",
        'logger.info("same: %s", user.email == payload.email)',
    ],
)
def test_a_log_line_without_it_is_none(line: str) -> None:
    files = SQL | {"app/a.py": LOG.format(line)}

    assert inspected(files, "compliance/personal-data-in-logs").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("columns", "outcome"),
    [
        ("id int, action text, at timestamptz, entity text", Outcome.FAILED),
        ("id int, action text, at timestamptz, performed_by text", Outcome.PASSED),
        ("id int, action text, at timestamptz, user_id uuid", Outcome.PASSED),
    ],
)
def test_an_audit_trail_says_who(columns: str, outcome: Outcome) -> None:
    files = {"migrations/1.sql": f"CREATE TABLE audit_events ({columns});"}

    assert inspected(files, "compliance/anonymous-audit").outcome is outcome


def test_an_export_by_a_list_of_tables_covers_them() -> None:
    sql = SQL["migrations/1.sql"] + "CREATE TABLE orders (user_id uuid REFERENCES users (id) ON DELETE CASCADE);"
    sql += "CREATE TABLE notes (user_id uuid REFERENCES users (id) ON DELETE CASCADE);"
    code = 'TABLES = ("users", "orders", {})\n\n\ndef export_user(c, user):\n    return [c.execute(t) for t in TABLES]\n\n\n'
    code += 'def erase_user(c, user):\n    c.execute("DELETE FROM users WHERE id = %s", (user,))\n'
    whole, partly = ({"migrations/1.sql": sql, "app/p.py": code.format(last)} for last in ('"notes"', ""))

    assert inspected(whole, "compliance/incomplete-export").outcome is Outcome.PASSED
    assert inspected(partly, "compliance/incomplete-export").outcome is Outcome.FAILED


def test_a_consent_in_a_column_is_kept() -> None:
    code = {"app/s.py": "from pydantic import BaseModel\n\n\nclass SignUp(BaseModel):\n    accepts_terms: bool\n"}
    kept = {"migrations/1.sql": "CREATE TABLE users (id uuid, email text, terms_accepted_at timestamptz);"}

    assert inspected(SQL | code, "compliance/unrecorded-consent").outcome is Outcome.FAILED
    assert inspected(kept | code, "compliance/unrecorded-consent").outcome is Outcome.PASSED


def test_a_restore_that_erases_again_keeps_the_promise() -> None:
    files = SQL | {
        "app/p.py": 'def erase(c, u):\n    c.execute("DELETE FROM users WHERE id = %s", (u,))\n',
        "scripts/backup.sh": "#!/bin/sh\nset -e\npg_dump x --file=/b/x\n",
        "scripts/restore.sh": "#!/bin/sh\nset -e\npg_restore --dbname=x /b/x\n",
    }
    again = {"scripts/restore.sh": files["scripts/restore.sh"] + "psql x --file=erase-tombstones.sql\n"}

    assert inspected(files, "compliance/resurrected-subject").outcome is Outcome.FAILED
    assert inspected(files | again, "compliance/resurrected-subject").outcome is Outcome.PASSED
