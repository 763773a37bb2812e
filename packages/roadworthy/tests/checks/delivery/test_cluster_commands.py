"""Commands that speak to a cluster: in which namespace, about which workload."""

import pytest

from releasing import deployment, kustomization, runs, script, workflow
from repository import inspected
from roadworthy.model.words import Outcome

SPACE, NAME = "delivery/unqualified-command", "delivery/unknown-workload"


@pytest.mark.parametrize(
    "command",
    [
        "kubectl rollout status deployment/shop",
        "kubectl rollout undo deploy shop",
        "kubectl --context prod set image deployment/shop shop=x:1",
        "kubectl exec deploy/shop -- ls",
        "kubectl --namespace default logs deployment/shop",
        "kubectl scale --replicas=3 deployment shop",
    ],
)
def test_command_outside_the_namespace_of_the_manifest_is_found(command: str) -> None:
    (finding,) = inspected(workflow(*runs(command)) | deployment(), SPACE).findings

    assert [related.at.path for related in finding.related] == ["deploy/shop.yaml"]
    assert "--namespace shop" in finding.repair


@pytest.mark.parametrize(
    "commands",
    [
        ("kubectl -n shop rollout status deployment/shop",),
        ("kubectl --namespace=shop rollout status deployment/shop",),
        ("kubectl config set-context --current --namespace=shop", "kubectl rollout status deployment/shop"),
        ("kubectl -n $NAMESPACE rollout status deployment/shop",),
    ],
)
def test_command_that_says_where_holds(commands: tuple[str, ...]) -> None:
    assert inspected(workflow(*runs(*commands)) | deployment(), SPACE).outcome is Outcome.PASSED


def test_runbook_and_script_are_read_as_well() -> None:
    runbook = {"docs/runbook.md": "# Back\n\n```sh\nkubectl rollout undo deployment/shop\n```\n"}

    for files in (runbook, script("kubectl rollout undo deployment/shop", path="scripts/back.sh")):
        assert inspected(files | workflow() | deployment(), SPACE).outcome is Outcome.FAILED


def test_namespace_of_a_kustomization_counts() -> None:
    plain = {"deploy/shop.yaml": deployment()["deploy/shop.yaml"].replace("  namespace: shop\n", "")}
    files = workflow(*runs("kubectl rollout status deployment/shop")) | plain

    assert inspected(files, SPACE).outcome is Outcome.NOT_APPLICABLE
    assert inspected(files | kustomization("shop.yaml", more="namespace: shop\n"), SPACE).outcome is Outcome.FAILED


def test_workload_no_manifest_defines_is_found_with_the_nearest() -> None:
    files = workflow(*runs("kubectl -n shop rollout status deployment/shop-api")) | deployment()

    (finding,) = inspected(files, NAME).findings

    assert "`shop`" in finding.message
    assert [related.at.path for related in finding.related] == ["deploy/shop.yaml"]


@pytest.mark.parametrize(
    "more",
    [
        {"chart/Chart.yaml": "name: shop\nversion: 1.0.0\n"},
        kustomization("shop.yaml", "https://example.org/base"),
        kustomization("shop.yaml", more="namePrefix: blue-\n"),
    ],
)
def test_manifests_from_elsewhere_leave_it_open(more: dict[str, str]) -> None:
    files = workflow(*runs("kubectl -n shop rollout status deployment/shopp")) | deployment()

    assert inspected(files | more, NAME).outcome is Outcome.INCONCLUSIVE


def test_without_manifests_nothing_is_examined() -> None:
    assert inspected(workflow(*runs("kubectl rollout status deployment/shop")), SPACE).outcome is Outcome.NOT_APPLICABLE
