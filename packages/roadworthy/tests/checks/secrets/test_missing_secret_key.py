"""secrets/missing-secret-key."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "secrets/missing-secret-key"
POD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: acme/api:1.0
"""
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: api, namespace: shop}\nstringData: {API_TOKEN: x, DB_URL: y}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: api-config}\ndata: {LOG_LEVEL: info}\n"


def one(name: str, key: str, kind: str = "secretKeyRef") -> str:
    """Return a variable taken from one key."""
    return f"          env:\n            - name: X\n              valueFrom: {{{kind}: {{name: {name}, key: {key}}}}}\n"


@pytest.mark.parametrize("secret", ["k8s/secret.yaml", "k8s/secret.example.yaml"])
def test_key_that_the_object_lacks_fails_with_both_places(secret: str) -> None:
    result = inspected({"k8s/api.yaml": POD + one("api", "API_TOKN"), secret: SECRET}, RULE)

    (finding,) = result.findings
    assert finding.at is not None
    assert (finding.at.path, [r.at.path for r in finding.related]) == ("k8s/api.yaml", [secret])
    assert "`API_TOKEN`" in finding.message


@pytest.mark.parametrize(
    ("use", "near"),
    [
        (one("apis", "API_TOKEN"), "`api`"),
        (one("credentials", "API_TOKEN"), "`api`"),
        ("          envFrom:\n            - secretRef: {name: api-secret}\n", "`api`"),
        ("          envFrom:\n            - configMapRef: {name: api-configs}\n", "`api-config`"),
    ],
)
def test_object_of_another_name_fails(use: str, near: str) -> None:
    files = {"k8s/api.yaml": POD + use, "k8s/secret.yaml": SECRET, "k8s/config.yaml": CONFIG}

    result = inspected(files, RULE)

    assert result.outcome is Outcome.FAILED or "api-secret" in use
    assert all(near in finding.message for finding in result.findings)


def test_mounted_item_that_is_not_there_fails() -> None:
    volumes = (
        "          volumeMounts: [{name: keys, mountPath: /keys}]\n"
        "      volumes:\n        - name: keys\n          secret: {secretName: api, items: [{key: TOKEN, path: t}]}\n"
    )

    assert inspected({"k8s/api.yaml": POD + volumes, "k8s/secret.yaml": SECRET}, RULE).outcome is Outcome.FAILED


def test_secret_of_another_namespace_fails_unless_kustomize_sets_it() -> None:
    files = {"k8s/api.yaml": POD + one("api", "API_TOKEN"), "k8s/secret.yaml": SECRET.replace("shop", "default")}

    assert inspected(files, RULE).outcome is Outcome.FAILED
    files["k8s/kustomization.yaml"] = "namespace: shop\nresources: [api.yaml, secret.yaml]\n"
    assert inspected(files, RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "more",
    [
        {"k8s/kustomization.yaml": "secretGenerator:\n- name: api\n  literals: [API_TOKEN=x]\n"},
        {"README.md": "```sh\nkubectl -n shop create secret generic api --from-literal=API_TOKEN=x\n```\n"},
        {"deploy.sh": '#!/bin/sh\nkubectl create secret generic api --from-literal API_TOKEN="$TOKEN" --dry-run=client\n'},
        {"k8s/s.yaml": SECRET.replace("kind: Secret", "kind: SealedSecret").replace("stringData: ", "spec: {encryptedData: ")[:-1] + "}\n"},
        {"k8s/s.yaml": SECRET},
    ],
    ids=["kustomize", "document", "script", "sealed", "manifest"],
)  # fmt: skip
def test_key_that_something_makes_holds(more: dict[str, str]) -> None:
    assert inspected({"k8s/api.yaml": POD + one("api", "API_TOKEN"), **more}, RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"k8s/kustomization.yaml": "secretGenerator:\n- name: api\n  envs: [secrets.env]\n"},
        {"k8s/e.yaml": "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: api}\nspec: {dataFrom: [{}]}\n"},
        {"k8s/v.yaml": "apiVersion: a.b/v1\nkind: VaultStaticSecret\nmetadata: {name: v}\nspec: {destination: {name: api}}\n"},
        {"other/s.yaml": SECRET.replace("name: api,", "name: apj,")},
    ],
    ids=["nothing", "file", "external", "controller", "other folder"],
)  # fmt: skip
def test_object_made_elsewhere_cannot_be_told(more: dict[str, str]) -> None:
    files = {"k8s/api.yaml": POD + one("api", "API_TOKEN"), **more}

    assert inspected(files, RULE).outcome is Outcome.INCONCLUSIVE


def test_optional_key_is_not_asked_for() -> None:
    use = one("api", "NOPE").replace("key: NOPE", "key: NOPE, optional: true")

    assert inspected({"k8s/api.yaml": POD + use, "k8s/s.yaml": SECRET}, RULE).outcome is Outcome.NOT_APPLICABLE


COMPOSE = """services:
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/%s}
    secrets: [%s]
secrets:
  db_password: {file: ./db_password.txt}
"""


@pytest.mark.parametrize(
    ("file", "granted", "outcome"),
    [
        ("db_password", "db_password", Outcome.PASSED),
        ("password", "db_password", Outcome.FAILED),
        ("db_password", "db_passwort", Outcome.FAILED),
    ],
)
def test_secrets_of_compose_are_declared_and_mounted(file: str, granted: str, outcome: Outcome) -> None:
    assert inspected({"compose.yaml": COMPOSE % (file, granted)}, RULE).outcome is outcome
