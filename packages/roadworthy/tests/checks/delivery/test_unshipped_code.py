"""Code that needs what its image leaves out."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/unshipped-code"
NODE = """FROM node:22-slim
WORKDIR /app
COPY package.json ./
RUN npm ci --omit=dev
COPY src ./src
CMD ["node", "src/server.js"]
"""
COMPILED = """FROM node:22-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM node:22-slim
WORKDIR /app
COPY package.json ./
RUN npm ci --omit=dev
COPY --from=build /app/dist ./dist
CMD ["node", "dist/server.js"]
"""
PYTHON = """FROM python:3.12-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app/ app/
CMD ["uvicorn", "app.main:app"]
"""


def _scripts(code: str, **more: str) -> dict[str, str]:
    return {"Dockerfile": NODE, "package.json": "{}", "src/server.js": code, **_paths(more)}


def _typescript(code: str, **more: str) -> dict[str, str]:
    manifest = '{"scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5.9.2"}}'
    options = '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}, "include": ["src"], "exclude": ["src/jobs"]}'
    return {
        "Dockerfile": COMPILED,
        "package.json": manifest,
        "tsconfig.json": options,
        "src/server.ts": code,
        **_paths(more),
    }


def _python(code: str, **more: str) -> dict[str, str]:
    return {"Dockerfile": PYTHON, "requirements.txt": "fastapi\nuvicorn\n", "app/main.py": code, **_paths(more)}


def _paths(more: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", "/").replace("_dot_", "."): text for name, text in more.items()}


@pytest.mark.parametrize(
    "files",
    [
        _scripts('require("../config");', config__index_dot_js="module.exports = {};"),
        _scripts('import x from "../config/a.js";', config__a_dot_js="export default 1;"),
        _scripts(
            'require("./b");', src__b_dot_js='const a = require("../shared/a.json");', shared__a_dot_json='{"a": 1}'
        ),
        _scripts('const fs = require("fs"); fs.readFileSync("sql/a.sql");', sql__a_dot_sql="SELECT 1"),
        _scripts(
            'const path = require("path"); app.set("views", path.join(__dirname, "../views"));', views__a_dot_ejs="x"
        ),
        _typescript('const jobs = require("./jobs/a");', src__jobs__a_dot_ts="export {};"),
        _typescript(
            'import { readFileSync } from "node:fs"; import path from "node:path";\n'
            'readFileSync(path.join(__dirname, "templates", "a.html"));',
            src__templates__a_dot_html="x",
        ),
        _python("from config import settings\napp = 1\n", config_dot_py="settings = 1\n"),
        _python("from app.db import x\napp = 1\n", app__db_dot_py="import shared.a\n", shared__a_dot_py="x = 1\n"),
        _python(
            "from a import Jinja2Templates\nt = Jinja2Templates(directory='templates')\napp = 1\n",
            templates__a_dot_html="x",
        ),
    ],
)
def test_file_that_the_image_leaves_out_is_found(files: dict[str, str]) -> None:
    result = inspected(files, RULE)

    assert result.outcome is Outcome.FAILED
    assert "Dockerfile" in {related.at.path for related in result.findings[0].related}


@pytest.mark.parametrize(
    "files",
    [
        _scripts('require("./b"); require("express"); require("../gone");', src__b_dot_js=""),
        _scripts('const fs = require("fs"); fs.readFileSync("/etc/hosts"); fs.readFileSync("made/later.txt");'),
        _typescript('import { a } from "./jobs/a";', src__jobs__a_dot_ts="export const a = 1;"),
        _typescript('import type { A } from "../types/a";', types__a_dot_ts="export type A = 1;"),
        _python("try:\n    import dev\nexcept ImportError:\n    pass\napp = 1\n", dev_dot_py=""),
        _python("from app import db\nfrom . import db\napp = 1\n", app__db_dot_py=""),
    ],
)
def test_what_is_there_or_is_not_of_the_repository_is_silent(files: dict[str, str]) -> None:
    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_folder_that_is_mounted_at_run_time_is_not_missed() -> None:
    files = _scripts('const fs = require("fs"); fs.readFileSync("sql/a.sql");', sql__a_dot_sql="SELECT 1")
    files["compose.yaml"] = "services:\n  api:\n    build: .\n    volumes:\n      - ./sql:/app/sql\n"

    assert not inspected(files, RULE).findings


def test_copying_the_folder_repairs_it() -> None:
    files = _scripts('require("../config");', config__index_dot_js="module.exports = {};")
    files["Dockerfile"] = NODE.replace("COPY src ./src", "COPY . .")

    assert inspected(files, RULE).outcome is Outcome.PASSED
    files[".dockerignore"] = "config\n"
    assert inspected(files, RULE).outcome is Outcome.FAILED


def test_file_that_a_program_looks_for_at_start_must_be_there() -> None:
    files = _python("app = 1\n", alembic_dot_ini="[alembic]\n")
    files["Dockerfile"] = PYTHON.replace('["uvicorn", "app.main:app"]', "alembic upgrade head && uvicorn app.main:app")

    result = inspected(files, RULE)

    assert "alembic.ini" in result.findings[0].message
    files["Dockerfile"] = files["Dockerfile"].replace("COPY app/ app/", "COPY app/ app/\nCOPY alembic.ini ./")
    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_schema_that_a_migration_at_start_reads_must_be_there() -> None:
    files = _scripts("", prisma__schema_dot_prisma="")
    files["Dockerfile"] = NODE.replace('["node", "src/server.js"]', "npx prisma migrate deploy && node src/server.js")

    assert inspected(files, RULE).outcome is Outcome.FAILED
    files["Dockerfile"] = files["Dockerfile"].replace("COPY src ./src", "COPY src ./src\nCOPY prisma ./prisma")
    assert inspected(files, RULE).outcome is Outcome.PASSED
