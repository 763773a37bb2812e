"""Where proxies pass requests, and who answers there."""

import pytest

from repository import inspected
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome

_RULE = "environments/dead-proxy-upstream"
_CODE = """from fastapi import FastAPI
app = FastAPI()
@app.get("/api/items")
def items(): ...
@app.post("/api/items")
def add(): ...
@app.get("/health")
def health(): ...
"""
_DOCKERFILE = 'FROM python:3.12\nCOPY app app\nCMD ["uvicorn", "app.main:app", "--port", "8000"]\n'
_COMPOSE = """services:
  api:
    build: .
  nginx:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/nginx.conf:ro
"""


def result(nginx: str, compose: str = _COMPOSE, code: str = _CODE) -> Result:
    files = {"compose.yaml": compose, "Dockerfile": _DOCKERFILE, "app/main.py": code, "nginx.conf": nginx}
    return inspected(files, _RULE)


def passing(target: str, location: str = "/", more: str = "") -> str:
    return f"{more}\nserver {{\n  listen 80;\n  location {location} {{\n    proxy_pass {target};\n  }}\n}}\n"


@pytest.mark.parametrize(
    "nginx",
    [
        passing("http://backend:8000"),
        passing("http://app", more="upstream app { server backend:8000; }"),
        "http { upstream app { server backend:8000 max_fails=3; }\n" + passing("http://app/") + "}",
        passing("http://api:8080"),
        passing("http://api"),
        passing("http://app", more="upstream app { server api:9000; }"),
        "server { set $up http://backend:8000; location / { proxy_pass $up; } }",
        "server { set $up backend; location / { proxy_pass http://$up:8000$request_uri; } }",
        passing("http://127.0.0.1:8000"),
        passing("http://api:8000/", "/api/"),
        passing("http://api:8000/v2/", "/api/"),
        passing("http://api:8000", "/backend/"),
    ],
)
def test_requests_that_reach_nobody_are_found_with_every_side(nginx: str) -> None:
    found = result(nginx)

    assert found.outcome is Outcome.FAILED, found.reason
    assert all(
        finding.at is not None and finding.at.path == "nginx.conf" and finding.related for finding in found.findings
    )
    assert any(related.at.path != "nginx.conf" for finding in found.findings for related in finding.related)


@pytest.mark.parametrize(
    "nginx",
    [
        passing("http://api:8000"),
        passing("http://app", more="upstream app { server api:8000; keepalive 8; }"),
        passing("http://api:8000", "/api/"),
        passing("http://api:8000/api/", "/v1/"),
        "server { set $up api; location / { proxy_pass http://$up:8000; } }",
    ],
)
def test_requests_that_arrive_hold(nginx: str) -> None:
    assert result(nginx).outcome is Outcome.PASSED


@pytest.mark.parametrize("target", ["http://$host:8000", "http://${BACKEND}:8000", "http://unix:/run/app.sock"])
def test_what_is_put_together_at_run_time_is_no_finding(target: str) -> None:
    assert not result(passing(target)).findings


def test_addresses_outside_of_the_deployment_are_left_alone() -> None:
    assert result(passing("https://app.example.com")).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "more", ["    network_mode: host\n", "    networks: [edge]\nnetworks: {edge: {external: true}}\n"]
)
def test_networks_that_others_share_hide_who_answers(more: str) -> None:
    assert result(passing("http://elsewhere:8000"), _COMPOSE + more).outcome is Outcome.INCONCLUSIVE


def test_root_path_behind_a_stripped_prefix_holds() -> None:
    code = 'from fastapi import FastAPI\napp = FastAPI(root_path="/api")\n@app.get("/items")\ndef items(): ...\n'

    assert result(passing("http://api:8000/", "/api/"), code=code).outcome is Outcome.PASSED


def test_ingress_to_a_service_that_is_not_there_is_found() -> None:
    ingress = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: apis, port: {number: 80}}}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: "api:1"}]}
"""
    found = inspected({"k8s/all.yaml": ingress}, _RULE)

    assert found.outcome is Outcome.FAILED
    assert inspected({"k8s/all.yaml": ingress.replace("apis", "api")}, _RULE).outcome is Outcome.PASSED


def test_traefik_label_and_caddyfile_are_read_alike() -> None:
    labels = _COMPOSE.replace(
        "    build: .\n", '    build: .\n    labels: ["traefik.http.services.api.loadbalancer.server.port=8080"]\n'
    )
    caddy = _COMPOSE.replace("nginx:1.27", "caddy:2").replace(
        "./nginx.conf:/etc/nginx/nginx.conf", "./Caddyfile:/etc/caddy/Caddyfile"
    )
    files = {"Dockerfile": _DOCKERFILE, "app/main.py": _CODE}

    assert inspected({**files, "compose.yaml": labels}, _RULE).outcome is Outcome.FAILED
    for host, outcome in (("api", Outcome.PASSED), ("backend", Outcome.FAILED)):
        caddyfile = f"example.com {{\n  reverse_proxy {host}:8000\n}}\n"
        assert inspected({**files, "compose.yaml": caddy, "Caddyfile": caddyfile}, _RULE).outcome is outcome


@pytest.mark.parametrize(("host", "outcome"), [("api:8000", Outcome.PASSED), ("backend:8000", Outcome.FAILED)])
def test_variables_of_a_template_are_those_of_the_proxy(host: str, outcome: Outcome) -> None:
    compose = f"""services:
  api:
    build: .
  nginx:
    image: nginx:1.27
    environment: {{API_UPSTREAM: "{host}"}}
    volumes:
      - ./nginx/default.conf.template:/etc/nginx/templates/default.conf.template:ro
"""
    files = {"compose.yaml": compose, "Dockerfile": _DOCKERFILE, "app/main.py": _CODE}
    files["nginx/default.conf.template"] = passing("http://${API_UPSTREAM}")

    assert inspected(files, _RULE).outcome is outcome
