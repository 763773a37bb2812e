"""Tests that assert nothing, suites that no runner collects, and pipelines that only seem to run them."""

import pytest

from repository import inspected

_CI = "on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: {}\n"
_TEST = "def test_sum():\n    assert 1 + 1 == total()\n"


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        ("docker run --rm -v $PWD/load:/load grafana/k6:1.1.0 run /load/a.js", "failed"),
        ("docker run --rm aquasec/trivy:0.60.0 fs .", "failed"),
        ("docker run --rm ghcr.io/acme/api:1 ./run-all", "inconclusive"),
        ("pytest --collect-only", "failed"),
        ("python manage.py migrate", "failed"),
        ("python tools/everything.py", "inconclusive"),
        ("python -m pytest -q", "passed"),
    ],
)
def test_a_pipeline_runs_the_tests_only_where_a_runner_does(command: str, outcome: str) -> None:
    files = {".github/workflows/ci.yml": _CI.format(command), "tests/test_a.py": _TEST}

    assert inspected(files, only="tests/tests-not-run").outcome == outcome


@pytest.mark.parametrize(
    ("body", "idle"),
    [
        ("answer = client.get('/ready')\n    answer.json()", True),
        ("answer = client.get('/ready')\n    print(answer.status_code)", True),
        ("answer = client.get('/ready')\n    assert True", True),
        ("answer = client.get('/ready')\n    assert_ready(answer)", False),
        ("answer = client.get('/ready')\n    check(answer)\n    assert True", False),
        ("client.get('/ready').raise_for_status()", False),
        ("render(page)", False),
        ("with pytest.raises(ValueError):\n        client.get('/ready')", False),
    ],
)
def test_asking_without_looking_at_the_answer_asserts_nothing(body: str, idle: bool) -> None:
    text = f"import pytest\n\n\ndef test_a(client):\n    {body}\n"

    assert (inspected({"tests/test_a.py": text}, only="tests/idle-test").outcome == "failed") is idle


@pytest.mark.parametrize(
    ("body", "idle"),
    [
        ("await request(app).get('/'); expect(true).toBe(true);", True),
        ("await request(app).get('/').expect(200); expect(true).toBe(true);", False),
        ("verifyAll(); expect(true).toBe(true);", False),
        ("expect(total()).toBe(1);", False),
    ],
)
def test_a_constant_is_no_assertion_in_javascript(body: str, idle: bool) -> None:
    text = f"it('works', async () => {{ {body} }});\n"

    assert (inspected({"test/a.test.js": text}, only="tests/idle-test").outcome == "failed") is idle


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("describe.skip('orders', () => { it('adds', () => { expect(f()).toBe(1); }); });", "failed"),
        ("// waits for #12\ndescribe.skip('orders', () => { it('adds', () => { expect(f()).toBe(1); }); });", "passed"),
        ("describe('orders', () => { it('adds', () => { expect(f()).toBe(1); }); });", "passed"),
    ],
)
def test_a_skipped_suite_needs_a_reason(text: str, outcome: str) -> None:
    assert inspected({"test/a.test.js": text + "\n"}, only="tests/focused-or-skipped-test").outcome == outcome


@pytest.mark.parametrize(
    ("reason", "outcome"), [("flaky", "failed"), ("needs a GPU", "passed"), ("flaky, #77", "passed")]
)
def test_that_a_test_fails_is_no_reason_to_skip_it(reason: str, outcome: str) -> None:
    text = f"import pytest\n@pytest.mark.skip(reason='{reason}')\ndef test_a(): assert f()\n"

    assert inspected({"tests/test_a.py": text}, only="tests/focused-or-skipped-test").outcome == outcome


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ({"pytest.ini": "[pytest]\npython_files = check_*.py\n", "tests/test_a.py": _TEST}, "failed"),
        ({"pytest.ini": "[pytest]\npython_files = test_*.py\n", "tests/test_a.py": _TEST}, "passed"),
        ({"jest.config.js": "module.exports = {testMatch: ['**/?(*.)+(spec|test).[jt]s?(x)']};\n"}, "passed"),
        ({"jest.config.js": "module.exports = {testMatch: ['<rootDir>/src/**/*.spec.js']};\n"}, "failed"),
    ],
)
def test_a_pattern_that_fits_no_file_collects_nothing(files: dict[str, str], outcome: str) -> None:
    script = {"test/a.test.js": "it('adds', () => { expect(f()).toBe(1); });\n"} if "jest.config.js" in files else {}

    assert inspected(files | script, only="tests/empty-suite").outcome == outcome


def test_a_setup_file_that_is_not_there_is_found() -> None:
    files = {
        "vitest.config.ts": "export default {test: {setupFiles: ['tests/setup.ts']}};\n",
        "test/setup.ts": "export {};\n",
    }

    assert inspected(files, only="tests/unknown-test-path").outcome == "failed"
    repaired = files | {"vitest.config.ts": files["vitest.config.ts"].replace("tests/", "test/")}
    assert inspected(repaired, only="tests/unknown-test-path").outcome == "passed"
