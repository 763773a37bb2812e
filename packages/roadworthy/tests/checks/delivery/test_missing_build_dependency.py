"""Packages that an installation leaves out, and the steps that need them."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/missing-build-dependency"
MANIFEST = """{
  "scripts": {"build": "npm run clean && tsc -p .", "clean": "rimraf dist", "start": "ts-node src/server.ts"},
  "dependencies": {"express": "5.1.0"},
  "devDependencies": {"typescript": "5.9.2", "ts-node": "10.9.2", "prisma": "6.1.0"}
}"""
START = 'CMD ["node", "dist/server.js"]\n'


def _image(*steps: str, end: str = START) -> dict[str, str]:
    text = "FROM node:22-slim\nWORKDIR /app\nCOPY package.json ./\n" + "".join(f"{step}\n" for step in steps) + end
    return {"Dockerfile": text, "package.json": MANIFEST}


@pytest.mark.parametrize(
    "steps",
    [
        ("RUN npm ci --omit=dev", "COPY . .", "RUN npm run build"),
        ("RUN npm install --production", "COPY . .", "RUN npx tsc"),
        ("ENV NODE_ENV=production", "RUN npm ci", "COPY . .", "RUN npm run build"),
        ("RUN NODE_ENV=production npm ci && npm run build",),
        ("RUN yarn install --production --frozen-lockfile", "COPY . .", "RUN yarn build"),
        ("RUN pnpm install --prod", "COPY . .", "RUN pnpm build"),
        ("RUN npm ci", "RUN npm prune --omit=dev", "COPY . .", "RUN ./node_modules/.bin/tsc"),
    ],
)
def test_build_behind_an_installation_without_development_packages_is_found(steps: tuple[str, ...]) -> None:
    result = inspected(_image(*steps), RULE)

    assert result.outcome is Outcome.FAILED
    finding = result.findings[0]
    assert "typescript" in finding.message
    assert {related.at.path for related in finding.related} >= {"Dockerfile", "package.json"}


def test_place_that_says_production_is_shown() -> None:
    result = inspected(_image("ENV NODE_ENV=production", "RUN npm ci", "RUN npm run build"), RULE)

    places = {(related.at.line, related.says) for related in result.findings[0].related}
    assert (4, "`NODE_ENV=production` leaves development packages out") in places


@pytest.mark.parametrize(
    "steps",
    [
        ("RUN npm ci", "COPY . .", "RUN npm run build"),
        ("ENV NODE_ENV=production", "RUN npm ci --include=dev", "COPY . .", "RUN npm run build"),
        ("RUN npm ci --omit=dev", "RUN npm install -g typescript", "RUN tsc -p ."),
        ("RUN npm ci && npm run build && npm prune --omit=dev",),
        ("RUN npm ci --omit=dev", "RUN npx typescript@5.9.2 --version"),
    ],
)
def test_build_with_everything_installed_is_silent(steps: tuple[str, ...]) -> None:
    assert not inspected(_image(*steps), RULE).findings


def test_packages_handed_on_by_another_stage_are_followed() -> None:
    files = {
        "package.json": MANIFEST,
        "Dockerfile": """FROM node:22-slim AS deps
WORKDIR /app
COPY package.json ./
RUN npm ci --omit=dev

FROM node:22-slim
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY . .
RUN npm run build
CMD ["node", "dist/server.js"]
""",
    }

    assert inspected(files, RULE).findings
    files["Dockerfile"] = files["Dockerfile"].replace(" --omit=dev", "")
    assert inspected(files, RULE).outcome is Outcome.PASSED


def test_start_command_that_needs_a_development_package_is_found() -> None:
    result = inspected(_image("RUN npm ci --omit=dev", "COPY . .", end='CMD ["npm", "start"]\n'), RULE)

    assert "ts-node" in result.findings[0].message
    assert "start what was built" in result.findings[0].repair


def test_migration_at_start_that_npx_must_fetch_is_found() -> None:
    end = 'CMD ["sh", "-c", "npx prisma migrate deploy && node dist/server.js"]\n'

    result = inspected(_image("RUN npm ci --omit=dev", "COPY . .", end=end), RULE)

    assert "npx fetches" in result.findings[0].message


def test_script_of_the_installation_itself_is_followed() -> None:
    files = _image("RUN npm ci --omit=dev", "COPY . .")
    files["package.json"] = '{"scripts": {"prepare": "husky"}, "devDependencies": {"husky": "9.1.0"}}'

    assert inspected(files, RULE).findings
    files["Dockerfile"] = files["Dockerfile"].replace("npm ci", "npm ci --ignore-scripts")
    assert not inspected(files, RULE).findings


def test_environment_that_a_build_argument_decides_is_not_guessed() -> None:
    result = inspected(_image("ARG NODE_ENV=production", "RUN npm ci", "COPY . .", "RUN npx tsc"), RULE)

    assert result.outcome is Outcome.INCONCLUSIVE


def test_program_that_other_packages_bring_along_is_not_missed() -> None:
    files = _image("RUN npm ci --omit=dev", "RUN npx rimraf dist")
    files["package.json"] = '{"devDependencies": {"rimraf": "6.0.0"}}'

    assert not inspected(files, RULE).findings


PYTHON = """[project]
name = "orders"
version = "1"
dependencies = ["starlette"]

[project.optional-dependencies]
server = ["uvicorn"]

[dependency-groups]
dev = ["alembic", "pytest"]
"""


@pytest.mark.parametrize(
    ("install", "start", "outcome"),
    [
        ("uv sync --frozen --no-dev", "uvicorn orders:app", Outcome.FAILED),
        ("uv sync --frozen --no-dev --extra server", "uvicorn orders:app", Outcome.PASSED),
        ("uv sync --frozen", "alembic upgrade head", Outcome.PASSED),
        ("uv sync --frozen --no-dev", "alembic upgrade head", Outcome.FAILED),
        ("UV_NO_DEV=1 uv sync --frozen", "uv run alembic upgrade head", Outcome.FAILED),
        ("pip install .", "python -m uvicorn orders:app", Outcome.FAILED),
        ("pip install .[server]", "uvicorn orders:app", Outcome.PASSED),
        ("pip install . && pip install uvicorn==0.30", "uvicorn orders:app", Outcome.NOT_APPLICABLE),
        ("pip install -r requirements.txt", "uvicorn orders:app", Outcome.NOT_APPLICABLE),
    ],
)
def test_groups_and_extras_of_python_are_followed(install: str, start: str, outcome: Outcome) -> None:
    image = f"FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN {install}\nCMD {start}\n"

    assert inspected({"pyproject.toml": PYTHON, "Dockerfile": image}, RULE).outcome is outcome


@pytest.mark.parametrize(("option", "outcome"), [("--only main", Outcome.FAILED), ("--no-root", Outcome.PASSED)])
def test_groups_of_poetry_are_followed_through_stages(option: str, outcome: Outcome) -> None:
    manifest = '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\npython = "^3.12"\nflask = "^3"\n'
    manifest += '[tool.poetry.group.dev.dependencies]\ngunicorn = "^23"\n'
    image = f"""FROM python:3.12-slim AS build
WORKDIR /app
COPY pyproject.toml ./
RUN poetry install {option}

FROM python:3.12-slim
WORKDIR /app
COPY --from=build /app/.venv /app/.venv
COPY app.py ./
CMD ["gunicorn", "app:app"]
"""

    assert inspected({"pyproject.toml": manifest, "Dockerfile": image, "app.py": ""}, RULE).outcome is outcome
