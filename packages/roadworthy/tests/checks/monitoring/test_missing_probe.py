"""monitoring/missing-probe."""

from repository import inspected
from roadworthy.model.words import Outcome


def test_image_that_nothing_here_builds_may_have_its_own_health_check() -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    image: ghcr.io/shop/web:1\n    volumes: ['./app:/app']\n",
        ".devcontainer/Dockerfile": "FROM python:3.12\nCOPY app /app\n",
        "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    }

    assert inspected(files, "monitoring/missing-probe").outcome is not Outcome.FAILED
