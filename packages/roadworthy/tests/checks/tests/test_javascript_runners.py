"""Configurations of jest, vitest and mocha, and the cases they run."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

PIPELINE = """name: ci
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
      - run: {command}
"""
CASE = 'import { x } from "../src/x";\ntest("x", () => { expect(x(1)).toBe(2); });\n'


def _files(manifest: str, command: str = "npm test", **more: str) -> dict[str, str]:
    named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in more.items()}
    pipeline = PIPELINE.format(command=command)
    return {"package.json": manifest, ".github/workflows/ci.yml": pipeline, "tests/x.test.ts": CASE, **named}


JEST = '{"scripts": {"test": "jest", "test:cov": "jest --coverage"}, "devDependencies": {"jest": "29.7.0"}}'
FLOOR = "module.exports = { coverageThreshold: { global: { lines: 80 } } };\n"


def test_two_configurations_of_jest_contradict_each_other() -> None:
    manifest = JEST.replace('"devDependencies"', '"jest": {"testEnvironment": "node"}, "devDependencies"')
    files = _files(manifest, jest_dot_config_dot_js="module.exports = {};\n")

    result = inspected(files, "tests/ignored-test-config")

    assert {str(result.findings[0].at).partition(":")[0], result.findings[0].related[0].at.path} == {
        "package.json",
        "jest.config.js",
    }
    files["package.json"] = manifest.replace('"jest",', '"jest --config jest.config.js",')
    assert not inspected(files, "tests/ignored-test-config").findings


def test_vitest_takes_its_own_file_before_that_of_vite() -> None:
    own = 'import { defineConfig } from "vitest/config";\nexport default defineConfig({ test: { globals: true } });\n'
    vite = 'import { defineConfig } from "vite";\nexport default defineConfig({ test: { coverage: { enabled: true } } });\n'
    files = _files(
        '{"devDependencies": {"vitest": "3.0.0"}}', vitest_dot_config_dot_ts=own, vite_dot_config_dot_ts=vite
    )

    result = inspected(files, "tests/ignored-test-config")

    assert str(result.findings[0].at).startswith("vite.config.ts:")
    assert "coverage.enabled" in result.findings[0].message


@pytest.mark.parametrize(
    ("command", "configuration", "outcome"),
    [
        ("npm test", FLOOR, Outcome.FAILED),
        ("npm run test:cov", FLOOR, Outcome.PASSED),
        ("npm test -- --coverage", FLOOR, Outcome.PASSED),
        ("npm test", FLOOR.replace("{ cov", "{ collectCoverage: true, cov", 1), Outcome.PASSED),
        ("npm run test:cov", FLOOR.replace("coverageThreshold", "coverageThresholds"), Outcome.FAILED),
        ("npm test", "module.exports = {};\n", Outcome.NOT_APPLICABLE),
    ],
)
def test_floor_of_jest_counts_where_coverage_is_measured(command: str, configuration: str, outcome: Outcome) -> None:
    files = _files(JEST, command, jest_dot_config_dot_js=configuration)

    assert inspected(files, "tests/inert-coverage-floor").outcome is outcome


def test_floor_of_vitest_has_its_own_name() -> None:
    manifest = '{"scripts": {"test": "vitest run --coverage"}, "devDependencies": {"vitest": "3.0.0"}}'
    config = (
        'import { defineConfig } from "vitest/config";\nexport default defineConfig({ test: { coverage: { %s } } });\n'
    )

    sound = _files(manifest, vitest_dot_config_dot_ts=config % "thresholds: { lines: 80 }")
    old = _files(manifest, vitest_dot_config_dot_ts=config % "lines: 80")

    assert inspected(sound, "tests/inert-coverage-floor").outcome is Outcome.PASSED
    assert inspected(old, "tests/inert-coverage-floor").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("configuration", "package"),
    [
        ('module.exports = { preset: "ts-jest" };\n', "ts-jest"),
        ('module.exports = { transform: { "^.+\\\\.ts$": "@swc/jest" } };\n', "@swc/jest"),
        ('export default { testEnvironment: "jsdom" };\n', "jest-environment-jsdom"),
    ],
)
def test_package_that_the_configuration_names_must_be_asked_for(configuration: str, package: str) -> None:
    files = _files(JEST, jest_dot_config_dot_js=configuration)

    result = inspected(files, "tests/missing-test-plugin")

    assert package in result.findings[0].message
    files["package.json"] = JEST.replace('"jest": "29.7.0"', f'"jest": "29.7.0", "{package}": "1.0.0"')
    assert inspected(files, "tests/missing-test-plugin").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("body", "idle"),
    [
        ("test('a', () => {});", True),
        ("it('a', async () => { expect(true).toBe(true); });", True),
        ("it('a', async () => { console.log('a'); });", True),
        ("it('a', async () => { await request(app).get('/').expect(200); });", False),
        ("it.skip('a', () => {}); it.todo('b');", False),
        ("it('a', () => { assertStored(order); });", False),
    ],
)
def test_case_that_cannot_fail_is_found(body: str, idle: bool) -> None:
    result = inspected(_files(JEST, tests__a_dot_test_dot_js=body + "\n"), "tests/idle-test")

    assert bool(result.findings) is idle


def test_pipeline_that_runs_the_linter_alone_does_not_run_the_tests() -> None:
    assert inspected(_files(JEST, "npx eslint ."), "tests/tests-not-run").outcome is Outcome.FAILED
    assert inspected(_files(JEST), "tests/tests-not-run").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "command",
    [
        "yarn test:unit",
        "yarn jest",
        "pnpm exec jest --ci",
        "pnpm test:unit",
        "yarn test:${{ matrix.group }}",
        "npm run test:${{ matrix.group }}",
        "pnpm --filter api test:unit",
    ],
)
def test_short_forms_of_package_managers_run_the_tests(command: str) -> None:
    manifest = '{"scripts": {"test:unit": "jest"}, "devDependencies": {"jest": "29.7.0"}}'

    assert inspected(_files(manifest, command), "tests/tests-not-run").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "command", ["yarn lint", "pnpm install --frozen-lockfile", "yarn tsc", "yarn workspace api build"]
)
def test_short_forms_of_other_work_do_not(command: str) -> None:
    manifest = '{"scripts": {"test:unit": "jest", "lint": "eslint ."}, "devDependencies": {"jest": "29.7.0"}}'

    assert inspected(_files(manifest, command), "tests/tests-not-run").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("npx jest tests/unit", True),
        ("npx jest --config jest.e2e.config.js", True),
        ("npx jest tests", False),
        ("npx jest tests/x", False),
        ("npx vitest run --reporter test-results/out.xml", False),
        ("npm test -- tests/gone.test.ts", True),
    ],
)
def test_path_that_is_handed_to_a_runner_must_be_there(command: str, found: bool) -> None:
    result = inspected(_files(JEST, command), "tests/unknown-test-path")

    assert bool(result.findings) is found


def test_folder_that_a_configuration_names_must_be_there() -> None:
    files = _files(JEST, jest_dot_config_dot_js='module.exports = { roots: ["<rootDir>/test"] };\n')

    assert inspected(files, "tests/unknown-test-path").findings
    files["jest.config.js"] = 'module.exports = { roots: ["<rootDir>/tests", "<rootDir>"] };\n'
    assert not inspected(files, "tests/unknown-test-path").findings


def test_browsers_must_be_installed_where_playwright_runs() -> None:
    manifest = '{"devDependencies": {"@playwright/test": "1.50.0"}}'
    case = 'import { test, expect } from "@playwright/test";\ntest("a", async ({ page }) => { await expect(page).toHaveURL("/"); });\n'
    files = _files(manifest, "npx playwright test", e2e__a_dot_spec_dot_ts=case)

    assert inspected(files, "tests/missing-test-plugin").outcome is Outcome.FAILED
    files = _files(manifest, "npx playwright install --with-deps && npx playwright test", e2e__a_dot_spec_dot_ts=case)
    assert inspected(files, "tests/missing-test-plugin").outcome is Outcome.PASSED
