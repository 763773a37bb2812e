"""What erasing a person reaches."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "compliance/incomplete-erasure"
SCHEMA = """
CREATE TABLE subject (id uuid PRIMARY KEY, pseudonym text);
CREATE TABLE session (id uuid PRIMARY KEY, subject_id uuid REFERENCES subject (id) {session});
CREATE TABLE answer (session_id uuid REFERENCES session (id) {answer}, value int);
"""
ERASES = '    link.execute("DELETE FROM subject WHERE id = %s")\n'


def repository(session: str = "", answer: str = "", statements: tuple[str, ...] = ()) -> dict[str, str]:
    """Return a schema with these actions, and code that erases by these statements."""
    lines = "".join(f'    link.execute("{statement}", (subject,))\n' for statement in statements)
    return {
        "migrations/1.sql": SCHEMA.format(session=session, answer=answer),
        "app/subjects.py": f"def erase(link, subject):\n{lines}{ERASES}",
    }


def test_table_without_cascade_is_shown_with_every_side() -> None:
    (finding,) = inspected(repository(answer="ON DELETE CASCADE"), RULE).findings

    assert finding.at is not None
    assert (finding.at.path, finding.at.line) == ("migrations/1.sql", 3)
    assert [related.at.path for related in finding.related] == ["app/subjects.py", "migrations/1.sql"]


def test_table_of_a_table_is_followed() -> None:
    (finding,) = inspected(repository(session="ON DELETE CASCADE"), RULE).findings

    assert "`answer`" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        repository("ON DELETE CASCADE", "ON DELETE CASCADE"),
        repository("", "", ("DELETE FROM answer WHERE true", "DELETE FROM session WHERE subject_id = %s")),
        repository("ON DELETE CASCADE", "", ("UPDATE answer SET value = NULL WHERE true",)),
        repository("ON DELETE SET NULL", ""),
    ],
)
def test_covered_tables_hold(files: dict[str, str]) -> None:
    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_computed_table_is_not_judged() -> None:
    files = repository() | {
        "app/subjects.py": 'def erase(link, tables):\n    for t in tables:\n        link.execute(f"DELETE FROM {t}")\n'
        '    link.execute("DELETE FROM subject")\n'
    }

    assert inspected(files, RULE).outcome is Outcome.INCONCLUSIVE


def test_loop_over_named_tables_is_followed() -> None:
    files = repository() | {
        "app/subjects.py": 'def erase(link):\n    for t in ("answer", "session", "subject"):\n'
        '        link.execute(f"DELETE FROM {t} WHERE true")\n'
    }

    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_functions_the_erasing_route_calls_count() -> None:
    files = repository(answer="ON DELETE CASCADE") | {
        "app/routes.py": "def erase_subject(link):\n    remove_sessions(link)\n    erase(link)\n",
        "app/sessions.py": 'def remove_sessions(link):\n    link.execute("DELETE FROM session WHERE true")\n',
    }

    assert inspected(files, RULE).outcome is Outcome.PASSED


MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import mapped_column, relationship
class User(Base):
    __tablename__ = "users"
    id = mapped_column(primary_key=True)
    items = relationship("Item"{cascade})
class Item(Base):
    __tablename__ = "items"
    owner_id = mapped_column(ForeignKey("users.id"{action}))
"""
DELETES = "def delete_user(session, user: User):\n    session.delete(user)\n"


@pytest.mark.parametrize(
    ("cascade", "action", "outcome"),
    [
        ("", "", Outcome.FAILED),
        (', cascade="all, delete-orphan"', "", Outcome.PASSED),
        ("", ', ondelete="CASCADE"', Outcome.PASSED),
    ],
)
def test_models_and_sessions_are_followed(cascade: str, action: str, outcome: Outcome) -> None:
    files = {"app/models.py": MODELS.format(cascade=cascade, action=action), "app/crud.py": DELETES}

    assert inspected(files, RULE).outcome is outcome


def test_later_migration_that_adds_the_cascade_counts() -> None:
    files = repository("", "ON DELETE CASCADE") | {
        "migrations/2.py": "from alembic import op\ndef upgrade():\n"
        '    op.create_foreign_key("k", "session", "subject", ["subject_id"], ["id"], ondelete="CASCADE")\n'
        'def downgrade():\n    op.create_foreign_key("k", "session", "subject", ["subject_id"], ["id"])\n'
    }

    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_trigger_that_deletes_is_not_judged() -> None:
    files = repository("ON DELETE CASCADE", "ON DELETE CASCADE")
    files["migrations/2.sql"] = (
        "CREATE TABLE x (id int);\nCREATE TRIGGER t BEFORE DELETE ON subject EXECUTE FUNCTION f();\n"
    )

    assert inspected(files, RULE).outcome is Outcome.INCONCLUSIVE


def test_persons_that_nothing_erases_fail_the_presence_rule() -> None:
    files = {"migrations/1.sql": "CREATE TABLE patients (id int, full_name text);\n", "app/a.py": "A = 1\n"}

    assert inspected(files, "compliance/missing-erasure").outcome is Outcome.FAILED


def test_erasure_in_a_language_that_is_not_read_is_not_judged() -> None:
    files = {
        "migrations/1.sql": "CREATE TABLE patients (id int, full_name text);\n",
        "go.mod": "module x\n",
        "main.go": "package main\n",
    }

    assert inspected(files, "compliance/missing-erasure").outcome is Outcome.INCONCLUSIVE
