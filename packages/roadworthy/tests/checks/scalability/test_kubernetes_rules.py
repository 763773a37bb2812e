"""Replicas, limits, selectors and grace periods of Kubernetes workloads."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: api
          image: ghcr.io/acme/api:1
          command: [gunicorn, app, --graceful-timeout, "30"]
          lifecycle: {preStop: {sleep: {seconds: 10}}}
          resources: {limits: {memory: 256Mi}}
"""
_SERVICE = (
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec:\n  selector: {app: api}\n  ports: [{port: 80}]\n"
)
_SCALER = (
    "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: api}\n"
    "spec: {minReplicas: 3, maxReplicas: 9, scaleTargetRef: {kind: Deployment, name: api}}\n"
)
_RULES = ["single-replica", "unbounded-resources", "selector-mismatch", "short-grace"]


def result(text: str, rule: str, **more: str) -> Result:
    files = {"k8s/api.yaml": text, "api/Dockerfile": "FROM python:3.12\nCMD x\n"}
    return inspected(files | more, f"scalability/{rule}")


@pytest.mark.parametrize("rule", _RULES)
def test_sound_manifest_passes(rule: str) -> None:
    assert result(_DEPLOYMENT + _SERVICE, rule).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("single-replica", "replicas: 2", "replicas: 1"),
        ("single-replica", "  replicas: 2\n", ""),
        ("unbounded-resources", "limits: {memory: 256Mi}", "requests: {memory: 256Mi}"),
        ("selector-mismatch", "selector: {app: api}", "selector: {app: apis}"),
        ("selector-mismatch", "matchLabels: {app: api}", "matchLabels: {app: web}"),
        ("short-grace", "terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 35"),
        ("short-grace", "      terminationGracePeriodSeconds: 60\n", ""),
    ],
)
def test_each_defect_is_found(rule: str, old: str, new: str) -> None:
    broken = (_DEPLOYMENT + _SERVICE).replace(old, new)

    assert broken != _DEPLOYMENT + _SERVICE
    assert result(broken, rule).outcome is Outcome.FAILED


def test_an_autoscaler_keeps_the_replicas() -> None:
    assert (
        result(_DEPLOYMENT.replace("replicas: 2", "replicas: 1") + _SCALER, "single-replica").outcome is Outcome.PASSED
    )


def test_a_patched_workload_is_judged_as_it_is_deployed() -> None:
    files = {
        "k8s/base/api.yaml": _DEPLOYMENT.replace("replicas: 2", "replicas: 1"),
        "k8s/base/kustomization.yaml": "resources: [api.yaml]\n",
        "k8s/prod/kustomization.yaml": "resources: [../base]\npatches:\n  - target: {kind: Deployment, name: api}\n"
        "    patch: |-\n      - {op: replace, path: /spec/replicas, value: 3}\n",
        "api/Dockerfile": "FROM python:3.12\nCMD x\n",
    }

    assert inspected(files, "scalability/single-replica").outcome is Outcome.PASSED


def test_a_patch_that_cannot_be_followed_leaves_the_workload_open() -> None:
    files = {
        "k8s/base/api.yaml": _DEPLOYMENT.replace("replicas: 2", "replicas: 1"),
        "k8s/base/kustomization.yaml": "resources: [api.yaml]\n",
        "k8s/prod/kustomization.yaml": "resources: [../base]\npatches:\n  - target: {kind: Deployment, name: api}\n"
        "    path: generated-elsewhere.yaml\n",
        "api/Dockerfile": "FROM python:3.12\nCMD x\n",
    }

    assert inspected(files, "scalability/single-replica").outcome is Outcome.INCONCLUSIVE


def test_replicas_of_a_kustomization_count() -> None:
    more = {"k8s/kustomization.yaml": "resources: [api.yaml]\nreplicas: [{name: api, count: 3}]\n"}

    assert result(_DEPLOYMENT.replace("replicas: 2", "replicas: 1"), "single-replica", **more).outcome is Outcome.PASSED


def test_limits_that_the_namespace_gives_are_not_judged() -> None:
    text = (
        _DEPLOYMENT.replace("limits: {memory: 256Mi}", "{}")
        + "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: x}\n"
    )

    assert result(text, "unbounded-resources").outcome is Outcome.INCONCLUSIVE


def test_a_service_for_pods_of_an_operator_is_not_judged() -> None:
    other = "---\napiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec:\n  selector: {cnpg.io/cluster: db}\n  ports: [{port: 5432}]\n"

    assert result(_DEPLOYMENT + other, "selector-mismatch").outcome is Outcome.INCONCLUSIVE


def test_overlay_for_development_may_run_one() -> None:
    files = {"k8s/overlays/dev/api.yaml": _DEPLOYMENT.replace("replicas: 2", "replicas: 1")}

    assert inspected(files, "scalability/single-replica").outcome is Outcome.NOT_APPLICABLE
