"""Patched manifests are judged as they are deployed."""

import pytest

from repository import gathered, inspected
from roadworthy.model.detail.workload import Workload, WorkloadChosen
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Outcome

_BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {app: api}}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      terminationGracePeriodSeconds: 30
      containers:
        - name: api
          image: ghcr.io/acme/api:1
          env: [{name: LEVEL, value: info}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  minReplicas: 2
"""
_FILES = {
    "k8s/base/kustomization.yaml": "resources: [api.yaml]\n",
    "k8s/base/api.yaml": _BASE,
    "api/Dockerfile": 'FROM python:3.12-slim\nCMD ["python", "-m", "app"]\n',
}
_HEAD = "resources: [../../base]\n"


def _deployed(kustomization: str, **more: str) -> Workload:
    files = {**_FILES, "k8s/overlays/production/kustomization.yaml": _HEAD + kustomization}
    files |= {f"k8s/overlays/production/{name}.yaml": text for name, text in more.items()}
    (workload,) = [s.detail for s in gathered(files).symbols if isinstance(s.detail, Workload)]
    return workload


@pytest.mark.parametrize(
    "kustomization",
    [
        "patches:\n  - target: {kind: Deployment}\n    patch: '[{op: replace, path: /spec/replicas, value: 5}]'\n",
        "patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: api}\n"
        "      spec: {replicas: 5}\n",
        "patches: [{path: more.yaml}]\n",
        "patchesStrategicMerge: [more.yaml]\n",
        "replicas: [{name: api, count: 5}]\n",
        "patches:\n  - {target: {labelSelector: app=api, kind: Deploy.*}, path: step.yaml}\n",
    ],
)
def test_the_number_of_replicas_is_that_of_the_overlay(kustomization: str) -> None:
    more = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {replicas: 5}\n"

    found = _deployed(kustomization, more=more, step="[{op: add, path: /spec/replicas, value: 5}]\n")

    assert found.replicas == 5
    assert (found.image, found.grace_seconds) == ("ghcr.io/acme/api:1", 30)


def test_one_replica_that_the_overlay_asks_for_is_found_with_both_places() -> None:
    patch = (
        "patches:\n  - target: {kind: HorizontalPodAutoscaler, name: api}\n    patch: |\n"
        "      - {op: replace, path: /spec/minReplicas, value: 1}\n"
    )
    files = {**_FILES, "k8s/overlays/production/kustomization.yaml": _HEAD + patch}

    assert inspected(files, "scalability/single-replica").outcome is Outcome.FAILED


def test_staging_does_not_decide_where_there_is_production() -> None:
    one = "patches:\n  - target: {kind: Deployment}\n    patch: '[{op: remove, path: /spec/template/spec/containers/0}]'\n"
    files = {
        **_FILES,
        "k8s/overlays/production/kustomization.yaml": _HEAD,
        "k8s/overlays/staging/kustomization.yaml": _HEAD + one,
    }

    facts = gathered(files)

    assert not facts.openings(Kind.SERVICE, "api")
    assert [s.detail.replicas for s in facts.symbols if isinstance(s.detail, Workload)] == [2]


def test_two_places_of_production_that_disagree_leave_it_open() -> None:
    patch = "patches:\n  - target: {kind: Deployment}\n    patch: '[{op: replace, path: /spec/replicas, value: 1}]'\n"
    files = {
        **_FILES,
        "k8s/overlays/prod-eu/kustomization.yaml": _HEAD + patch,
        "k8s/overlays/prod-us/kustomization.yaml": _HEAD,
    }

    assert gathered(files).openings(Kind.SERVICE, "api")


def test_a_step_that_leads_nowhere_leaves_it_open() -> None:
    patch = (
        "patches:\n  - target: {kind: Deployment}\n    patch: '[{op: replace, path: /spec/strategy/type, value: x}]'\n"
    )
    files = {**_FILES, "k8s/overlays/production/kustomization.yaml": _HEAD + patch}

    assert gathered(files).openings(Kind.SERVICE, "api")


def test_the_items_of_a_list_are_merged_by_their_names() -> None:
    more = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {template: {spec: {containers: [\n"
        "  {name: api, resources: {limits: {memory: 1Gi}}}]}}}\n"
    )

    found = _deployed("patches: [{path: more.yaml}]\n", more=more)

    assert (found.image, found.resources.memory_limit) == ("ghcr.io/acme/api:1", "1Gi")


def test_what_a_patch_deletes_is_gone() -> None:
    patch = (
        "patches:\n  - target: {kind: HorizontalPodAutoscaler}\n    patch: '[{op: remove, path: /spec/minReplicas}]'\n"
    )
    files = {**_FILES, "k8s/overlays/production/kustomization.yaml": _HEAD + patch}

    (scaler,) = [s.detail for s in gathered(files).symbols if isinstance(s.detail, WorkloadChosen)]

    assert scaler.minimum == 1
