"""What checkers of this kind are known to cry wolf about, each once: none of it is a finding here."""

import pytest

from repository import gathered
from roadworthy.engine.catalogue import checks
from roadworthy.engine.fold import fold
from roadworthy.model.result import Result

_DOCKERFILE = (
    'FROM python:3.12-slim\nWORKDIR /srv\nCOPY app app\nUSER 1000\nCMD ["uvicorn", "app.main:app", "--port", "8000"]\n'
)
_APP = 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/health/live")\ndef live() -> dict[str, str]:\n    return {}\n'
_SERVICE = {"app/main.py": _APP, "Dockerfile": _DOCKERFILE}
_PROMETHEUS = (
    "scrape_configs:\n  - job_name: JOB\n    static_configs: [{targets: ['TARGET']}]\nrule_files: [rules.yml]\n"
)


def _results(files: dict[str, str]) -> dict[str, Result]:
    facts = gathered(files)
    return {check.id: fold(check, facts) for check in checks()}


def _rule(expression: str) -> str:
    return f"groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: {expression}\n        labels: {{severity: page}}\n"


def _outcome(files: dict[str, str], rule: str) -> str:
    return str(_results(files)[rule].outcome)


def _findings(files: dict[str, str], *rules: str) -> list[str]:
    results = _results(files)
    return [f"{rule}: {finding.message}" for rule in rules for finding in results[rule].findings]


def test_open_world_a_language_nobody_reads_may_define_what_is_missing() -> None:
    files = {
        "go.mod": "module x\n",
        "main.go": "package main\n",
        "Dockerfile": "FROM golang:1.24\nWORKDIR /x\nCOPY . .\nRUN go build -o /bin/x\nCMD ['/bin/x']\n",
        "prometheus/prometheus.yml": _PROMETHEUS.replace("JOB", "x").replace("TARGET", "x:8000"),
        "prometheus/rules.yml": _rule("rate(orders_total[5m]) > 1"),
    }

    assert _outcome(files, "monitoring/unknown-metric") == "inconclusive"


@pytest.mark.parametrize(
    "folder", ["examples", "tests/fixtures", "vendor", "third_party/x", "docs/samples", "templates"]
)
def test_files_that_are_not_the_product(folder: str) -> None:
    broken = {
        f"{folder}/Dockerfile": "FROM python:latest\nCOPY missing /x\nHEALTHCHECK CMD curl http://localhost:1/no\nCMD ['nope']\n",
        f"{folder}/compose.yaml": "services:\n  a:\n    build: .\n    ports: ['1:2']\n    environment: {PASSWORD: hunter2hunter2}\n",
    }
    before, after = _results(dict(_SERVICE)), _results({**_SERVICE, **broken})

    fresh = [
        f"{rule}: {finding.message}"
        for rule, result in after.items()
        for finding in result.findings
        if finding.at is not None and finding.at.path.startswith(folder)
    ]
    assert fresh == []
    assert {r for r, x in after.items() if x.outcome == "failed"} <= {
        r for r, x in before.items() if x.outcome == "failed"
    }


def test_overrides_give_what_the_base_leaves_out() -> None:
    files = {
        **_SERVICE,
        "app/main.py": _APP + 'import os\nTOKEN = os.environ["API_TOKEN"]\n',
        "compose.yaml": "services:\n  api:\n    build: .\n",
        "compose.override.yaml": "services:\n  api:\n    environment:\n      API_TOKEN: ${API_TOKEN}\n",
    }

    assert _findings(files, "secrets/unprovided-variable") == []


def test_a_kustomize_patch_gives_what_the_base_leaves_out() -> None:
    base = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  selector: {matchLabels: {app: api}}\n"
        "  template:\n    metadata: {labels: {app: api}}\n    spec:\n      containers:\n        - {name: api, image: 'x/api:1'}\n"
    )
    patch = base.replace("{name: api, image: 'x/api:1'}", "{name: api, env: [{name: API_TOKEN, value: x}]}")
    files = {
        **_SERVICE,
        "app/main.py": _APP + 'import os\nTOKEN = os.environ["API_TOKEN"]\n',
        "k8s/base/kustomization.yaml": "resources: [api.yaml]\n",
        "k8s/base/api.yaml": base,
        "k8s/production/kustomization.yaml": "resources: [../base]\npatches: [{path: env.yaml}]\n",
        "k8s/production/env.yaml": patch,
    }

    assert _findings(files, "secrets/unprovided-variable") == []


@pytest.mark.parametrize("metric", ["up", "process_resident_memory_bytes", "python_gc_collections_total", "node_load1"])
def test_names_that_a_client_library_or_an_exporter_brings(metric: str) -> None:
    files = {
        **_SERVICE,
        "app/main.py": _APP + "from prometheus_client import make_asgi_app\napp.mount('/metrics', make_asgi_app())\n",
        "requirements.txt": "fastapi\nprometheus_client\n",
        "compose.yaml": "services:\n  api: {build: .}\n  node-exporter: {image: 'prom/node-exporter:v1.9.0'}\n",
        "prometheus/prometheus.yml": _PROMETHEUS.replace("JOB", "api").replace("TARGET", "api:8000"),
        "prometheus/rules.yml": _rule(f"{metric} > 1"),
    }

    assert _findings(files, "monitoring/unknown-metric") == []


@pytest.mark.parametrize(
    "code",
    [
        'import os\nPREFIX = "SHOP_"\nTOKEN = os.environ[PREFIX + "TOKEN"]\n',
        'import os\nPREFIX = "SHOP_"\nTOKEN = os.environ[f"{PREFIX}TOKEN"]\n',
        'import os\ndef need(name):\n    return os.environ["SHOP_" + name]\nTOKEN = need("TOKEN")\n',
        'import os\nVALUES = {name: os.environ[name] for name in ("SHOP_TOKEN",)}\n',
        'import os\nfor name in ("SHOP_TOKEN",):\n    globals()[name] = os.environ[name]\n',
    ],
)
def test_indirect_names_are_followed_or_left_open(code: str) -> None:
    given = "services:\n  api:\n    build: .\n    environment: {SHOP_TOKEN: '${SHOP_TOKEN}'}\n"
    files = {**_SERVICE, "app/main.py": _APP + code, "compose.yaml": given}

    assert _findings(files, "secrets/unprovided-variable", "secrets/unused-variable") == []


@pytest.mark.parametrize(
    ("image", "command", "outcome"),
    [
        ("python:3.12", "curl -fsS http://localhost:8000/health/live", "passed"),
        ("python:3.12-slim", "curl -fsS http://localhost:8000/health/live", "failed"),
        ("python:3.12-alpine", "wget -qO- http://localhost:8000/health/live", "passed"),
    ],
)
def test_what_an_image_holds_depends_on_its_version(image: str, command: str, outcome: str) -> None:
    text = _DOCKERFILE.replace("python:3.12-slim", image) + f"HEALTHCHECK CMD {command}\n"

    assert _outcome({**_SERVICE, "Dockerfile": text}, "delivery/missing-binary") == outcome


def test_promises_are_caught_or_not_by_the_version_of_express() -> None:
    code = 'const app = require("express")();\napp.get("/a", async (req, res) => { res.json(await load()); });\napp.listen(3000);\n'
    for version, outcome in (("^4.19.0", "failed"), ("^5.1.0", "passed")):
        manifest = (
            f'{{"name": "x", "version": "1.0.0", "main": "index.js", "dependencies": {{"express": "{version}"}}}}'
        )
        files = {"package.json": manifest, "index.js": code}
        assert _outcome(files, "errors/unhandled-rejection") == outcome, version


def test_generated_and_minified_code_states_nothing() -> None:
    minified = "var a=process.env.GENERATED_ONLY;" * 900 + "\n"
    files = {
        **_SERVICE,
        "static/vendor.min.js": minified,
        "app/api_pb2.py": "# @generated\nimport os\nos.environ['PB']\n",
    }
    shown = {str(symbol.name) for symbol in gathered(files).symbols}

    assert not {"GENERATED_ONLY", "PB"} & shown


def test_variables_that_only_tests_read_need_no_deployment() -> None:
    files = {
        **_SERVICE,
        "tests/test_main.py": 'import os\nURL = os.environ["TEST_DATABASE_URL"]\ndef test_url():\n    assert URL\n',
        "compose.yaml": "services:\n  api: {build: .}\n",
    }

    assert _findings(files, "secrets/unprovided-variable", "secrets/undocumented-variable") == []


def test_addresses_that_are_not_ours() -> None:
    files = {
        **_SERVICE,
        "app/main.py": _APP + 'import os\nPAY = os.environ.get("PAY_URL", "https://api.pay.example:8443/v1")\n',
        "compose.yaml": "services:\n  api:\n    build: .\n    environment: {MAIL_URL: 'smtp://mail.example.org:587'}\n",
    }

    assert (
        _findings(files, "environments/unknown-host", "environments/port-mismatch", "environments/hard-coded-address")
        == []
    )


def test_dashboards_for_exporters_of_others() -> None:
    board = '{"title": "Hosts", "schemaVersion": 39, "panels": [{"targets": [{"expr": "rate(pg_stat_database_xact_commit[5m])"}]}]}'
    files = {**_SERVICE, "grafana/dashboards/postgres.json": board}

    assert _findings(files, "monitoring/dashboard-metric") == []


@pytest.mark.parametrize(
    "command",
    ['["echo", "a && curl http://localhost:1/x"]', '["python", "-c", "print(1) or exit(0); # curl"]'],
)
def test_exec_form_is_no_shell(command: str) -> None:
    text = _DOCKERFILE + f"HEALTHCHECK CMD {command}\n"

    assert _findings({**_SERVICE, "Dockerfile": text}, "delivery/missing-binary") == []


def test_variables_that_a_front_end_reads_are_used() -> None:
    files = {
        **_SERVICE,
        "web/package.json": '{"name": "web", "version": "1.0.0", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "6"}}',
        "web/src/api.ts": "export const url = import.meta.env.VITE_API_URL;\n",
        "web/Dockerfile": "FROM node:22-slim\nWORKDIR /w\nARG VITE_API_URL\nENV VITE_API_URL=$VITE_API_URL\nCOPY . .\nRUN npm run build\n",
        ".env.example": "VITE_API_URL=http://localhost:8000\n",
        "compose.yaml": "services:\n  api: {build: .}\n  web:\n    build: {context: web, args: {VITE_API_URL: 'http://localhost:8000'}}\n",
    }

    assert _findings(files, "secrets/unused-variable", "secrets/unprovided-variable", "secrets/client-secret") == []


def test_a_restore_script_is_no_backup() -> None:
    files = {
        **_SERVICE,
        "compose.yaml": "services:\n  api: {build: .}\n  db: {image: 'postgres:16', volumes: ['data:/var/lib/postgresql/data']}\nvolumes: {data: {}}\n",
        "scripts/restore.sh": '#!/bin/sh\nset -eu\npg_restore --clean -d shop "$1"\n',
        "crontab": "0 3 * * * /srv/scripts/restore.sh /backups/latest\n",
    }

    assert _outcome(files, "backup/missing-backup") == "failed"


@pytest.mark.parametrize(
    "platform",
    [
        {"vercel.json": '{"rewrites": []}'},
        {"railway.json": '{"build": {"builder": "DOCKERFILE"}}'},
        {"render.yaml": "services:\n  - {type: web, name: x, runtime: docker, plan: free}\n"},
        {"fly.toml": "app = 'x'\n[http_service]\ninternal_port = 8000\n"},
    ],
)
def test_platforms_deploy_by_their_own_integration(platform: dict[str, str]) -> None:
    workflow = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v5\n      - run: pytest\n"
    files = {
        **_SERVICE,
        **platform,
        ".github/workflows/ci.yml": workflow,
        "tests/test_a.py": "def test_a():\n    assert f()\n",
    }
    rules = [rule for rule in _results(files) if rule.startswith("delivery/") and "image" not in rule.partition("/")[2]]

    quiet = {"delivery/missing-lockfile", "delivery/missing-quality-gate", "delivery/missing-pipeline"}
    assert _findings(files, *(rule for rule in rules if rule not in quiet)) == []


def test_a_probe_that_a_proxy_answers() -> None:
    files = {
        **_SERVICE,
        "nginx/nginx.conf": (
            "events {}\nhttp {\n  server {\n    listen 8080;\n    location = /edge { return 200; }\n"
            "    location / { proxy_pass http://api:8000; }\n  }\n}\n"
        ),
        "compose.yaml": (
            "services:\n  api: {build: .}\n  proxy:\n    image: nginx:1.27-alpine\n"
            "    volumes: ['./nginx/nginx.conf:/etc/nginx/nginx.conf:ro']\n    ports: ['80:8080']\n"
            "    healthcheck: {test: ['CMD', 'wget', '-qO-', 'http://127.0.0.1:8080/edge']}\n"
        ),
    }

    assert _findings(files, "monitoring/unserved-probe", "environments/port-mismatch") == []


def test_a_probe_that_a_mounted_application_answers() -> None:
    code = (
        "from fastapi import FastAPI\nfrom starlette.routing import Mount\nfrom other import inner\n"
        'app = FastAPI()\napp.mount("/health", inner)\n'
    )
    text = (
        _DOCKERFILE
        + "HEALTHCHECK CMD python -c \"import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready')\"\n"
    )

    assert _findings({**_SERVICE, "app/main.py": code, "Dockerfile": text}, "monitoring/unserved-probe") == []
