"""Whatever a JavaScript project holds, reading it ends in statements within the file, or in one problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.catalogue import collectors
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Open, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

PATHS = {
    "manifest/package-json": "package.json",
    "nest-cli": "nest-cli.json",
    "prisma": "prisma/schema.prisma",
    "python/loaded-files": "app/a.py",
    "tsconfig": "tsconfig.json",
    "javascript/clients": "src/a.ts",
    "javascript/code": "src/a.ts",
    "javascript/erasure": "src/a.ts",
    "javascript/handlers": "src/a.js",
    "javascript/loaded-files": "src/a.ts",
    "javascript/logs": "src/a.ts",
    "javascript/metric-libraries": "src/a.ts",
    "javascript/metric-uses": "src/a.ts",
    "javascript/metrics": "src/a.ts",
    "javascript/tables": "src/a.ts",
    "javascript/test-configuration": "jest.config.js",
    "javascript/tests": "src/a.test.ts",
}
WORDS = st.sampled_from(
    [
        'import express, { Router as R } from "express";\n',
        'import client, { Counter } from "prom-client";\n',
        'const c = new Counter({ name: "a_total", labelNames: ["b"], ...x });\n',
        "c.inc({ b: `${d}xx`, [e]: 1 });\n",
        'app.get("/a", async (req, res) => { await f(',
        "try { f() } catch {",
        "}\n",
        "@Entity('a') class A { @Column() b; }\n",
        'export const t = pgTable("t", { a: integer("a").references(() => u.id) });\n',
        "`DELETE FROM ${a} WHERE b`;\n",
        'await fetch("x", {\n',
        "module.exports = { coverageThreshold: { global: { lines: 1 } } };\n",
        "test('a', () => {});\n",
        'fs.readFileSync(path.join(__dirname, "a"));\n',
        'pino({ transport: { target: "pino-pretty" } });\n',
        "model A {\n  id Int @id\n  b B? @relation(fields: [id], references: [id])\n}\n",
        'datasource db {\n  url = env("X")\n',
        '{"compilerOptions": {"outDir": "a", "paths": {"@/*": ["b"]},}, // c\n',
        '"include": ["src"], "extends": "./a"}',
        '{"scripts": {"a": "tsc && b"}, "files": ["c"], "workspaces": {"packages": ["d"]}}',
        "with open(Path(__file__).parent / 'a') as f: pass\n",
        "from . import a\n",
        "é𝄞\n",
        "\r\n",
        "/*",
        "//",
        "'",
        '"',
        "`",
        "${",
        "(",
        "{",
        "\\",
        "\n",
        " ",
    ]
)


@pytest.mark.parametrize("name", sorted(PATHS))
@given(text=st.lists(WORDS | st.text(max_size=12), max_size=12).map("".join))
def test_any_text_is_read_within_its_bounds(name: str, text: str) -> None:
    collector = next(collector for collector in collectors() if collector.name == name)
    file = SourceFile(PATHS[name], text, FileRole.PROD)
    lines = text.split("\n")

    try:
        statements = list(collector.collect(file)) if collector.recognises(file) else []
    except SyntaxProblem as problem:
        assert 1 <= problem.line <= len(text.splitlines()) + 1
        return

    for statement in statements:
        assert isinstance(statement, Symbol | Open | Problem)
        at = statement.at
        assert at.path == PATHS[name]
        assert 1 <= at.line <= at.end_line <= len(lines) + text.count("\r") + text.count("\f")
        assert at.column >= 1
        assert at.end_column >= 1
