"""Programs that commands call, against what their images hold."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "delivery/missing-binary"
COMPOSE = "services:\n  {name}:\n    image: {image}\n    healthcheck:\n      test: {test}\n"


def compose(image: str, test: str, name: str = "db") -> dict[str, str]:
    return {"docker-compose.yml": COMPOSE.format(image=image, test=test, name=name)}


def dockerfile(*lines: str, **files: str) -> dict[str, str]:
    return {"Dockerfile": "\n".join(lines) + "\n", "main.py": "print()\n", **files}


@pytest.mark.parametrize(
    ("image", "test", "program"),
    [
        ("postgres:16", '["CMD", "curl", "localhost"]', "curl"),
        ("postgres:16-alpine", '["CMD-SHELL", "pg_isready -U a && curl x"]', "curl"),
        ("redis:7.2", "nc -z localhost 6379 || exit 1", "nc"),
        ("mariadb:11.4", '["CMD", "mysqladmin", "ping"]', "mysqladmin"),
        ("mongo:7", "mongo --eval 'db.stats()'", "mongo"),
        ("prom/prometheus:v2.53.0", '["CMD", "curl", "-f", "http://localhost:9090/-/ready"]', "curl"),
        ("otel/opentelemetry-collector:0.104.0", '["CMD-SHELL", "wget -q x"]', "wget"),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", '["CMD", "curl", "x"]', "curl"),
    ],
)
def test_compose_health_check_calls_what_a_known_image_lacks(image: str, test: str, program: str) -> None:
    result = inspected(compose(image, test), RULE)

    assert result.outcome is Outcome.FAILED
    assert any(f"`{program}`" in finding.message and image in finding.message for finding in result.findings)
    assert all(finding.at and finding.at.line == 5 for finding in result.findings)
    assert [related.at.line for related in result.findings[0].related] == [3]


@pytest.mark.parametrize(
    ("image", "test"),
    [
        ("postgres:16", "pg_isready -U postgres"),
        ("redis:7-alpine", '["CMD", "redis-cli", "ping"]'),
        ("mariadb:10.6", '["CMD", "mysqladmin", "ping"]'),
        ("nginx:1.27-alpine", '["CMD", "curl", "-f", "localhost"]'),
        ("prom/prometheus:v2.53.0", '["CMD", "wget", "-q", "--spider", "http://localhost:9090/-/ready"]'),
        ("registry.acme.example/python:3.12-slim", '["CMD", "curl", "localhost"]'),
        ("acme/tool:1", '["CMD", "curl", "localhost"]'),
        ("redis:7-alpine", '["CMD-SHELL", "command -v bash && bash -c x; redis-cli ping"]'),
        ("postgres:16-alpine", '["CMD-SHELL", "curl x || pg_isready"]'),
    ],
)
def test_health_check_that_can_work_gives_no_finding(image: str, test: str) -> None:
    assert inspected(compose(image, test), RULE).findings == ()


@pytest.mark.parametrize(
    ("lines", "program"),
    [
        (("FROM python:3.12-slim", "COPY main.py /", 'HEALTHCHECK CMD ["curl", "x"]'), "curl"),
        (("FROM node:20-alpine", "COPY main.py /", "HEALTHCHECK CMD curl -f x || exit 1"), "curl"),
        (("FROM python:3.12-alpine", "COPY main.py /", 'CMD ["bash", "-c", "python main.py"]'), "bash"),
        (("FROM debian:12-slim", "RUN curl -o x https://example.com", "COPY main.py /"), "curl"),
        (("FROM gcr.io/distroless/static-debian12", "COPY main.py /", "CMD ./x"), "sh"),
        (
            (
                "FROM python:3.12 AS build",
                "RUN apt-get install -y curl",
                "FROM python:3.12-slim",
                "COPY --from=build /opt/venv /opt/venv",
                "HEALTHCHECK CMD curl x",
            ),
            "curl",
        ),
        (
            (
                "FROM alpine:3.20",
                "RUN apk add --no-cache --virtual .b curl",
                "RUN apk del .b",
                "HEALTHCHECK CMD curl x",
            ),
            "curl",
        ),
    ],
)
def test_dockerfile_calls_what_its_last_stage_lacks(lines: tuple[str, ...], program: str) -> None:
    result = inspected(dockerfile(*lines), RULE)

    assert [finding.message for finding in result.findings if f"`{program}`" in finding.message]
    assert all(finding.related for finding in result.findings)


@pytest.mark.parametrize(
    "lines",
    [
        ("FROM python:3.12-slim", "RUN apt-get update && apt-get install -y curl", "HEALTHCHECK CMD curl x"),
        ("FROM python:3.12", "HEALTHCHECK CMD curl x"),
        ("FROM node:20-alpine", "HEALTHCHECK CMD wget -q x"),
        ("FROM debian:12-slim", "RUN apt-get install -y some-unheard-of-package", "HEALTHCHECK CMD curl x"),
        ("FROM debian:12-slim", "COPY install.sh /", "RUN sh /install.sh", "HEALTHCHECK CMD curl x"),
        ("ARG BASE", "FROM ${BASE}", "HEALTHCHECK CMD curl x"),
        (
            "FROM python:3.12-slim",
            "COPY --from=curlimages/curl:8 /usr/bin/curl /usr/local/bin/",
            "HEALTHCHECK CMD curl x",
        ),
        ("FROM nginx:1.27 AS dev", "HEALTHCHECK CMD nonsense", "FROM python:3.12-slim", 'CMD ["python", "main.py"]'),
        ("FROM python:3.12-slim", "RUN pip install gunicorn", 'CMD ["gunicorn", "main:app"]'),
        ("FROM alpine:3.20", 'ENTRYPOINT ["/bin/sh", "-c"]', 'CMD ["curl"]'),
        ("FROM debian:12-slim", "RUN apt-get install -y $PACKAGES", "HEALTHCHECK CMD curl x"),
        ("FROM python:3.12-slim", "COPY curl /usr/local/bin/curl", "HEALTHCHECK CMD curl x"),
        ("FROM debian:12-slim", "RUN if command -v curl; then curl x; fi"),
    ],
)
def test_dockerfile_whose_commands_can_work_gives_no_finding(lines: tuple[str, ...]) -> None:
    assert inspected(dockerfile(*lines, curl="#!/bin/sh\n", **{"install.sh": "x\n"}), RULE).findings == ()


def test_entry_script_is_followed_into_the_repository() -> None:
    files = dockerfile(
        "FROM python:3.12-slim",
        "WORKDIR /app",
        "COPY . .",
        'ENTRYPOINT ["./scripts/entrypoint.sh"]',
        **{"scripts/entrypoint.sh": "#!/bin/sh\nuntil nc -z db 5432; do sleep 1; done\nexec python main.py\n"},
    )

    (finding,) = inspected(files, RULE).findings

    assert finding.at is not None
    assert (finding.at.path, finding.at.line) == ("scripts/entrypoint.sh", 2)
    assert finding.related[0].at.path == "Dockerfile"


def test_compose_command_of_a_built_service_is_held_against_its_dockerfile() -> None:
    files = dockerfile(
        "FROM python:3.12-slim AS api", "COPY main.py .", "FROM api AS tools", "RUN apt-get install -y curl"
    )
    files["compose.yaml"] = (
        "services:\n  api:\n    build: {context: ., target: api}\n    healthcheck: {test: [CMD, curl, localhost]}\n"
    )

    (finding,) = inspected(files, RULE).findings

    assert finding.at is not None
    assert finding.at.path == "compose.yaml"
    assert "`python:3.12-slim`" in finding.message


def test_unreadable_dockerfile_makes_the_check_inconclusive() -> None:
    result = inspected({"Dockerfile": "FROM python\nRUM x\n"}, RULE)

    assert result.outcome is Outcome.INCONCLUSIVE
