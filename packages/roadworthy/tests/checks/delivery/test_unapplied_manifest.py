"""Manifests that nothing applies, and names of manifests that are not there."""

import pytest

from releasing import deployment, kustomization, runs, workflow
from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/unapplied-manifest"
BUDGET = {
    "deploy/budget.yaml": "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: shop\nspec:\n  minAvailable: 1\n"
}


def test_manifest_beside_those_of_a_kustomization_is_found() -> None:
    (finding,) = inspected(deployment() | BUDGET | kustomization("shop.yaml"), RULE).findings

    assert finding.at is not None
    assert finding.at.path == "deploy/budget.yaml"
    assert [related.at.path for related in finding.related] == ["deploy/kustomization.yaml"]


def test_manifest_beside_files_a_pipeline_applies_is_found() -> None:
    files = workflow(*runs("kubectl apply -f deploy/shop.yaml")) | deployment() | BUDGET

    (finding,) = inspected(files, RULE).findings

    assert [related.at.line for related in finding.related] == [7]


@pytest.mark.parametrize(
    "more",
    [
        kustomization("shop.yaml", "budget.yaml"),
        workflow(*runs("kubectl apply -f deploy/")),
        workflow(*runs("kubectl apply -f deploy/shop.yaml -f deploy/budget.yaml")),
        workflow(*runs("kubectl apply -f deploy/shop.yaml", "envsubst < deploy/budget.yaml | kubectl apply -f -")),
        kustomization("shop.yaml") | kustomization("../deploy", "../deploy/budget.yaml", folder="prod"),
    ],
)
def test_manifest_that_something_applies_holds(more: dict[str, str]) -> None:
    result = inspected(deployment() | BUDGET | more, RULE)

    assert not result.findings


@pytest.mark.parametrize(
    "more",
    [
        {"deploy/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\nstringData:\n  A: b\n"},
        BUDGET | {"argocd/app.yaml": "a: b\n"},
        BUDGET | {"README.md": "```sh\nkubectl apply -f deploy/budget.yaml\n```\n"},
    ],
)
def test_manifest_that_may_be_applied_otherwise_is_left_open(more: dict[str, str]) -> None:
    assert inspected(deployment() | kustomization("shop.yaml") | more, RULE).outcome is Outcome.INCONCLUSIVE


def test_file_a_kustomization_names_must_be_there() -> None:
    (finding,) = inspected(deployment() | kustomization("shop.yaml", "service.yaml"), RULE).findings

    assert "deploy/service.yaml" in finding.message


def test_folder_a_pipeline_applies_must_be_there() -> None:
    assert inspected(workflow(*runs("kubectl apply -f k8s/")) | deployment(), RULE).outcome is Outcome.FAILED
    assert not inspected(workflow(*runs('kubectl apply -f "$DIR/"')) | deployment(), RULE).findings


def test_folder_without_a_list_is_not_judged() -> None:
    assert inspected(deployment() | BUDGET, RULE).outcome is Outcome.NOT_APPLICABLE
