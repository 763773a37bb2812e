"""Queries in loops, lists without end, and connections for each request."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_LOOP, _PAGE, _POOL = "performance/query-in-loop", "performance/unpaged-query", "performance/missing-pool"
_FASTAPI = "from fastapi import APIRouter\nfrom sqlalchemy import select\n\nrouter = APIRouter()\n\n\n@router.get('/orders')\nasync def orders(session, ids):\n    "
_DJANGO = "from shop.models import Order\n\n\ndef orders(request):\n    "
_EXPRESS = "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nrouter.get('/orders', async (req, res) => {\n  "


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/a.py", _FASTAPI + "return [x for i in ids for x in []]\n"),
        ("app/a.py", _FASTAPI + "for batch in ids:\n        await session.execute(select(batch))\n"),
        (
            "app/a.py",
            _FASTAPI + "rows = await session.scalars(select(ids).limit(5))\n    for row in rows:\n        print(row)\n",
        ),
        ("shop/views.py", _DJANGO + "for order in Order.objects.all()[:5]:\n        order.total()\n"),
        ("src/a.ts", _EXPRESS + "for (const id of ids) { list.push(id); }\n});\n"),
    ],
)
def test_a_loop_that_asks_nothing_is_no_finding(path: str, text: str) -> None:
    assert inspected({path: text}, _LOOP).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/a.py", _FASTAPI + "for i in ids:\n        await session.execute(select(i))\n"),
        ("app/a.py", _FASTAPI + "for i in ids:\n        await conn.fetchrow('SELECT 1 WHERE id = $1', i)\n"),
        ("shop/views.py", _DJANGO + "for i in request.GET:\n        Order.objects.get(pk=i)\n"),
        ("src/a.ts", _EXPRESS + "for (const id of ids) { await prisma.order.findUnique({ where: { id } }); }\n});\n"),
        ("src/a.ts", _EXPRESS + "for (const id of ids) { await pool.query('SELECT 1', [id]); }\n});\n"),
    ],
)
def test_a_query_for_each_is_found(path: str, text: str) -> None:
    assert inspected({path: text}, _LOOP).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        (_FASTAPI + "return (await session.scalars(select(ids))).all()\n", True),
        (_FASTAPI + "return [row for row in await session.scalars(select(ids))]\n", True),
        (_FASTAPI + "return (await session.scalars(select(ids).limit(9))).all()\n", False),
        (_FASTAPI + "return (await session.scalars(select(ids))).first()\n", False),
        (
            _FASTAPI.replace("/orders", "/orders/{number}") + "return (await session.scalars(select(ids))).all()\n",
            False,
        ),
    ],
)
def test_a_list_without_end_is_found(text: str, *, failed: bool) -> None:
    assert bool(inspected({"app/a.py": text}, _PAGE).findings) is failed


@pytest.mark.parametrize(
    ("call", "failed"),
    [
        ("findMany()", True),
        ("findMany({ where: { a: 1 } })", True),
        ("findMany({ take: 5 })", False),
        ("findMany(page)", False),
    ],
)
def test_a_list_without_end_is_found_in_typescript(call: str, *, failed: bool) -> None:
    assert (
        bool(inspected({"src/a.ts": _EXPRESS + f"res.json(await prisma.order.{call});\n}});\n"}, _PAGE).findings)
        is failed
    )


@pytest.mark.parametrize(
    ("path", "text", "failed"),
    [
        ("config/settings.py", "DATABASES = {'default': {'CONN_MAX_AGE': 0}}\n", True),
        ("config/settings.py", "DATABASES = {'default': {'CONN_MAX_AGE': 60}}\n", False),
        ("app/db.py", "from sqlalchemy import NullPool, create_engine\n\nengine = create_engine('x', poolclass=NullPool)\n", True),
        ("app/worker.py", "from sqlalchemy import NullPool, create_engine\n\nengine = create_engine('x', poolclass=NullPool)\n", False),
        ("src/a.ts", "import { PrismaClient } from '@prisma/client';\napp.get('/a', async (q, r) => { const p = new PrismaClient(); });\n", True),
        ("src/a.ts", "import { PrismaClient } from '@prisma/client';\nconst p = new PrismaClient();\napp.get('/a', async (q, r) => {});\n", False),
    ],
)  # fmt: skip
def test_a_connection_for_each_request_is_found(path: str, text: str, *, failed: bool) -> None:
    assert bool(inspected({path: text}, _POOL).findings) is failed
