"""Jobs that deploy, jobs that pretend to, and what steps call."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

HEAD = "on: {on}\njobs:\n  test:\n    steps:\n      - uses: actions/checkout@v4\n      - run: pytest\n"
GUARD = "delivery/unguarded-deploy"


def flow(*jobs: str, on: str = "push") -> dict[str, str]:
    """Return a workflow with a job of tests and these."""
    return {".github/workflows/ci.yml": HEAD.format(on=on) + "".join(jobs)}


def job(name: str, run: str, needs: str = "") -> str:
    """Return one job."""
    checkout = "      - uses: actions/checkout@v4\n"
    return f"  {name}:\n    needs: [{needs}]\n    steps:\n{checkout}      - run: {run}\n"


def test_deploy_beside_the_tests_is_shown_with_both_jobs() -> None:
    (finding,) = inspected(flow(job("deploy", "helm upgrade a b")), GUARD).findings

    assert finding.at is not None
    assert finding.at.line == 7
    assert [related.at.line for related in finding.related] == [6]


@pytest.mark.parametrize(
    "jobs",
    [
        (job("deploy", "helm upgrade a b", "test"),),
        (job("image", "docker build .", "test"), job("deploy", "kubectl apply -f x", "image")),
        ("  deploy:\n    steps:\n      - run: pytest\n      - run: kubectl apply -f x\n",),
    ],
)
def test_deploy_behind_the_tests_holds(jobs: tuple[str, ...]) -> None:
    assert inspected(flow(*jobs), GUARD).outcome is Outcome.PASSED


def test_release_by_hand_is_not_judged() -> None:
    other = {".github/workflows/release.yml": "on: release\njobs:\n" + job("publish", "uv publish")}

    assert inspected(flow() | other, GUARD).outcome is Outcome.INCONCLUSIVE


def test_dry_run_deploys_nothing() -> None:
    assert inspected(flow(job("lint", "kubectl apply --dry-run=client -f x")), GUARD).outcome is Outcome.NOT_APPLICABLE


def test_job_that_prints_and_works_is_no_placeholder() -> None:
    text = "  deploy:\n    steps:\n      - run: echo go\n      - run: ./deploy.sh\n"

    assert inspected(flow(text), "delivery/placeholder-job").outcome is Outcome.PASSED


def test_npm_script_that_is_missing_names_the_nearest() -> None:
    files = flow(job("build", "npm run biuld")) | {"package.json": '{"scripts": {"build": "x"}}'}

    (finding,) = inspected(files, "delivery/unknown-script").findings

    assert [related.at.path for related in finding.related] == ["package.json"]


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("make out.txt", {"Makefile": "%.txt:\n\ttouch $@\n"}),
        ("make a", {"Makefile": "include other.mk\n"}),
        ("bash get.sh", {}),
    ],
)
def test_open_set_of_names_is_not_judged(run: str, files: dict[str, str]) -> None:
    fetched = "  x:\n    steps:\n      - uses: actions/checkout@v4\n      - run: curl -o get.sh https://e.org\n"

    result = inspected(flow(fetched + f"      - run: {run}\n") | files, "delivery/unknown-script")

    assert result.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("files", "holds"),
    [
        ({"pyproject.toml": '[project]\nname="a"\ndependencies=["flask"]\n', "uv.lock": ""}, True),
        ({"pyproject.toml": '[project]\nname="a"\ndependencies=["flask"]\n'}, False),
        ({"requirements.txt": "flask==3.0.0\n"}, True),
        ({"requirements.txt": "flask>=3\n"}, False),
        ({"package.json": '{"dependencies": {"express": "^4"}}', "yarn.lock": ""}, True),
        ({"web/package.json": '{"dependencies": {"express": "^4"}}', "pnpm-lock.yaml": ""}, True),
    ],
)
def test_versions_are_fixed_by_a_lock_or_by_themselves(files: dict[str, str], *, holds: bool) -> None:
    outcome = inspected(files, "delivery/missing-lockfile").outcome

    assert outcome is (Outcome.PASSED if holds else Outcome.FAILED)


def test_reusable_workflow_is_guarded_by_what_its_callers_need() -> None:
    reused = {
        ".github/workflows/go.yml": "on: workflow_call\njobs:\n  go:\n    steps:\n      - run: helm upgrade a b\n",
    }
    calling = "  deploy:\n    needs: [{needs}]\n    uses: ./.github/workflows/go.yml\n"

    assert inspected(flow(calling.format(needs="test")) | reused, GUARD).outcome is Outcome.PASSED
    assert inspected(flow(calling.format(needs="")) | reused, GUARD).outcome is not Outcome.PASSED


def test_job_that_only_looks_at_a_release_build_deploys_nothing() -> None:
    text = job("clippy-release", "make clippy_release")

    assert inspected(flow(text), GUARD).outcome is Outcome.NOT_APPLICABLE
