"""The table of images: every row is well formed, has a source, and the rows are chosen by version."""

import re
import tomllib
from pathlib import Path

import pytest

from roadworthy.link import image_knowledge
from roadworthy.link.image_knowledge import contents, parted

TABLE = tomllib.loads(Path(image_knowledge.__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", TABLE["image"], ids=lambda row: f"{row['name']}:{row.get('tag', '*')}")
def test_row_is_well_formed_and_has_a_source(row: dict[str, str]) -> None:
    re.compile(row["name"])
    re.compile(row.get("tag", ".*"))

    assert row["source"].startswith("https://")
    assert row.get("entrypoint", "") in ("", "none", "wrapper", "program")
    assert row.get("on", "nothing") in TABLE["base"]
    assert not set(row.get("has", ())) & set(row.get("lacks", ()))


@pytest.mark.parametrize("name", TABLE["base"])
def test_base_has_a_source_and_contradicts_nobody(name: str) -> None:
    base = TABLE["base"][name]

    assert base["source"]
    assert not set(base.get("has", ())) & set(base.get("lacks", ()))


@pytest.mark.parametrize(
    ("image", "has", "lacks"),
    [
        ("python:3.12-slim", "python", "curl"),
        ("docker.io/library/python:3.12-slim-bookworm", "bash", "wget"),
        ("python:3.12", "curl", "nc"),
        ("node:20-alpine3.20", "wget", "bash"),
        ("mariadb:11.4", "mariadb-admin", "mysqladmin"),
        ("mongo:7", "mongosh", "mongo"),
        ("nginx:1.27-alpine-slim", "nginx", "curl"),
        ("nginx:1.27-alpine", "curl", "bash"),
        ("prom/prometheus:v2.53.0", "wget", "curl"),
    ],
)
def test_rows_are_chosen_by_name_and_version(image: str, has: str, lacks: str) -> None:
    found = contents(image)

    assert found is not None
    assert has in found.has
    assert lacks in found.lacks
    assert lacks not in found.has


@pytest.mark.parametrize(
    "image",
    ["mariadb:10.6", "mongo:5", "registry.acme.example/python:3.12-slim", "acme/python:3", "python@sha256:ab", ""],
)
def test_nothing_is_known_of_other_versions_and_registries(image: str) -> None:
    assert contents(image) is None


def test_reference_is_parted_into_name_and_tag() -> None:
    assert parted("localhost:5000/a/b:1") == (None, "1")
    assert parted("ghcr.io/astral-sh/uv:0.5@sha256:ab") == ("astral-sh/uv", "0.5")
    assert parted("python") == ("python", "latest")
