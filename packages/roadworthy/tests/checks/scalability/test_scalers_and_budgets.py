"""Autoscalers, budgets and timers against the workloads they are meant for."""

import pytest

from repository import example, inspected
from roadworthy.checks.scalability import duplicated_scheduler, missing_autoscaler, missing_disruption_budget
from roadworthy.model.words import Outcome

SCALED = example(missing_autoscaler.__doc__ or "", "Passes")
GUARDED = example(missing_disruption_budget.__doc__ or "", "Passes")
TIMED = example(duplicated_scheduler.__doc__ or "", "Fails")


def changed(files: dict[str, str], path: str, old: str, new: str) -> dict[str, str]:
    assert old in files[path]
    return files | {path: files[path].replace(old, new)}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("k8s/autoscaler.yaml", "    name: api\n", "    name: api-server\n"),
        ("k8s/autoscaler.yaml", "kind: Deployment", "kind: StatefulSet"),
        ("k8s/autoscaler.yaml", "  name: api\nspec", "  name: api\n  namespace: other\nspec"),
        ("k8s/api.yaml", "requests: {cpu: 100m, memory: 128Mi}", "requests: {memory: 128Mi}"),
        ("k8s/api.yaml", "\n          resources:\n            requests: {cpu: 100m, memory: 128Mi}", ""),
    ],
)
def test_an_autoscaler_that_can_scale_nothing_is_found_with_both_sides(path: str, old: str, new: str) -> None:
    files = SCALED
    if "namespace" in new:
        files = changed(files, "k8s/api.yaml", "  name: api\nspec", "  name: api\n  namespace: orders\nspec")

    result = inspected(changed(files, path, old, new), "scalability/missing-autoscaler")

    assert result.outcome is Outcome.FAILED
    assert result.findings[0].related


def test_an_autoscaler_of_something_that_is_elsewhere_is_left_open() -> None:
    alone = {path: text for path, text in SCALED.items() if path != "k8s/api.yaml"}

    assert inspected(alone, "scalability/missing-autoscaler").outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("limit", ["minAvailable: 2", "minAvailable: 100%", "maxUnavailable: 0"])
def test_a_budget_that_lets_no_pod_go_is_found(limit: str) -> None:
    files = changed(GUARDED, "k8s/budget.yaml", "minAvailable: 1", limit)

    assert inspected(files, "scalability/missing-disruption-budget").outcome is Outcome.FAILED


@pytest.mark.parametrize("limit", ["minAvailable: 50%", "maxUnavailable: 1", "maxUnavailable: 25%"])
def test_a_budget_that_lets_one_go_is_sound(limit: str) -> None:
    files = changed(GUARDED, "k8s/budget.yaml", "minAvailable: 1", limit)

    assert inspected(files, "scalability/missing-disruption-budget").outcome is Outcome.PASSED


def test_workers_and_replicas_double_a_timer_and_a_lock_leaves_it_open() -> None:
    rule = "scalability/duplicated-scheduler"
    once = changed(TIMED, "compose.yaml", "replicas: 3", "replicas: 1")
    workers = changed(once, "Dockerfile", '"0.0.0.0"]', '"0.0.0.0", "--workers", "4"]')
    locked = changed(
        TIMED, "app/main.py", "scheduler.start()", "if pg_try_advisory_lock(1):\n        scheduler.start()"
    )

    assert inspected(TIMED, rule).outcome is Outcome.FAILED
    assert inspected(once, rule).outcome is Outcome.PASSED
    assert inspected(workers, rule).outcome is Outcome.FAILED
    assert inspected(locked, rule).outcome is Outcome.INCONCLUSIVE


def test_two_celery_beats_are_found() -> None:
    text = "services:\n  beat:\n    build: .\n    command: celery -A app beat\n    deploy: {replicas: COUNT}\n"
    files = {"Dockerfile": "FROM python:3.12\nCOPY app app\n", "app/__init__.py": "import celery\n"}
    several, one = ({"compose.yaml": text.replace("COUNT", count)} | files for count in ("2", "1"))

    assert inspected(several, "scalability/duplicated-scheduler").outcome is Outcome.FAILED
    assert inspected(one, "scalability/duplicated-scheduler").outcome is not Outcome.FAILED
