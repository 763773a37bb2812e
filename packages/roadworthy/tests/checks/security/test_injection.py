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


@pytest.mark.parametrize(
    "body",
    [
        'return db.execute(f"SELECT {COLUMNS} FROM a WHERE b = :b", {"b": name})',
        'return db.execute(text("SELECT 1 FROM a WHERE b = :b"), {"b": name})',
        'return subprocess.run(["ls", name])',
        'return open(f"/data/{secure_filename(name)}")',
        'raise ValueError(f"cannot select {name} from the list")',
    ],
)
def test_parameters_and_fixed_parts_are_left_alone(body: str) -> None:
    code = f'@app.get("/a")\ndef a(name: str):\n    {body}\n'

    assert not inspected({"app/a.py": code}, _RULE).findings


def test_one_segment_of_a_path_cannot_leave_its_folder() -> None:
    code = '@app.get("/files/{name}")\ndef a(name: str):\n    return open(f"/data/{name}")\n'

    assert not inspected({"app/a.py": code}, _RULE).findings
    assert inspected({"app/a.py": code.replace('{name}"', '{name:path}"', 1)}, _RULE).outcome is Outcome.FAILED
