"""What Kubernetes manifests are read as."""

import re

import yaml
from hypothesis import given
from hypothesis import strategies as st

from repository import gathered
from roadworthy.collect.kubernetes import manifest
from roadworthy.model.detail.environment import EnvironmentGiven, UrlParts
from roadworthy.model.detail.object_key import ObjectKey, ObjectKeyUse
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import Workload
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api, tier: web}}
    spec:
      terminationGracePeriodSeconds: 40
      containers:
        - name: api
          image: ghcr.io/acme/api:1
          ports: [{name: http, containerPort: 8000}]
          lifecycle: {preStop: {exec: {command: [sh, -c, sleep 5]}}}
          env:
            - {name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
            - {name: DATABASE_URL, value: "postgresql://app:$(PASSWORD)@db:5432/app"}
          livenessProbe: {httpGet: {path: /live, port: http}, timeoutSeconds: 2}
          readinessProbe: {exec: {command: [wget, -qO-, "http://localhost:8000/ready"]}}
          volumeMounts: [{name: files, mountPath: /files}]
      volumes: [{name: files, persistentVolumeClaim: {claimName: uploads}}]
"""


def symbols(text: str) -> list[Symbol]:
    file = SourceFile("k8s/all.yaml", text, FileRole.PROD)
    assert manifest.recognises(file)
    return [statement for statement in manifest.collect(file) if isinstance(statement, Symbol)]


def test_deployment_is_read_with_its_pod() -> None:
    found = symbols(_DEPLOYMENT)

    (workload,) = [s.detail for s in found if isinstance(s.detail, Workload)]
    mounts = [s.detail for s in found if s.kind is Kind.VOLUME]

    assert (workload.form, workload.replicas, workload.grace_seconds, workload.stop_delay_seconds) == (
        "deployment",
        2,
        40,
        5,
    )
    assert workload.selector == (("app", "api"),)
    assert workload.labels == (("app", "api"), ("tier", "web"))
    assert mounts == [Mount("claim", "/files", "uploads")]


def test_probes_say_what_they_ask() -> None:
    found = symbols(_DEPLOYMENT)

    asked = {str(s.name): s.detail for s in found if s.kind is Kind.PATH}
    ports = [(str(s.name), s.detail) for s in found if s.kind is Kind.PORT]

    assert asked == {
        "/live": ProbeUse("live", "http", "kubernetes", timeout_seconds=2.0),
        "/ready": ProbeUse("ready", "8000", "kubernetes"),
    }
    assert ("8000", PortUse("containerPort", name="http")) in ports
    assert ("http", PortUse("probe")) in ports


def test_init_containers_and_sidecars_are_running_things_of_their_own() -> None:
    text = _DEPLOYMENT.replace(
        "      volumes:",
        "        - {name: exporter, image: prom/statsd-exporter}\n"
        "      initContainers: [{name: migrate, image: ghcr.io/acme/api:1}]\n"
        "      volumes:",
    )

    found = {s.component: s.detail for s in symbols(text) if isinstance(s.detail, Workload)}

    assert found["api/migrate"].form == "init"
    assert found["api/migrate"].one_shot
    assert (found["api/exporter"].form, found["api/exporter"].pod) == ("sidecar", "api")


def test_secret_values_are_numbers_and_never_stand_in_facts() -> None:
    facts = gathered(
        {
            "k8s/all.yaml": _DEPLOYMENT
            + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata: {password: aHVudGVyMg==}\n"
            + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: other}\n"
            + "stringData: {url: 'postgresql://app:hunter2@db:5432/app'}\n"
        }
    )

    text = repr(facts)
    (url,) = [s.detail for s in facts.symbols if isinstance(s.detail, UrlParts)]
    given_ = {str(s.name): s.detail for s in facts.symbols if isinstance(s.detail, EnvironmentGiven)}
    keys = {str(s.name): s.detail for s in facts.symbols if isinstance(s.detail, ObjectKey)}

    assert "hunter2" not in text
    assert "aHVudGVyMg" not in text
    assert (url.host, url.port, url.user, url.database) == ("db", 5432, "app", "app")
    assert url.password == given_["PASSWORD"].secret == keys["db/password"].secret
    assert url.password is not None


def test_keys_of_config_maps_reach_the_containers_that_import_them() -> None:
    facts = gathered(
        {
            "k8s/all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {LOG_LEVEL: info}\n---\n"
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
            "      containers:\n        - {name: api, image: a, envFrom: [{configMapRef: {name: settings}}]}\n"
        }
    )

    (variable,) = facts.definitions(Kind.ENVIRONMENT, "api")

    assert str(variable.name) == "LOG_LEVEL"
    assert variable.detail == EnvironmentGiven("ConfigMap", "info", source="settings/LOG_LEVEL")


def test_an_object_that_is_not_in_the_repository_opens_the_set_of_variables() -> None:
    facts = gathered(
        {
            "k8s/all.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
            "      containers:\n        - {name: api, image: a, envFrom: [{secretRef: {name: vault}}]}\n"
        }
    )

    (opening,) = facts.openings(Kind.ENVIRONMENT, "api")

    assert "vault" in opening.reason


def test_secret_keys_are_referred_to_by_object_and_key() -> None:
    (use,) = [s for s in symbols(_DEPLOYMENT) if s.kind is Kind.SECRET_KEY]

    assert str(use.name) == "db/password"
    assert use.detail == ObjectKeyUse("Secret", "shop", variable="PASSWORD")


def test_patches_of_a_kustomization_change_the_workload_they_name() -> None:
    facts = gathered(
        {
            "k8s/base/kustomization.yaml": "resources: [api.yaml]\n",
            "k8s/base/api.yaml": _DEPLOYMENT,
            "k8s/overlays/prod/kustomization.yaml": "resources: [../../base]\npatches: [{path: replicas.yaml}]\n",
            "k8s/overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n"
            "spec: {replicas: 5}\n",
        }
    )

    workloads = [s for s in facts.symbols if isinstance(s.detail, Workload)]

    assert [w.detail.replicas for w in workloads if isinstance(w.detail, Workload)] == [5]
    assert not facts.openings(Kind.SERVICE, "api")


def test_a_helm_chart_opens_what_it_may_deploy_and_its_templates_are_no_problem() -> None:
    facts = gathered(
        {
            "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
            "chart/templates/deployment.yaml": "kind: Deployment\n{{- if .Values.on }}\nspec: {{ toYaml .Values }}\n{{- end }}",
        }
    )

    assert facts.openings(Kind.ENVIRONMENT, "anything")
    assert all(problem.role is not FileRole.PROD for problem in facts.problems)


_KEYS: tuple[str, ...] = (
    "metadata",
    "name",
    "spec",
    "template",
    "containers",
    "initContainers",
    "image",
    "ports",
    "containerPort",
    "env",
)
_KEYS += ("value", "valueFrom", "secretKeyRef", "key", "livenessProbe", "httpGet", "path", "port", "exec", "command")
_KEYS += ("volumes", "volumeMounts", "mountPath", "configMap", "selector", "rules", "http", "paths", "backend", "data")
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 70000) | st.text("aA1:/-.$,{}=()[] ", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=16,
)
_KINDS: tuple[str, ...] = (
    "Deployment",
    "CronJob",
    "Pod",
    "Service",
    "Ingress",
    "Secret",
    "ConfigMap",
    "PersistentVolumeClaim",
)
_KINDS += ("HorizontalPodAutoscaler", "PodDisruptionBudget", "ExternalSecret", "List", "Cluster", "LimitRange")


@given(st.sampled_from(_KINDS), st.dictionaries(st.sampled_from(_KEYS), _ANYTHING, max_size=6))
def test_any_shape_of_a_resource_is_survived(kind: str, body: dict[str, object]) -> None:
    text = yaml.safe_dump({"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}, **body})
    file = SourceFile("x.yaml", text, FileRole.PROD)
    lines = len(text.split("\n")) + 1

    found = list(manifest.collect(file))

    assert all(1 <= statement.at.line <= statement.at.end_line <= lines for statement in found)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_or_is_a_located_problem(text: str) -> None:
    file = SourceFile("x.yaml", "apiVersion: v1\nkind: Pod\n" + text, FileRole.PROD)

    try:
        if manifest.recognises(file):
            list(manifest.collect(file))
    except SyntaxProblem as problem:
        assert 1 <= problem.line <= len(re.split("\r\n|\r|\n", file.text)) + 1
