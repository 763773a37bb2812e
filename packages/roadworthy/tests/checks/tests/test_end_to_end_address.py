"""The base address of end-to-end tests is that of a server that is started, or of something that listens."""

import pytest

from repository import inspected

_SERVICE = {
    "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    "Dockerfile": 'FROM python:3.12-slim\nCOPY app /srv/app\nCMD ["uvicorn", "app.main:app", "--port", "8000"]\n',
    "compose.yaml": 'services:\n  api:\n    build: .\n    ports: ["8100:8000"]\n',
}


def _playwright(options: str) -> dict[str, str]:
    text = f'import {{ defineConfig }} from "@playwright/test";\nexport default defineConfig({{ {options} }});\n'
    return {**_SERVICE, "playwright.config.ts": text}


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ('use: { baseURL: "http://localhost:8100" }', "passed"),
        ('use: { baseURL: process.env.BASE_URL || "http://localhost:8100" }', "passed"),
        ('use: { baseURL: "http://localhost:8001" }', "failed"),
        ('use: { baseURL: "http://localhost:5173" }', "inconclusive"),
        ('use: { baseURL: "https://staging.example.org" }', "not-applicable"),
        ('use: { baseURL: "http://localhost:4000" }, webServer: { command: "x", port: 4000 }', "passed"),
        ('use: { baseURL: "http://localhost:4000" }, webServer: { command: "x --port 4001" }', "failed"),
        ('use: { baseURL: "http://localhost:4000" }, webServer: { command: "npm start" }', "not-applicable"),
    ],
)
def test_base_address(options: str, outcome: str) -> None:
    assert inspected(_playwright(options), only="tests/end-to-end-address").outcome == outcome


def test_both_sides_are_located() -> None:
    (finding,) = inspected(
        _playwright('use: { baseURL: "http://localhost:8001" }'), only="tests/end-to-end-address"
    ).findings

    assert finding.at is not None
    assert finding.at.path == "playwright.config.ts"
    assert {related.at.path for related in finding.related} <= {"Dockerfile", "compose.yaml"}
    assert finding.related
