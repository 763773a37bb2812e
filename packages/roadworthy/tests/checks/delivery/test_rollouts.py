"""Releases that wait, go back and ask, and those that do not."""

import pytest

from releasing import deployment, kustomization, runs, script, workflow
from repository import inspected
from roadworthy.model.words import Outcome

APPLY = "kubectl --namespace shop apply -f deploy/"
STATUS = "kubectl --namespace shop rollout status deployment/shop --timeout=60s"
UNDO = "kubectl --namespace shop rollout undo deployment/shop"
ASK = "curl --fail https://shop.example.org/health"
WAITS, BACK, ASKS = "delivery/unawaited-rollout", "delivery/missing-rollback", "delivery/missing-smoke-test"


@pytest.mark.parametrize(
    "command",
    [
        APPLY,
        "kubectl set image deployment/shop shop=ghcr.io/acme/shop:2 -n shop",
        "kubectl rollout restart deployment/shop -n shop",
        "kubectl apply -k deploy -n shop",
        "helm upgrade --install shop ./chart",
        "aws ecs update-service --cluster c --service s",
        "ssh ops@host 'kubectl -n shop apply -f deploy/shop.yaml'",
    ],
)
def test_rollout_nobody_waits_for_is_found(command: str) -> None:
    files = workflow(*runs(command)) | deployment() | kustomization("shop.yaml")

    (finding,) = inspected(files, WAITS).findings

    assert finding.at is not None
    assert (finding.at.path, finding.at.line) == (".github/workflows/release.yml", 7)


@pytest.mark.parametrize(
    "steps",
    [
        (APPLY, STATUS),
        ("helm upgrade --install --wait shop ./chart",),
        ("helm upgrade --atomic shop ./chart",),
        ("flyctl deploy --remote-only",),
        ("aws ecs update-service --cluster c --service s", "aws ecs wait services-stable --cluster c"),
        (APPLY, "kubectl -n shop wait --for=condition=available deployment/shop"),
    ],
)
def test_rollout_that_is_waited_for_holds(steps: tuple[str, ...]) -> None:
    assert inspected(workflow(*runs(*steps)) | deployment(), WAITS).outcome is Outcome.PASSED


def test_waiting_in_a_job_behind_it_counts() -> None:
    behind = f"  check:\n    needs: deploy\n    steps:\n      - run: {STATUS}\n"

    assert inspected(workflow(*runs(APPLY), more=behind) | deployment(), WAITS).outcome is Outcome.PASSED


def test_waiting_for_a_job_is_not_waiting_for_the_rollout() -> None:
    steps = (APPLY, "kubectl -n shop wait --for=condition=complete job/shop-migrate")

    assert inspected(workflow(*runs(*steps)) | deployment(), WAITS).outcome is Outcome.FAILED


@pytest.mark.parametrize("step", ["uses: acme/wait-for-rollout@v1", "run: python deploy/check.py"])
def test_step_that_may_wait_unseen_leaves_it_open(step: str) -> None:
    files = workflow(*runs(APPLY), step) | deployment()

    assert inspected(files, WAITS).outcome is Outcome.INCONCLUSIVE


def test_what_rolls_nothing_out_is_not_examined() -> None:
    space = {"deploy/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"}
    steps = runs("kubectl apply -f deploy/namespace.yaml", "kubectl apply -k deploy --dry-run=server")

    assert inspected(workflow(*steps) | space | deployment(), WAITS).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("call", ["scripts/deploy.sh", "bash ./scripts/deploy.sh prod", "make release"])
def test_script_and_target_are_followed(call: str) -> None:
    files = workflow(*runs(call)) | deployment() | {"Makefile": "release:\n\t./scripts/deploy.sh\n"}

    (finding,) = inspected(files | script(APPLY), WAITS).findings

    assert finding.at is not None
    assert finding.at.path == "scripts/deploy.sh"
    assert inspected(files | script(APPLY, STATUS), WAITS).outcome is Outcome.PASSED


def test_function_and_array_that_stand_for_kubectl_are_followed() -> None:
    function = (
        'kube() {\n  kubectl --namespace shop "$@"\n}',
        "kube apply -f deploy/",
        "kube rollout status deploy/shop",
    )
    array = ("k=(kubectl --namespace shop)", '"${k[@]}" apply -f deploy/', '"${k[@]}" rollout status deploy/shop')

    for lines in (function, array):
        assert inspected(workflow(*runs("scripts/deploy.sh")) | deployment() | script(*lines), WAITS).outcome is (
            Outcome.PASSED
        )


def test_local_action_and_reusable_workflow_are_followed() -> None:
    action = {
        ".github/actions/go/action.yml": f"runs:\n  using: composite\n  steps:\n    - run: {APPLY}\n      shell: sh\n"
    }
    reused = {
        ".github/workflows/go.yml": f"on: workflow_call\njobs:\n  go:\n    steps:\n      - uses: actions/checkout@v4\n"
        f"      - run: {APPLY}\n"
    }
    calling = {".github/workflows/ci.yml": "on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/go.yml\n"}

    assert inspected(workflow("uses: ./.github/actions/go") | action | deployment(), WAITS).outcome is Outcome.FAILED
    assert inspected(calling | reused | deployment(), WAITS).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "more",
    [
        workflow(*runs(APPLY, STATUS, UNDO)),
        workflow(*runs(APPLY)) | {"docs/runbook.md": f"# Back\n\n```sh\n{UNDO}\n```\n"},
        workflow(*runs(APPLY)) | script(UNDO, path="scripts/rollback.sh"),
        workflow(*runs("helm upgrade --atomic shop ./chart")),
    ],
)
def test_way_back_counts_wherever_it_stands(more: dict[str, str]) -> None:
    assert inspected(more | deployment(), BACK).outcome is Outcome.PASSED


def test_release_without_a_way_back_is_found() -> None:
    (finding,) = inspected(workflow(*runs(APPLY, STATUS)) | deployment(), BACK).findings

    assert finding.related[0].at.line == 8


def test_question_must_stand_behind_the_rollout() -> None:
    assert inspected(workflow(*runs(ASK, APPLY)) | deployment(), ASKS).outcome is Outcome.FAILED
    assert inspected(workflow(*runs(APPLY, ASK)) | deployment(), ASKS).outcome is Outcome.PASSED


def test_question_of_another_environment_does_not_count() -> None:
    production = f"  production:\n    needs: deploy\n    steps:\n      - uses: actions/checkout@v4\n      - run: {APPLY}\n      - run: {ASK}\n"

    result = inspected(
        workflow(*runs("kubectl set image deploy/shop a=b -n stage"), more=production) | deployment(), ASKS
    )

    assert [finding.at.line for finding in result.findings if finding.at] == [7]
