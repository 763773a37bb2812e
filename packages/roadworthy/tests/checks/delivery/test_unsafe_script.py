"""Lines of a release whose failure is lost."""

import pytest

from releasing import deployment, runs, script, workflow
from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/unsafe-script"
APPLY, SAY = "kubectl -n shop apply -f deploy/", 'echo "Deployed successfully"'


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (":", (APPLY, SAY)),
        ("set -uo pipefail", (APPLY, SAY)),
        ("set +e", (APPLY, SAY)),
        ("set -e", (f"{APPLY} || true", SAY)),
        ("set -e", (f"{APPLY} || echo failed", SAY)),
        ("set -e", (f"{APPLY} | tee deploy.log", SAY)),
        ("set -e", (APPLY, "kubectl -n shop rollout status deploy/shop || true", SAY)),
        (":", ("alembic upgrade head", "docker compose up -d", SAY)),
    ],
)
def test_line_whose_failure_is_lost_is_found(head: str, lines: tuple[str, ...]) -> None:
    (finding,) = inspected(deployment() | script(*lines, head=head), RULE).findings

    assert finding.at is not None
    assert finding.at.path == "scripts/deploy.sh"
    assert any(related.at.line == len(lines) + 2 for related in finding.related)


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("set -e", (APPLY, SAY)),
        ("set -Eeuo pipefail", (f"{APPLY} | tee deploy.log", SAY)),
        (":", (f"{APPLY} || exit 1", SAY)),
        (":", (f"if ! {APPLY}; then\n  exit 1\nfi", SAY)),
        (":", (APPLY, "if [ $? -ne 0 ]; then exit 1; fi", SAY)),
        ("set -e", ("kubectl create namespace shop || true", APPLY, SAY)),
        ("set -e", ("kubectl -n shop delete job x || true", APPLY)),
        (":", (APPLY,)),
    ],
)
def test_line_that_is_looked_at_holds(head: str, lines: tuple[str, ...]) -> None:
    result = inspected(deployment() | script(*lines, head=head), RULE)

    assert result.outcome is Outcome.PASSED, result.findings


def test_step_that_may_fail_is_found_where_it_stands() -> None:
    step = "run: scripts/deploy.sh\n        continue-on-error: true"

    (finding,) = inspected(workflow(step) | deployment() | script(APPLY), RULE).findings

    assert finding.at is not None
    assert finding.at.path == ".github/workflows/release.yml"


def test_script_of_developers_is_left_alone() -> None:
    files = script("uv run alembic upgrade head", "uvicorn app:app", head=":", path="scripts/dev.sh")

    assert inspected(files | workflow(*runs("pytest")), RULE).outcome is Outcome.NOT_APPLICABLE
