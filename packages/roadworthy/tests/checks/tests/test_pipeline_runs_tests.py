"""Whether the pipeline runs the tests, at paths that exist, with a failure that counts."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

TEST = {"tests/test_a.py": "def test_a():\n    assert sum([1]) == 1\n"}


def workflow(*runs: str, before: str = "") -> dict[str, str]:
    """Return a workflow of one job with these steps."""
    steps = "".join(f"      - run: {run}\n" for run in runs)
    text = f"on: push\njobs:\n  ci:\n    runs-on: x\n{before}    steps:\n      - uses: actions/checkout@v4\n{steps}"
    return {".github/workflows/ci.yml": text}


def test_pipeline_that_only_lints_does_not_run_the_tests() -> None:
    result = inspected(TEST | workflow("pip install .", "ruff check ."), "tests/tests-not-run")

    (finding,) = result.findings
    assert [related.at.path for related in finding.related] == ["tests/test_a.py"]


@pytest.mark.parametrize(
    ("runs", "files"),
    [
        (["uv run pytest"], {}),
        (["python -m pytest tests"], {}),
        (["python manage.py test"], {}),
        (["make check"], {"Makefile": "check: unit\nunit:\n\tpoetry run pytest\n"}),
        (["make"], {"Makefile": "all:\n\t$(MAKE) test\ntest:\n\tpytest\n"}),
        (["npm run ci"], {"package.json": '{"scripts": {"ci": "npm test", "test": "vitest run"}}'}),
        (["tox -e py312"], {"tox.ini": "[testenv]\ncommands = pytest\n"}),
        (["nox -s unit"], {"noxfile.py": 'import nox\n@nox.session\ndef unit(session):\n    session.run("pytest")\n'}),
        (["bash scripts/check.sh"], {"scripts/check.sh": "#!/bin/sh\nset -e\npytest -q\n"}),
        (["docker compose run --rm api pytest"], {}),
        (["docker build ."], {"Dockerfile": "FROM python:3.12\nRUN pytest\n"}),
    ],
)
def test_runner_is_followed(runs: list[str], files: dict[str, str]) -> None:
    assert inspected(TEST | workflow(*runs) | files, "tests/tests-not-run").outcome is Outcome.PASSED


@pytest.mark.parametrize("run", ["just test", "python ci.py", "./build.sh", "$RUNNER", "docker compose run api"])
def test_step_that_may_run_them_is_not_judged(run: str) -> None:
    assert inspected(TEST | workflow(run), "tests/tests-not-run").outcome is Outcome.INCONCLUSIVE


def test_platform_that_is_not_read_is_not_judged() -> None:
    files = TEST | {".circleci/config.yml": "version: 2.1\n"}

    assert inspected(files, "tests/tests-not-run").outcome is Outcome.INCONCLUSIVE
    assert inspected(files, "delivery/missing-pipeline").outcome is Outcome.PASSED


def test_composite_action_of_the_repository_is_followed() -> None:
    text = "runs:\n  using: composite\n  steps:\n    - run: pytest\n      shell: bash\n"
    flow = "on: push\njobs:\n  ci:\n    runs-on: x\n    steps:\n      - uses: ./.github/actions/check\n"
    files = TEST | {".github/actions/check/action.yml": text, ".github/workflows/ci.yml": flow}

    assert inspected(files, "tests/tests-not-run").outcome is Outcome.PASSED


def test_workflow_named_for_tests_is_a_pipeline() -> None:
    files = TEST | {".github/workflows/backend-test.yml": workflow("pytest")[".github/workflows/ci.yml"]}

    assert inspected(files, "tests/tests-not-run").outcome is Outcome.PASSED


def test_gitlab_jobs_count() -> None:
    files = TEST | {".gitlab-ci.yml": "test:\n  script:\n    - pytest\n"}

    assert inspected(files, "tests/tests-not-run").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("run", "swallowed"),
    [
        ("pytest || true", True),
        ("pytest || echo failed", True),
        ("pytest | tee out.txt", True),
        ("pytest || exit 1", False),
        ("pytest && echo done", False),
        ("set -o pipefail; pytest | tee out.txt", False),
    ],
)
def test_failure_thrown_away_is_told(run: str, *, swallowed: bool) -> None:
    result = inspected(TEST | workflow(f"'{run}'"), "tests/swallowed-failure")

    assert result.outcome is (Outcome.FAILED if swallowed else Outcome.PASSED)


def test_shell_bash_sets_pipefail() -> None:
    flow = workflow("pytest | tee out.txt", before="    defaults:\n      run:\n        shell: bash\n")

    assert inspected(TEST | flow, "tests/swallowed-failure").outcome is Outcome.PASSED


def test_job_that_may_fail_swallows() -> None:
    flow = workflow("pytest", before="    continue-on-error: true\n")

    assert inspected(TEST | flow, "tests/swallowed-failure").outcome is Outcome.FAILED


def test_forgiven_run_beside_one_that_counts_is_no_finding() -> None:
    flow = workflow("pytest", "pytest --slow || true")

    assert inspected(TEST | flow, "tests/swallowed-failure").outcome is Outcome.PASSED


def test_unknown_test_path_names_the_nearest() -> None:
    (finding,) = inspected(TEST | workflow("pytest test/"), "tests/unknown-test-path").findings

    assert "`test/`" in finding.message


@pytest.mark.parametrize("run", ["pytest", "pytest tests/test_a.py::test_a", "pytest -k unit -m slow", "pytest $WHERE"])
def test_path_that_exists_or_is_none_holds(run: str) -> None:
    assert inspected(TEST | workflow(run), "tests/unknown-test-path").outcome is Outcome.PASSED


def test_working_directory_is_where_the_path_is_looked_for() -> None:
    flow = workflow("pytest tests", before="    defaults:\n      run:\n        working-directory: backend\n")
    files = {"backend/tests/test_a.py": TEST["tests/test_a.py"]}

    assert inspected(files | flow, "tests/unknown-test-path").outcome is Outcome.PASSED


def test_coroutine_needs_a_plugin_unless_unittest_runs_it() -> None:
    manifest = {"requirements-dev.txt": "pytest==8.3.4\n"}
    alone = {"tests/test_a.py": "async def test_a():\n    assert True is not None\n"}
    unittest = {
        "tests/test_a.py": "import unittest\nclass A(unittest.IsolatedAsyncioTestCase):\n"
        "    async def test_a(self):\n        self.assertTrue(1)\n"
    }

    assert inspected(manifest | alone, "tests/missing-test-plugin").outcome is not Outcome.PASSED
    assert not inspected(manifest | unittest, "tests/missing-test-plugin").findings


def test_plugin_that_the_pipeline_installs_counts() -> None:
    files = (
        TEST | workflow("pip install pytest pytest-cov", "pytest --cov=app") | {"requirements.txt": "flask==3.0.0\n"}
    )

    assert inspected(files, "tests/missing-test-plugin").outcome is Outcome.PASSED
