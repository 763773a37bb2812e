"""Asynchronous handlers, and the version of Express that they are given to."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "errors/unhandled-rejection"
HEAD = 'const express = require("express");\nconst orders = require("./orders");\nconst app = express();\n'
BARE = HEAD + 'app.get("/orders", async (req, res) => { res.json(await orders.all()); });\n'


def _files(code: str, version: str = "^4.21.2", **more: str) -> dict[str, str]:
    manifest = f'{{"dependencies": {{"express": "{version}"}}}}'
    named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in more.items()}
    return {"package.json": manifest, "src/app.js": code, **named}


def test_both_sides_are_shown() -> None:
    result = inspected(_files(BARE), RULE)

    assert result.outcome is Outcome.FAILED
    (finding,) = result.findings
    assert str(finding.at).startswith("src/app.js:4:")
    assert [related.at.path for related in finding.related] == ["package.json"]


@pytest.mark.parametrize("version", ["5.1.0", "^5.0.0", "~5.1", "v5"])
def test_express_five_catches(version: str) -> None:
    assert inspected(_files(BARE, version), RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize("version", ["latest", "*", ">=4", "workspace:*"])
def test_version_that_is_left_open_is_not_guessed(version: str) -> None:
    assert inspected(_files(BARE, version), RULE).outcome is Outcome.INCONCLUSIVE


def test_handler_that_catches_everything_it_awaits_is_sound() -> None:
    code = HEAD + (
        'app.get("/a", async (req, res, next) => {\n'
        "  try { res.json(await orders.all()); } catch (error) { next(error); }\n"
        "});\n"
        'app.get("/b", async (req, res, next) => { res.json(await orders.all().catch(next)); });\n'
        'app.get("/c", async (req, res) => { res.send("nothing awaited"); });\n'
    )

    assert inspected(_files(code), RULE).outcome is Outcome.PASSED


def test_error_that_is_thrown_again_is_lost() -> None:
    code = HEAD + (
        'app.get("/a", async (req, res) => {\n'
        "  try { res.json(await orders.all()); } catch (error) { console.error(error); throw error; }\n"
        "});\n"
    )

    assert inspected(_files(code), RULE).outcome is Outcome.FAILED


def test_handler_of_another_file_is_followed_to_the_router() -> None:
    code = HEAD + 'const { list } = require("./handlers");\napp.get("/orders", list);\n'
    handlers = "exports.list = async (req, res) => { res.json(await find()); };\n"
    result = inspected(_files(code, src__handlers_dot_js=handlers), RULE)

    (finding,) = result.findings
    assert str(finding.at).startswith("src/handlers.js:")
    assert {related.at.path for related in finding.related} == {"package.json", "src/app.js"}


@pytest.mark.parametrize(
    "code",
    [
        HEAD
        + 'require("express-async-errors");\napp.get("/a", async (req, res) => { res.json(await orders.all()); });\n',
        HEAD + 'app.get("/a", wrap(async (req, res) => { res.json(await orders.all()); }));\n',
        HEAD + 'const { list } = require("./handlers");\napp.get("/a", wrap(list));\n',
        'import Fastify from "fastify";\nconst app = Fastify();\napp.get("/a", async (req, res) => { return await f(); });\n',
        "async function main(request, response) { await f(); }\n",
    ],
)
def test_handlers_that_something_else_catches_are_silent(code: str) -> None:
    handlers = "exports.list = async (req, res) => { res.json(await find()); };\n"

    assert not inspected(_files(code, src__handlers_dot_js=handlers), RULE).findings


def test_handlers_of_one_file_are_one_finding() -> None:
    code = BARE + 'app.post("/orders", async (req, res) => { res.json(await orders.add(req.body)); });\n'

    (finding,) = inspected(_files(code), RULE).findings
    assert len(finding.related) == 2


_SERVICE = """class Orders {
  async all() {
    try { return await this.store.all(); } catch (error) { log(error); return []; }
  }
}
exports.orders = new Orders();
"""


def test_handler_that_waits_for_what_keeps_its_errors_cannot_be_told() -> None:
    result = inspected(_files(BARE, src__orders_dot_js=_SERVICE), RULE)

    assert result.outcome is Outcome.INCONCLUSIVE
    assert "keeps its errors" in result.reason


@pytest.mark.parametrize(
    ("old", "new"), [("log(error); return [];", "throw error;"), ("try {", "await this.open(); try {")]
)
def test_what_lets_one_error_out_keeps_none(old: str, new: str) -> None:
    assert inspected(_files(BARE, src__orders_dot_js=_SERVICE.replace(old, new)), RULE).outcome is Outcome.FAILED
