"""Whatever a file of JavaScript holds, reading it ends in statements whose places lie inside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.catalogue import collectors
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

NAMES = ["environment", "environment-schemas", "routes", "route-names", "route-functions", "bare-routes", "nest-routes"]
NAMES += ["next-routes", "listening", "modules", "origins"]
COLLECTORS = [one for one in collectors() if one.name in {f"javascript/{name}" for name in NAMES}]
PATHS = ["src/a.ts", "src/a.js", "src/a.tsx", "src/app/api/x/route.ts", "pages/api/x.ts", "next.config.js"]
PIECES = st.sampled_from(
    [
        'import express, { Router } from "express";\n',
        'import Fastify from "fastify";\n',
        'import { NestFactory } from "@nestjs/core";\n',
        'import { Controller, Get } from "@nestjs/common";\n',
        'import { z } from "zod";\n',
        'import { cleanEnv, str } from "envalid";\n',
        'import cors from "cors";\n',
        'export * from "./x";\n',
        "export default ",
        "module.exports = ",
        "const app = express();\n",
        "const { A, b: { C = 1 }, ...rest } = process.env;\n",
        "const x = ",
        "x",
        "app",
        ".use(",
        ".get(",
        ".route(",
        ".register(",
        ".listen(",
        "cors(",
        "{ origin: ",
        "{ prefix: ",
        'process.env["A"]',
        "process.env.A",
        "process.env[x]",
        "z.object({ A_B: z.string()",
        "cleanEnv(process.env, ",
        '"/a/:id"',
        "`${x}/b`",
        "/^a$/",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        ", ",
        ";\n",
        " => ",
        "(req, res, next)",
        "function f(app)",
        "for (const x of ",
        '@Controller("x")\nclass A ',
        "@Get() ",
        "if (!",
        "throw new Error();",
        "|| ",
        "?? ",
        "? 1 : ",
        "é",
        "😀",
        "\r\n",
    ]
)


@pytest.mark.parametrize("path", PATHS)
@given(text=st.lists(PIECES, max_size=30).map("".join))
def test_any_text_ends_in_statements_inside_the_file(path: str, text: str) -> None:
    file = SourceFile(path, text, FileRole.PROD)
    lines = text.split("\n")
    for collector in COLLECTORS:
        if not collector.wants(path) or not collector.recognises(file):
            continue
        try:
            statements = list(collector.collect(file))
        except SyntaxProblem:
            continue
        for statement in statements:
            assert isinstance(statement, Symbol | Open | Problem)
            assert 1 <= statement.at.line <= statement.at.end_line <= len(lines)
            assert 1 <= statement.at.column <= len(lines[statement.at.line - 1]) + 1


def test_every_collector_is_tried() -> None:
    assert len(COLLECTORS) == len(NAMES)
