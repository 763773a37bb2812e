"""Names, constants and places of JavaScript and TypeScript."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Module
from roadworthy.syntax.problem import SyntaxProblem


def module(text: str, path: str = "src/a.ts") -> Module:
    """Parse a text."""
    return javascript.module(SourceFile(path, text, FileRole.PROD))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('import express from "express"; express.Router();', "express.Router"),
        ('import { Router as R } from "express"; R();', "express.Router"),
        ('import * as fs from "fs"; fs.readFileSync();', "fs.readFileSync"),
        ('const { a: { b } } = require("x"); b();', "x.a.b"),
        ('const r = require("express").Router; r();', "express.Router"),
        ('import r = require("x"); r.y();', "x.y"),
        ('const { z } = await import("./z"); z();', "./z.z"),
        ('const x = __importDefault(require("x")); x.default.y();', "x.default.y"),
        ('import env from "env-var"; env.get("A").required();', "env-var.get().required"),
        ("a?.b!.c();", "a.b.c"),
        ('a["b"].c();', "a.b.c"),
    ],
)
def test_a_call_is_known_by_what_its_name_was_imported_as(text: str, name: str) -> None:
    assert name in [call.name for call in module(text).calls]


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("P", "/api"),
        ("`${P}/v1`", "/api/v1"),
        ('P + "/x"', "/api/x"),
        ("cfg.paths.health", "/health"),
        ("h", "/health"),
        ("E.A", "a"),
        ("K.S", "s"),
        ("`${unknown}/x`", "*/x"),
        ("`a${unknown}b`", "a*b"),
        ("'\\u0041\\x42'", "AB"),
    ],
)
def test_constants_are_followed(expression: str, read: str) -> None:
    text = (
        'const P = "/api"; const cfg = { paths: { health: "/health" } } as const; const { paths: { health: h } } = cfg;'
        ' enum E { A = "a" } class K { static S = "s"; }'
        f" use({expression});"
    )
    parsed = module(text)
    call = next(call for call in parsed.calls if call.name == "use")

    assert str(values.name(parsed, call.arguments[0])) == read


def test_a_name_that_gets_another_value_later_is_no_constant() -> None:
    parsed = module('let p = "/a"; p = "/b"; use(p);')

    assert values.string(parsed, parsed.calls[0].arguments[0]) is None


@pytest.mark.parametrize(
    "text", ["const x = y[x]; use(x);", "const o = { [o.a]: o.a }; use(o.a);", "const a = b, b = a; use(a);"]
)
def test_what_is_made_of_itself_is_not_followed_for_ever(text: str) -> None:
    parsed = module(text)

    assert values.string(parsed, parsed.calls[0].arguments[0]) is None


def test_a_parameter_hides_a_constant_of_the_same_name() -> None:
    parsed = module('const p = "/a"; function f(p) { use(p); } use(p);')

    assert [values.string(parsed, call.arguments[0]) for call in parsed.calls] == [None, "/a"]


def test_columns_count_code_points() -> None:
    parsed = module("/* é😀 */ f(); /* 😀 */ g();")

    spans = [parsed.span(call.node) for call in parsed.calls]

    assert [(span.column, span.end_column) for span in spans] == [(10, 12), (23, 25)]


def test_a_broken_place_is_told_and_the_rest_is_read() -> None:
    parsed = module("f();\nconst = ;\ng();\n")

    assert {call.name for call in parsed.calls} >= {"f", "g"}
    assert [at.line for at in parsed.broken] == [2]


def test_flow_annotations_are_read() -> None:
    parsed = module("// @flow\nexport const f = (x: number): string => g(x);\n", "a.js")

    assert not parsed.broken


def test_modules_that_are_needed_are_told_apart_from_types() -> None:
    parsed = module('import "./a"; import type { T } from "./t"; export * from "./b"; require("./c"); import("./d");')

    assert [(one.module, one.types) for one in parsed.needed] == [
        ("./a", False),
        ("./t", True),
        ("./b", False),
        ("./c", False),
        ("./d", False),
    ]


def test_exports_of_both_kinds_are_told() -> None:
    text = 'export default app; export const a = 1; export { b as c } from "./b"; module.exports.d = e; exports.f = g;'

    assert [one.name for one in module(text).exports] == ["", "a", "c", "d", "f"]


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "a" + ".b()" * 50_000, "`${" * 5_000, "f(function(){" * 5_000, "<a>" * 20_000, "a=>" * 20_000],
)
def test_deep_nesting_is_survived(text: str) -> None:
    parsed = module(text)

    assert isinstance(parsed.calls, list)


def test_minified_code_is_known_as_generated() -> None:
    assert javascript.is_generated(SourceFile("a.js", "var a=1;" * 5_000, FileRole.PROD))
    assert not javascript.is_generated(SourceFile("a.js", "var a = 1;\n" * 5_000, FileRole.PROD))


def test_what_is_too_large_is_a_problem() -> None:
    with pytest.raises(SyntaxProblem, match="too large"):
        module("a();\n" * 300_000)


PIECES = st.sampled_from(
    [
        "const a = ",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "`${",
        "`",
        '"',
        "'",
        "/",
        "=>",
        ".",
        "?.",
        ",",
        ";",
        "é",
        "😀",
        "export default ",
        "class A {",
        "@D()",
        "\n",
        "\r\n",
        "process.env",
        "app.get(",
        "x",
        "1",
        "await ",
        "=",
        "import x from 'y'",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_is_written_places_lie_inside_the_file(text: str) -> None:
    parsed = module(text)
    lines = text.split("\n")

    for call in parsed.calls:
        span = parsed.span(call.node)
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert span.end_column <= len(lines[span.end_line - 1]) + 1
        for argument in call.arguments:
            values.name(parsed, argument)
    assert parsed.exports is not None
    assert parsed.needed is not None
