"""Queries, and the indexes that cover them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "performance/missing-index"
_PLANTED: list[tuple[str, list[Change]]] = [
    ("fastapi", [("app/models.py", ", index=True", "")]),
    ("django", [("orders/models.py", ", db_index=True", "")]),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings


_TABLES = "CREATE TABLE orders (\n  id int PRIMARY KEY,\n  customer text,\n  is_open bool\n);\n"


@pytest.mark.parametrize(
    ("migration", "query", "outcome"),
    [
        ("", "SELECT id FROM orders WHERE customer = %s", Outcome.FAILED),
        ("", "SELECT id FROM orders WHERE customer = %s AND id = %s", Outcome.PASSED),
        ("", "SELECT id FROM orders WHERE is_open = %s", Outcome.NOT_APPLICABLE),
        ("", "SELECT a.id FROM orders a JOIN b ON a.id = b.id WHERE a.customer = %s", Outcome.NOT_APPLICABLE),
        ("CREATE INDEX i ON orders (customer, id);", "SELECT id FROM orders WHERE customer = %s", Outcome.PASSED),
        ("CREATE INDEX i ON orders (id, customer);", "SELECT id FROM orders WHERE customer = %s", Outcome.FAILED),
        ("", "SELECT id FROM others WHERE customer = %s", Outcome.NOT_APPLICABLE),
    ],
)
def test_sql_is_compared_with_what_migrations_make(migration: str, query: str, outcome: Outcome) -> None:
    files = {"migrations/1.sql": _TABLES + migration, "app/a.py": f'QUERY = "{query}"\n'}

    assert inspected(files, _RULE).outcome is outcome


def test_model_alone_makes_no_index_where_there_are_migrations() -> None:
    model = "class Order(Base):\n    __tablename__ = 'orders'\n    customer = Column(String, index=True)\n"
    model += "def f(c):\n    return select(Order).where(Order.customer == c)\n"

    assert inspected({"app/m.py": model, "migrations/1.sql": _TABLES}, _RULE).outcome is Outcome.FAILED


def test_model_whose_table_is_named_by_its_base_has_its_own_indexes() -> None:
    files = {
        "app/m.py": "class User(Base):\n    email = Column(String, unique=True)\n    team = Column(String)\n"
        "    __table_args__ = (UniqueConstraint('team', 'email'),)\n"
        "def f(e, t):\n    return select(User).where(User.email == e), select(User).where(User.team == t)\n",
        "migrations/versions/1.py": "class User(Base):\n    __tablename__ = 'user'\n    id = Column(Integer, primary_key=True)\n"
        "    email = Column(String)\n    team = Column(String)\n",
    }

    assert not inspected(files, _RULE).findings
