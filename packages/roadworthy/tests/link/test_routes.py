"""Routers of several modules put together into the paths that are served."""

from repository import gathered
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Kind


def paths(facts: Facts) -> set[str]:
    """Return the served paths without their twins that end in a slash."""
    return {str(s.name) for s in facts.definitions(Kind.PATH) if len(str(s.name)) < 2 or not str(s.name).endswith("/")}


def openings(facts: Facts) -> list[str]:
    """Return what the doubts about paths cover."""
    return [str(opening.covers) for opening in facts.openings(Kind.PATH) if opening.covers is not None]


def test_prefixes_are_followed_through_modules_and_settings() -> None:
    facts = gathered(
        {
            "app/main.py": "from fastapi import FastAPI\nfrom app.api.main import api_router\nfrom app.core.config import settings\n"
            "app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)\napp.include_router(api_router, prefix=settings.API_V1_STR)\n",
            "app/core/config.py": "class Settings:\n    API_V1_STR: str = '/api/v1'\nsettings = Settings()\n",
            "app/api/main.py": "from fastapi import APIRouter\nfrom app.api.routes import items\nfrom . import users\n"
            "api_router = APIRouter()\napi_router.include_router(items.router, prefix='/items')\napi_router.include_router(users.router)\n",
            "app/api/routes/__init__.py": "",
            "app/api/routes/items.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/{id}')\ndef x(): ...\n",
            "app/api/users.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/users')\n@router.get('/me')\ndef x(): ...\n",
        }
    )

    assert paths(facts) == {"/api/v1/items/*", "/api/v1/users/me", "/docs/oauth2-redirect"}
    assert openings(facts) == []


def test_prefix_that_the_deployment_sets_is_not_taken_from_its_default() -> None:
    facts = gathered(
        {
            "main.py": "from fastapi import FastAPI\nfrom config import settings\nfrom r import router\n"
            "app = FastAPI()\napp.include_router(router, prefix=settings.PREFIX)\n",
            "config.py": "class Settings:\n    PREFIX: str = '/api'\nsettings = Settings()\n",
            "r.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n",
            "compose.yaml": "services:\n  api:\n    build: .\n    environment: {PREFIX: /v2}\n",
        }
    )

    assert "**/x" in paths(facts)
    assert "/api/x" not in paths(facts)


def test_flask_blueprint_takes_the_prefix_it_is_registered_with() -> None:
    facts = gathered(
        {
            "app.py": "from flask import Flask, Blueprint\nbp = Blueprint('x', __name__, url_prefix='/own')\n"
            "@bp.route('/y', methods=['POST'])\ndef y(): ...\ndef create_app():\n    app = Flask(__name__)\n"
            "    app.register_blueprint(bp, url_prefix='/v2')\n    @app.route('/healthz')\n    def h(): ...\n    return app\n"
        }
    )

    assert {"/v2/y", "/healthz"} <= paths(facts)
    assert "/own/y" not in paths(facts)


def test_starlette_lists_and_mounts_are_read() -> None:
    facts = gathered(
        {
            "app.py": "from starlette.applications import Starlette\nfrom starlette.routing import Route, Mount\n"
            "inner = [Route('/z', z)]\napp = Starlette(routes=[Route('/a', a), Mount('/m', routes=inner), Mount('/s', app=s)])\n"
        }
    )

    assert {"/a", "/m/z"} <= paths(facts)
    assert "/s/**" in openings(facts)


def test_django_urls_are_read_from_the_root() -> None:
    facts = gathered(
        {
            "proj/settings.py": "ROOT_URLCONF = 'proj.urls'\n",
            "proj/urls.py": "from django.urls import path, include\nfrom django.contrib import admin\n"
            "urlpatterns = [path('admin/', admin.site.urls), path('health/', v), path('api/', include('items.urls')),"
            " path('x/', include('elsewhere.urls'))]\n",
            "items/urls.py": "from django.urls import path\nurlpatterns = [path('<int:id>/', v)]\n",
        }
    )

    assert {"/health", "/api/*", "/admin/**"} <= paths(facts)
    assert "/x/**" in openings(facts)


def test_router_that_nothing_includes_serves_nothing() -> None:
    facts = gathered(
        {
            "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
            "lost.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/lost')\ndef x(): ...\n",
        }
    )

    assert "/lost" not in paths(facts)
    assert openings(facts) == []


def test_computed_inclusion_leaves_every_unplaced_router_in_doubt() -> None:
    facts = gathered(
        {
            "main.py": "from fastapi import FastAPI\nimport pkgutil\napp = FastAPI()\nfor m in find():\n    app.include_router(m.router)\n",
            "lost.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/lost')\ndef x(): ...\n",
        }
    )

    assert "**/lost" in openings(facts)


def test_runtime_and_framework_serve_paths_of_their_own() -> None:
    facts = gathered(
        {
            "main.py": "from fastapi import FastAPI\nfrom roadworthy_runtime import Roadworthy\n"
            "app = FastAPI(docs_url='/d', redoc_url=None)\nRoadworthy(app, service='x')\n"
        }
    )

    assert {"/health/live", "/health/ready", "/metrics", "/d", "/openapi.json"} <= paths(facts)
    assert not {"/docs", "/redoc"} & paths(facts)


def test_code_that_several_components_run_serves_for_each() -> None:
    facts = gathered(
        {
            "compose.yaml": "services:\n  a: {build: .}\n  b: {build: .}\n",
            "Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["uvicorn", "main:app"]\n',
            "main.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x(): ...\n",
        }
    )

    assert {s.component for s in facts.definitions(Kind.PATH) if str(s.name) == "/x"} == {"a", "b"}
