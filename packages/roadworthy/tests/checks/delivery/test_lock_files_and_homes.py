"""Installs that keep to the lock file, and files their user can read."""

import pytest

from releasing import runs, workflow
from repository import inspected
from roadworthy.model.words import Outcome

LOCK, HOME = "delivery/unused-lockfile", "delivery/lost-home"
NODE = {"package.json": '{"name": "a", "dependencies": {"express": "^4"}}', "server.js": ""}
PYTHON = {"pyproject.toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["flask"]\n', "main.py": ""}


def dockerfile(*lines: str, base: str = "python:3.12-slim") -> dict[str, str]:
    """Return a Dockerfile of these lines."""
    return {"Dockerfile": "\n".join([f"FROM {base}", *lines, 'CMD ["python", "main.py"]', ""])}


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (NODE | {"package-lock.json": "{}"}, ("COPY package*.json ./", "RUN npm install")),
        (NODE | {"package-lock.json": "{}"}, ("COPY package.json ./", "RUN npm install --production")),
        (NODE | {"package-lock.json": "{}"}, ("COPY package.json ./", "RUN npm ci")),
        (NODE | {"yarn.lock": ""}, ("COPY . .", "RUN npm install")),
        (NODE | {"yarn.lock": ""}, ("COPY package.json yarn.lock ./", "RUN yarn install")),
        (NODE | {"pnpm-lock.yaml": ""}, ("COPY . .", "RUN pnpm install --no-frozen-lockfile")),
        (PYTHON | {"poetry.lock": ""}, ("COPY . .", "RUN pip install .")),
        (PYTHON | {"uv.lock": ""}, ("COPY pyproject.toml ./", "RUN uv sync")),
        (PYTHON | {"uv.lock": ""}, ("COPY . .", "RUN uv sync --upgrade")),
        (PYTHON | {"poetry.lock": ""}, ("COPY . .", "RUN poetry update")),
        ({"Pipfile": "", "Pipfile.lock": "{}"}, ("COPY Pipfile* ./", "RUN pipenv install --system")),
        (
            {"requirements.in": "flask", "requirements.txt": "flask==3.0.0"},
            ("COPY . .", "RUN pip install -r requirements.in"),
        ),
    ],
)
def test_install_past_the_lock_file_is_found(files: dict[str, str], lines: tuple[str, ...]) -> None:
    (finding,) = inspected(files | dockerfile(*lines), LOCK).findings

    assert finding.at is not None
    assert finding.at.path == "Dockerfile"
    assert len(finding.related) == 1


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (NODE | {"package-lock.json": "{}"}, ("COPY package*.json ./", "RUN npm ci")),
        (NODE | {"package-lock.json": "{}"}, ("COPY . .", "RUN npm ci --omit=dev")),
        (NODE | {"yarn.lock": ""}, ("COPY . .", "RUN yarn install --frozen-lockfile")),
        (PYTHON | {"uv.lock": ""}, ("COPY pyproject.toml uv.lock ./", "RUN uv sync --locked")),
        (
            PYTHON | {"uv.lock": ""},
            ("COPY pyproject.toml ./", "RUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync --locked"),
        ),
        (PYTHON | {"poetry.lock": ""}, ("COPY . .", "RUN poetry install --only main")),
        ({"Pipfile": "", "Pipfile.lock": "{}"}, ("COPY . .", "RUN pipenv install --system --deploy")),
    ],
)
def test_install_by_the_lock_file_holds(files: dict[str, str], lines: tuple[str, ...]) -> None:
    assert inspected(files | dockerfile(*lines), LOCK).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "line",
    [
        "RUN npm install -g pnpm",
        "RUN npm install express",
        "RUN pip install gunicorn",
        "RUN pip install -r exported.txt",
    ],
)
def test_install_of_something_else_is_not_judged(line: str) -> None:
    files = NODE | PYTHON | {"package-lock.json": "{}", "uv.lock": ""}

    assert not inspected(files | dockerfile("COPY . .", line), LOCK).findings


def test_what_another_stage_put_together_is_not_judged() -> None:
    lines = ("COPY . .", "FROM node:22", "COPY package.json ./", "COPY --from=0 /out .", "RUN npm ci")

    assert not inspected(NODE | {"package-lock.json": "{}"} | dockerfile(*lines, base="node:22"), LOCK).findings


def test_pipeline_is_judged_as_well() -> None:
    files = workflow(*runs("npm install", "npm test")) | NODE | {"package-lock.json": "{}"}

    assert inspected(files, LOCK).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "lines",
    [
        ("RUN pip install --user flask", "COPY main.py .", "USER app"),
        ("COPY main.py /root/app/", "USER 10001"),
        ("ENV PATH=/root/.local/bin:/usr/bin", "USER app"),
        ("WORKDIR /root", "COPY main.py .", "USER app"),
        ("COPY --chmod=600 main.py /srv/main.py", "USER app"),
        ("COPY --from=python:3.12 /root/.local /root/.local", "USER app"),
    ],
)
def test_file_the_user_cannot_read_is_found(lines: tuple[str, ...]) -> None:
    result = inspected(dockerfile(*lines) | {"main.py": ""}, HOME)

    assert result.outcome is Outcome.FAILED
    assert all(len(finding.related) == 1 for finding in result.findings)


@pytest.mark.parametrize(
    "lines",
    [
        ("RUN pip install flask", "COPY main.py .", "USER app"),
        ("USER app", "RUN pip install --user flask"),
        ("RUN pip install --user flask", "RUN chmod -R a+rX /root", "USER app"),
        ("COPY --chown=app main.py /root/app/", "USER app"),
        ("COPY --chmod=755 main.py /srv/main.py", "USER app"),
        ("WORKDIR /root/build", "RUN make", "WORKDIR /srv", "USER app"),
    ],
)
def test_file_the_user_can_read_holds(lines: tuple[str, ...]) -> None:
    result = inspected(dockerfile(*lines) | {"main.py": ""}, HOME)

    assert result.outcome is Outcome.PASSED, result.findings


def test_root_reads_everything() -> None:
    files = dockerfile("RUN pip install --user flask", "COPY main.py .") | {"main.py": ""}

    assert inspected(files, HOME).outcome is Outcome.NOT_APPLICABLE
