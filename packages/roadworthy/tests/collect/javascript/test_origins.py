"""Which origins JavaScript servers let call, and with what."""

import pytest

from roadworthy.collect.javascript import origins
from roadworthy.model.detail.code import OriginsAllowed
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole


@pytest.mark.parametrize(
    ("text", "everyone", "credentials"),
    [
        ('import cors from "cors"; app.use(cors());', True, False),
        ('import cors from "cors"; app.use(cors({ origin: "*", credentials: true }));', True, True),
        ('import cors from "cors"; app.use(cors({ origin: true, credentials: true }));', True, True),
        ('import cors from "cors"; app.use(cors({ origin: /.*/, credentials: true }));', True, True),
        (
            'import cors from "cors"; app.use(cors({ origin: (o, cb) => cb(null, true), credentials: true }));',
            True,
            True,
        ),
        ('import cors from "cors"; app.use(cors({ origin: ["https://a.example"], credentials: true }));', False, True),
        ('import cors from "cors"; const o = { origin: "*" }; app.use(cors({ ...o, credentials: true }));', True, True),
        ('import cors from "cors"; app.use(cors({ origin: config.origins, credentials: true }));', None, True),
        (
            'import cors from "cors"; app.use(cors({ credentials: true, origin(o, cb) { if (ok(o)) cb(null, true); } }));',
            False,
            True,
        ),
        ('const cors = require("cors"); app.use(cors({ credentials: true }));', True, True),
        ('import cors from "@fastify/cors"; app.register(cors, { origin: true, credentials: true });', True, True),
        ("app.enableCors({ origin: true, credentials: true });", True, True),
        ('import { NestFactory } from "@nestjs/core"; NestFactory.create(M, { cors: true });', True, False),
        (
            'res.setHeader("Access-Control-Allow-Origin", req.headers.origin);'
            ' res.setHeader("Access-Control-Allow-Credentials", "true");',
            True,
            True,
        ),
    ],
)
def test_set_ups_are_read(text: str, everyone: bool | None, credentials: bool | None) -> None:
    file = SourceFile("src/a.ts", text, FileRole.PROD)
    found = [one.detail for one in origins.collect(file) if isinstance(one, Symbol)]

    assert found == [OriginsAllowed(everyone, credentials)]
