"""Where stores keep their data."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "scalability/lost-storage"


def compose(more: str, image: str = "postgres:16") -> Outcome:
    return inspected({"compose.yaml": f"services:\n  db:\n    image: {image}\n{more}"}, _RULE).outcome


@pytest.mark.parametrize(
    "more",
    [
        "",
        "    volumes: ['./init.sql:/docker-entrypoint-initdb.d/init.sql']\n",
        "    tmpfs: [/var/lib/postgresql/data]\n",
        "    volumes: [/var/lib/postgresql/data]\n",
    ],
)
def test_data_that_end_with_the_container_are_found(more: str) -> None:
    assert compose(more) is Outcome.FAILED


@pytest.mark.parametrize(
    "more",
    [
        "    volumes: ['d:/var/lib/postgresql/data']\n",
        "    volumes: ['./data:/var/lib/postgresql']\n",
        "    volumes: [{type: volume, source: d, target: /var/lib/postgresql/data}]\n",
    ],
)
def test_volumes_that_last_hold(more: str) -> None:
    assert compose(more) is Outcome.PASSED


def test_a_volume_elsewhere_is_not_judged() -> None:
    assert compose("    environment: {PGDATA: /data}\n    volumes: ['d:/data']\n") is Outcome.INCONCLUSIVE


def test_caches_may_forget() -> None:
    assert compose("", "redis:7") is Outcome.NOT_APPLICABLE


def test_store_for_tests_may_forget() -> None:
    files = {"compose.yaml": "services:\n  db:\n    image: postgres:16\n    profiles: [test]\n"}

    assert inspected(files, _RULE).outcome is Outcome.NOT_APPLICABLE


def kubernetes(volume: str) -> Outcome:
    text = (
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  template:\n    spec:\n      containers:\n"
        "        - name: db\n          image: postgres:16\n"
        "          volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]\n"
    )
    return inspected({"k8s/db.yaml": text + volume}, _RULE).outcome


def test_an_empty_folder_of_the_pod_is_found() -> None:
    assert kubernetes("      volumes: [{name: data, emptyDir: {}}]\n") is Outcome.FAILED


def test_claims_hold() -> None:
    assert kubernetes("      volumes: [{name: data, persistentVolumeClaim: {claimName: x}}]\n") is Outcome.PASSED
    assert kubernetes("  volumeClaimTemplates: [{metadata: {name: data}}]\n") is Outcome.PASSED
