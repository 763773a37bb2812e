"""What becomes of what callers write."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome
from sound_services import Change, planted

_RULE = "security/injection"
_PLANTED: list[tuple[str, list[Change]]] = [
    (
        "fastapi",
        [
            (
                "app/routers/orders.py",
                'text("SELECT id FROM orders WHERE customer = :name"), {"name": name}',
                "text(f\"SELECT id FROM orders WHERE customer = '{name}'\")",
            )
        ],
    ),
    (
        "express",
        [
            (
                "src/orders.ts",
                '"SELECT id FROM orders WHERE customer = $1", [req.query.name]',
                "`SELECT id FROM orders WHERE customer = '${req.query.name}'`",
            )
        ],
    ),
    (
        "django",
        [
            (
                "orders/views.py",
                'rows = Order.objects.filter(customer=request.GET["name"])',
                "rows = Order.objects.raw(f\"SELECT * FROM orders_order WHERE customer = '{request.GET['name']}'\")",
            )
        ],
    ),
]


@pytest.mark.parametrize(("stack", "changes"), _PLANTED)
def test_planted_defect_is_found(stack: str, changes: list[Change]) -> None:
    found = inspected(planted(stack, *changes), _RULE)

    assert found.outcome is Outcome.FAILED, found.reason


@pytest.mark.parametrize("stack", ["fastapi", "express", "django"])
def test_sound_service_has_none(stack: str) -> None:
    assert not inspected(planted(stack), _RULE).findings
