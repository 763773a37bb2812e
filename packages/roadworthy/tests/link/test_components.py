"""Which running things are found, and what belongs to them."""

from repository import gathered
from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail.port import PortUse
from roadworthy.model.symbol import Kind
from roadworthy.model.words import FileRole

_DOCKERFILE = 'FROM python:3.12-slim\nCOPY app app\nCMD ["uvicorn", "app.main:app", "--port", "8000"]\n'
_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/x')\ndef x() -> int:\n    return 1\n"


def components(files: dict[str, str]) -> dict[str, Component]:
    return {component.id: component for component in gathered(files).components}


def kubernetes(kind: str, name: str, image: str) -> str:
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n"
        f"  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n"
        f"        - {{name: {name}, image: '{image}'}}\n"
    )


def test_compose_and_kubernetes_speak_of_the_same_thing() -> None:
    found = components(
        {
            "compose.yaml": "services:\n  api:\n    build: .\n  db:\n    image: postgres:16\n",
            "k8s/api.yaml": kubernetes("Deployment", "shop-api", "ghcr.io/acme/shop:1"),
            "k8s/db.yaml": kubernetes("StatefulSet", "database", "postgres:16"),
            "Dockerfile": _DOCKERFILE,
            "app/main.py": _APP,
        }
    )

    assert set(found) == {"api", "db"}
    assert found["api"].kind is ComponentKind.SERVICE
    assert found["api"].dockerfiles == ("Dockerfile",)
    assert found["api"].sources == ("app",)
    assert found["api"].languages == ("python",)
    assert found["db"].kind is ComponentKind.STORE
    assert [at.path for at in found["db"].declared] == ["compose.yaml", "k8s/db.yaml"]


def test_workers_and_migrations_share_the_code_and_have_their_own_kind() -> None:
    found = components(
        {
            "compose.yaml": "services:\n"
            "  api: {build: ., depends_on: {migrate: {condition: service_completed_successfully}}}\n"
            "  worker: {build: ., command: celery -A app worker}\n"
            "  flower: {build: ., command: celery -A app flower}\n"
            "  migrate: {build: ., command: alembic upgrade head}\n",
            "Dockerfile": _DOCKERFILE,
            "app/main.py": _APP,
        }
    )

    assert {id_: component.kind for id_, component in found.items()} == {
        "api": ComponentKind.SERVICE,
        "worker": ComponentKind.WORKER,
        "flower": ComponentKind.MONITORING,
        "migrate": ComponentKind.JOB,
    }
    assert all(component.sources == ("app",) for component in found.values())


def test_a_monorepo_has_one_component_per_build() -> None:
    files = {
        "compose.yaml": "services:\n  backend: {build: ./backend}\n  frontend: {build: ./frontend}\n",
        "backend/Dockerfile": "FROM python:3.12\nCOPY . .\nCMD [python, x]\n",
        "backend/main.py": _APP,
        "frontend/Dockerfile": "FROM node:22 AS build\nCOPY . .\nFROM nginx:1.27\n",
        "frontend/index.ts": "export {}\n",
    }

    found = components(files)

    assert (found["backend"].sources, found["frontend"].sources) == (("backend",), ("frontend",))
    assert found["frontend"].kind is ComponentKind.SERVICE


def test_a_repository_with_only_source_code_is_one_component() -> None:
    found = components({"requirements.txt": "fastapi\n", "shop/main.py": _APP})

    (component,) = found.values()
    assert component.sources == ("",)
    assert component.kind is ComponentKind.SERVICE


def test_a_library_is_no_component() -> None:
    assert (
        components({"pyproject.toml": "[project]\nname = 'x'\n", "src/x/__init__.py": "def f() -> None: ...\n"}) == {}
    )


def test_a_readme_is_no_component() -> None:
    assert components({"README.md": "# Production ready\n"}) == {}


def test_images_of_pipelines_say_which_dockerfile_builds_them() -> None:
    workflow = (
        "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/build-push-action@v6\n"
        "        with:\n          context: .\n          file: ops/Dockerfile\n          tags: ghcr.io/acme/backoffice:1\n"
    )
    found = components(
        {
            ".github/workflows/build.yml": workflow,
            "ops/Dockerfile": _DOCKERFILE,
            "other/Dockerfile": _DOCKERFILE,
            "k8s/api.yaml": kubernetes("Deployment", "web", "ghcr.io/acme/backoffice:1"),
        }
    )

    assert found["web"].dockerfiles == ("ops/Dockerfile",)


def test_an_overlay_for_production_replaces_what_it_names() -> None:
    facts = gathered(
        {
            "docker-compose.yml": "services:\n  api:\n    build: .\n    environment: {MODE: dev, A: '1'}\n",
            "docker-compose.prod.yml": "services:\n  api:\n    environment: {MODE: prod}\n",
            "Dockerfile": _DOCKERFILE,
        }
    )

    given = {str(s.name): s.at.path for s in facts.definitions(Kind.ENVIRONMENT, "api") if s.component == "api"}

    assert given == {"MODE": "docker-compose.prod.yml", "A": "docker-compose.yml"}


def test_a_base_beside_a_production_file_that_stands_alone_is_for_development() -> None:
    facts = gathered(
        {
            "docker-compose.yml": "services:\n  api: {build: ., ports: ['8000:8000']}\n",
            "docker-compose.prod.yml": "services:\n  api: {image: 'acme/api:1'}\n",
            "Dockerfile": _DOCKERFILE,
        }
    )

    roles = {s.role for s in facts.symbols if s.at.path == "docker-compose.yml" and s.component == "api"}

    assert roles == {FileRole.DEV}


def test_names_count_for_all_that_share_code_and_references_for_what_serves() -> None:
    facts = gathered(
        {
            "compose.yaml": "services:\n  api: {build: .}\n  worker: {build: ., command: celery -A app worker}\n",
            "Dockerfile": _DOCKERFILE.replace("CMD", "ENV MODE=prod\nCMD"),
            "app/main.py": _APP + "\nimport os\n\nos.environ['KEY']\n",
        }
    )

    given = {s.component for s in facts.definitions(Kind.ENVIRONMENT) if str(s.name) == "MODE"}
    read = {s.component for s in facts.references(Kind.ENVIRONMENT) if str(s.name) == "KEY"}

    assert given == {"api", "worker"}
    assert read == {"api"}


def test_start_command_defines_the_port_and_follows_the_environment() -> None:
    facts = gathered(
        {
            "compose.yaml": "services:\n  api:\n    build: .\n    environment: {PORT: '9000'}\n",
            "Dockerfile": "FROM python:3.12\nCMD uvicorn app:app --port ${PORT:-8000}\n",
        }
    )

    ports = [
        str(s.name)
        for s in facts.definitions(Kind.PORT, "api")
        if isinstance(s.detail, PortUse) and s.detail.by == "command"
    ]

    assert ports == ["9000"]


def test_image_that_wraps_a_program_of_others_beside_what_is_deployed_is_no_service() -> None:
    tool = "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y jq\nENTRYPOINT ['jq']\n"
    compose = {"compose.yaml": "services:\n  api:\n    build: .\n", "Dockerfile": _DOCKERFILE, "app/main.py": _APP}

    assert set(components({**compose, "jq/Dockerfile": tool})) == {"api"}
    assert set(components({**compose, "web/Dockerfile": "FROM nginx\nCOPY web /srv\nCMD ['nginx']\n"})) == {
        "api",
        "web",
    }


def test_consumers_and_schedulers_of_one_image_are_workers() -> None:
    text = (
        "services:\n  web:\n    build: .\n    command: run web\n  spans:\n    build: .\n    command: run consumer spans\n"
        "  taskscheduler:\n    build: .\n    command: run tasks\n"
    )

    found = components({"compose.yaml": text, "Dockerfile": _DOCKERFILE, "app/main.py": _APP})

    assert found["web"].kind is ComponentKind.SERVICE
    assert {found["spans"].kind, found["taskscheduler"].kind} == {ComponentKind.WORKER}


def test_stand_ins_and_load_tests_are_no_services() -> None:
    text = "services:\n  api:\n    build: .\n  mock-accounts:\n    build: .\n  syncstorage-loadtest:\n    build: .\n"

    found = components({"compose.yaml": text, "Dockerfile": _DOCKERFILE, "app/main.py": _APP})

    assert [id_ for id_, one in found.items() if one.kind is ComponentKind.SERVICE] == ["api"]
