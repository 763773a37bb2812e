"""Stages, images and versions."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

STAGE, MUTABLE, IMAGE = "delivery/unknown-stage", "delivery/mutable-image", "delivery/missing-image"


def test_unknown_stage_names_the_nearest_and_the_late() -> None:
    files = {
        "Dockerfile": "FROM a:1 AS builder\nFROM b:1\nCOPY --from=bulder /x /x\nCOPY --from=late /x /x\nFROM c:1 AS late\n"
    }
    files["Dockerfile"] += "FROM b:1\nCOPY --from=1 /x /x\n"

    first, second = inspected(files, STAGE).findings

    assert "`builder`" in first.message
    assert "only later" in second.message


@pytest.mark.parametrize(
    "line",
    [
        "--from=builder",
        "--from=0",
        "--from=nginx:1.27",
        "--from=ghcr.io/astral-sh/uv:0.5",
        "--from=BUILDER",
        "--from=node",
    ],
)
def test_stages_indexes_and_images_are_known(line: str) -> None:
    files = {"Dockerfile": f"FROM a:1 AS builder\nFROM b:1\nCOPY {line} /x /x\n"}

    assert inspected(files, STAGE).outcome is Outcome.PASSED


def test_name_that_may_be_a_context_is_left_open() -> None:
    files = {"Dockerfile": "FROM b:1\nCOPY --from=proto /x /x\n"}

    assert inspected(files, STAGE).outcome is Outcome.INCONCLUSIVE


def test_target_of_compose_must_be_a_stage() -> None:
    files = {
        "Dockerfile": "FROM a:1 AS runtime\n",
        "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      target: runtme\n",
    }

    (finding,) = inspected(files, STAGE).findings

    assert finding.at is not None
    assert (finding.at.path, finding.related[0].at.path) == ("compose.yaml", "Dockerfile")


def test_only_moving_tags_of_foreign_images_are_found() -> None:
    files = {
        "Dockerfile": "FROM python:3.12-slim AS a\nFROM a\nFROM scratch\nFROM debian@sha256:abc\nFROM node\n",
        "compose.yaml": "services:\n  api:\n    build: .\n    image: acme/api:latest\n  db:\n    image: postgres:latest\n"
        "  cache:\n    image: redis:${REDIS:-7}\n",
    }

    found = [finding.message.partition(" names")[0] for finding in inspected(files, MUTABLE).findings]

    assert found == ["`node`", "`postgres:latest`"]


@pytest.mark.parametrize("path", ["Procfile", "render.yaml", "fly.toml", "Containerfile"])
def test_platform_files_stand_for_an_image(path: str) -> None:
    text = "FROM a:1\n" if path == "Containerfile" else "web: uvicorn main:app\n"
    files = {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "requirements.txt": "fastapi\n", path: text}

    assert inspected(files, IMAGE).outcome is Outcome.PASSED
