"""Timeouts, dropped errors and blocking calls in JavaScript."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

TIMEOUT, SWALLOWED, BLOCKING = "errors/missing-timeout", "errors/swallowed-exception", "performance/blocking-call"
SERVER = '{"dependencies": {"express": "5.1.0", "axios": "1.7.0"}}'


def _outcome(rule: str, code: str, path: str = "src/a.ts", manifest: str = SERVER) -> Outcome:
    return inspected({"package.json": manifest, path: code}, rule).outcome


@pytest.mark.parametrize(
    "code",
    [
        'const r = await fetch("https://rates.example/eur");',
        'const r = await fetch(url, { method: "POST", body });',
        'import axios from "axios";\nawait axios.get(url);',
        'import axios from "axios";\nexport const api = axios.create({ baseURL: url });',
        'const axios = require("axios");\naxios({ url, method: "get" });',
        'import got from "got";\nawait got(url);',
    ],
)
def test_call_without_a_bound_is_found(code: str) -> None:
    assert _outcome(TIMEOUT, code) is Outcome.FAILED


@pytest.mark.parametrize(
    "code",
    [
        "await fetch(url, { signal: AbortSignal.timeout(3000) });",
        "const signal = AbortSignal.timeout(3000);\nawait fetch(url, { signal });",
        'import axios from "axios";\nawait axios.post(url, body, { timeout: 3000 });',
        'import axios from "axios";\nconst options = { timeout: 3000 };\nexport const api = axios.create(options);',
        'import axios from "axios";\naxios.defaults.timeout = 3000;\nawait axios.get(url);',
        'import ky from "ky";\nawait ky.get(url);',
    ],
)
def test_call_with_a_bound_is_sound(code: str) -> None:
    assert _outcome(TIMEOUT, code) is Outcome.PASSED


def test_options_that_cannot_be_seen_are_not_guessed() -> None:
    assert _outcome(TIMEOUT, "export const get = (url, options) => fetch(url, options);") is Outcome.INCONCLUSIVE
    assert _outcome(TIMEOUT, "export const get = (url, o) => fetch(url, { ...o });") is Outcome.INCONCLUSIVE


def test_code_for_a_browser_is_no_matter_of_the_service() -> None:
    code = 'await fetch("/api/votes");\ntry { f(); } catch (e) {}\n'
    page = '{"dependencies": {"react": "19.0.0", "vite": "7.0.0"}}'

    assert _outcome(TIMEOUT, code, manifest=page) is Outcome.NOT_APPLICABLE
    assert _outcome(SWALLOWED, code, "src/a.tsx") is Outcome.PASSED
    assert _outcome(SWALLOWED, "document.title = 'x';\n" + code) is Outcome.PASSED


@pytest.mark.parametrize(
    "code",
    [
        "try { await deliver(m); } catch (error) {}",
        "try { await deliver(m); } catch { /* ignore */ }",
        "deliver(m).catch(() => {});",
    ],
)
def test_dropped_error_is_found(code: str) -> None:
    assert _outcome(SWALLOWED, code) is Outcome.FAILED


@pytest.mark.parametrize(
    "code",
    [
        "try { await deliver(m); } catch (error) { log.error(error); }",
        "try { value = JSON.parse(text); } catch {}",
        "try { await deliver(m); } catch { /* the mail server greylists: the queue tries again */ }",
        "await client.quit().catch(() => {});",
    ],
)
def test_error_that_is_handled_or_explained_is_sound(code: str) -> None:
    assert _outcome(SWALLOWED, code) is Outcome.PASSED


def test_synchronous_call_of_a_handler_blocks() -> None:
    handler = 'import fs from "node:fs";\napp.get("/a", (req, res) => { res.send(fs.readFileSync("a.txt")); });'
    at_start = 'import fs from "node:fs";\nconst key = fs.readFileSync("key.pem");\nasync function main() { fs.readFileSync("b"); }'
    hashing = 'import bcrypt from "bcrypt";\nexport async function register(p) { return bcrypt.hashSync(p, 12); }'

    assert _outcome(BLOCKING, handler) is Outcome.FAILED
    assert _outcome(BLOCKING, hashing) is Outcome.FAILED
    assert _outcome(BLOCKING, at_start) is Outcome.PASSED
