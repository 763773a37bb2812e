"""What containers start, against what their images hold."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/missing-entrypoint"
APP = {"app/__init__.py": "", "app/main.py": "app = None\n", "requirements.txt": "uvicorn\n"}


def image(*lines: str) -> dict[str, str]:
    return {"Dockerfile": "\n".join(("FROM python:3.12-slim", "WORKDIR /srv", *lines)) + "\n", **APP}


@pytest.mark.parametrize(
    ("lines", "near"),
    [
        (("COPY . .", 'CMD ["uvicorn", "app.mian:app"]'), "app.main"),
        (("COPY app/ .", 'CMD ["uvicorn", "app.main:app"]'), ""),
        (("COPY . .", 'CMD ["python", "app/man.py"]'), "app/main.py"),
        (("COPY . .", 'ENTRYPOINT ["./entrypoint.sh"]'), ""),
        (("COPY . .", "CMD gunicorn app.wsgi:application --bind 0.0.0.0:8000"), ""),
        (("COPY . .", 'CMD ["python", "-m", "app.maim"]'), "app.main"),
    ],
)
def test_what_is_not_in_the_image_is_found(lines: tuple[str, ...], near: str) -> None:
    (finding,) = inspected(image(*lines), RULE).findings

    assert finding.at is not None
    assert finding.at.line == 4
    assert finding.related[0].at.line == 1
    assert near in finding.message


@pytest.mark.parametrize(
    "lines",
    [
        ("COPY . .", 'CMD ["uvicorn", "app.main:app"]'),
        ("COPY app app", "RUN pip install -r x && useradd a", "USER a", 'CMD ["fastapi", "run", "app/main.py"]'),
        ("COPY app/ .", 'CMD ["uvicorn", "main:app"]'),
        ("COPY . /opt/x", "ENV PYTHONPATH=/opt/x", 'CMD ["uvicorn", "app.main:app"]'),
        ("COPY . .", 'CMD ["python", "-m", "http.server"]'),
        ("RUN git clone https://example.com/x .", 'CMD ["uvicorn", "app.main:app"]'),
        ("COPY . .", 'CMD ["sh", "-c", "exec uvicorn app.main:app --port $PORT"]'),
        ("COPY . .", 'CMD ["uvicorn", "--factory", "vendor_package.main:create"]'),
        ("COPY --from=docker.io/acme/app:1 /srv /srv", 'CMD ["python", "run.py"]'),
        ("COPY . .", 'ENTRYPOINT ["tini", "--"]', 'CMD ["python", "app/main.py"]'),
    ],
)
def test_sound_commands_give_no_finding(lines: tuple[str, ...]) -> None:
    assert inspected(image(*lines), RULE).findings == ()


def test_build_output_is_left_open() -> None:
    files = {
        "Dockerfile": 'FROM node:20\nWORKDIR /a\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/index.js"]\n',
        "src/index.ts": "",
    }

    assert inspected(files, RULE).outcome is Outcome.INCONCLUSIVE


def test_binary_copied_from_a_build_stage_is_there() -> None:
    files = {
        "Dockerfile": "FROM golang:1.22 AS b\nWORKDIR /s\nCOPY . .\nRUN go build -o /out/api .\n"
        'FROM gcr.io/distroless/static-debian12\nCOPY --from=b /out/api /api\nENTRYPOINT ["/api"]\n',
        "main.go": "package main\n",
    }

    assert inspected(files, RULE).outcome is Outcome.PASSED

    files["Dockerfile"] = files["Dockerfile"].replace('"/api"]', '"/app"]')
    assert inspected(files, RULE).outcome is Outcome.FAILED


def test_code_mounted_by_compose_is_not_missed() -> None:
    files = image('CMD ["python", "app/main.py"]')
    files["compose.yaml"] = "services:\n  api:\n    build: .\n    volumes: ['.:/srv']\n"

    assert inspected(files, RULE).findings == ()


def test_file_is_followed_through_the_stages_that_hand_it_on() -> None:
    text = (
        "FROM python:3.12-slim AS a\nWORKDIR /src\nCOPY . .\nFROM python:3.12-slim AS b\nCOPY --from=a /src /work\n"
        'FROM python:3.12-slim\nWORKDIR /srv\nCOPY --from=b /work/app ./app\nCMD ["python", "app/main.py"]\n'
    )

    assert inspected({"Dockerfile": text, **APP}, RULE).outcome is Outcome.PASSED
    assert inspected({"Dockerfile": text.replace("app/main.py", "main.py"), **APP}, RULE).outcome is Outcome.FAILED


def test_file_made_before_the_build_or_brought_by_onbuild_is_left_open() -> None:
    made = {"a/Dockerfile": 'FROM scratch\nADD server server\nENTRYPOINT ["/server"]\n'}
    later = {"Dockerfile": 'FROM node:22\nWORKDIR /app\nONBUILD COPY . .\nCMD ["node", "main.js"]\n'}

    for files in (made, later):
        assert not inspected(files, "delivery/missing-entrypoint").findings
        assert not inspected(files, "delivery/missing-binary").findings
