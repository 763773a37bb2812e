"""Reading `roadworthy.toml`: everything or nothing, and every mistake named."""

from pathlib import Path

import pytest

from roadworthy.engine.configuration import find_configuration, read_subject
from roadworthy.model.error import RoadworthyError
from roadworthy.model.subject import DependencyKind, Variable

SMALLEST = '[service]\nname = "shop"\nstart = "serve --port {port}"\n'


def written(folder: Path, text: str, name: str = "roadworthy.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(RoadworthyError) as caught:
        read_subject(written(folder, text))
    return str(caught.value).splitlines()


def test_smallest_file_is_a_subject(tmp_path: Path) -> None:
    subject = read_subject(written(tmp_path, SMALLEST))

    assert subject.service.name == "shop"
    assert subject.dependencies == ()
    assert not subject.has_store


def test_everything_a_file_can_say_is_read(tmp_path: Path) -> None:
    text = """
        [service]
        name = "shop"
        start = "serve --port {port}"
        migrate = "migrate"
        [service.environment]
        LEVEL = "info"
        WORKERS = 2
        TOKEN = { random = 32 }
        KEY = { random = 16, optional = true }
        CA = { file = "ca.pem" }
        [probes]
        live = "/live"
        ready = "/ready"
        [[dependency]]
        name = "main"
        kind = "postgres"
        env = "DATABASE_URL"
        url = "postgresql+psycopg://{user}:{password}@{host}:{port}/{database}"
        [[dependency]]
        name = "cache"
        kind = "redis"
        env = "CACHE_URL"
        critical = false
        [auth]
        headers = { Authorization = "Bearer {TOKEN}" }
        [[journey]]
        name = "buy"
        steps = [
          { request = "POST /orders", json = { item = "{unique}" }, expect = 201, capture = { order = "id" }, acknowledges = true },
          { request = "GET /orders/{order}", contains = "{unique}", equals = { "lines.0.count" = 1 } },
        ]
        [backup]
        dump = "dump {file}"
        restore = "restore {file}"
        [privacy]
        export = "GET /people/{person}"
        [alerts]
        rules = ["rules/*.yml"]
        [slo]
        availability = 99.9
        latency = { p95 = 0.3, p99 = 1 }
        [drive]
        deadline_seconds = 3
        [[defines]]
        kind = "metric"
        name = "up"
        by = "Prometheus"
    """

    subject = read_subject(written(tmp_path, text))

    assert subject.service.environment == (
        Variable("LEVEL", value="info"),
        Variable("WORKERS", value="2"),
        Variable("TOKEN", random=32),
        Variable("KEY", random=16, optional=True),
        Variable("CA", file="ca.pem"),
    )
    assert [each.kind for each in subject.dependencies] == [DependencyKind.POSTGRES, DependencyKind.REDIS]
    assert [each.critical for each in subject.dependencies] == [True, False]
    steps = subject.journeys[0].steps
    assert (steps[0].method, steps[0].path, steps[0].expect, steps[0].acknowledges) == ("POST", "/orders", (201,), True)
    assert steps[1].equals == (("lines.0.count", 1),)
    assert [len(part) for part in (subject.acknowledged_writes[0].write, subject.acknowledged_writes[0].read)] == [1, 1]
    assert subject.objective is not None
    assert subject.objective.availability == pytest.approx(0.999)
    assert subject.objective.latency == ((0.95, 0.3), (0.99, 1.0))
    assert subject.limits.deadline_seconds == 3
    assert subject.defines[0].by == "Prometheus"


def test_pyproject_table_is_read_when_there_is_no_own_file(tmp_path: Path) -> None:
    text = '[project]\nname = "shop"\n[tool.roadworthy.service]\nname = "shop"\nstart = "serve {port}"\n'

    assert read_subject(written(tmp_path, text, "pyproject.toml")).source == "pyproject.toml"


def test_two_descriptions_are_one_too_many(tmp_path: Path) -> None:
    written(tmp_path, '[tool.roadworthy.service]\nname = "x"\n', "pyproject.toml")

    assert mistakes(tmp_path, SMALLEST) == [
        "roadworthy.toml and pyproject.toml [tool.roadworthy] both describe the service; keep one"
    ]


def test_absent_description_says_what_to_write(tmp_path: Path) -> None:
    assert find_configuration(tmp_path) is None
    with pytest.raises(RoadworthyError, match=r"does not exist; to be driven, a service needs at least\n  \[service\]"):
        read_subject(tmp_path)


def test_every_mistake_is_told_with_its_place_and_the_nearest_valid_key(tmp_path: Path) -> None:
    text = """
        [service]
        name = "shop"
        strat = "serve"
        root = "../elsewhere"
        [drive]
        dedline_seconds = 3
        start_seconds = "long"
        [[dependency]]
        name = "main"
        kind = "postgress"
        env = "DATABASE-URL"
        [probe]
        live = "/live"
        [probes]
        ready = "ready"
    """

    assert mistakes(tmp_path, text) == [
        'roadworthy.toml: [service] start: missing; expected a command such as "uvicorn app:app --port {port}"',
        "roadworthy.toml: [service] strat: unknown key; did you mean 'start'?",
        "roadworthy.toml: [service] root: expected a folder below the one of this file, found '../elsewhere'",
        "roadworthy.toml: [[dependency]] 'main' kind: 'postgress' is unknown; did you mean 'postgres'?",
        "roadworthy.toml: [[dependency]] 'main' env: 'DATABASE-URL' is no name of an environment variable",
        "roadworthy.toml: [probes] ready: expected a path such as \"/healthz\", found 'ready'",
        "roadworthy.toml: [drive] start_seconds: expected a number of seconds, found 'long'",
        "roadworthy.toml: [drive] dedline_seconds: unknown key; did you mean 'deadline_seconds'?",
        "roadworthy.toml: probe: unknown table; did you mean 'probes'?",
    ]


def test_journey_that_uses_what_nothing_provides_is_a_mistake(tmp_path: Path) -> None:
    steps = """
        [[journey]]
        name = "buy"
        steps = [
          { request = "POST /orders", capture = { order = "id" } },
          { request = "GET /orders/{ordr}", headers = { X = "{TOKEN}" } },
          { request = "FETCH /orders" },
          { request = "GET orders", expect = 2000 },
          { reqest = "GET /", json = {}, body = "" },
        ]
    """

    assert mistakes(tmp_path, SMALLEST + steps) == [
        "roadworthy.toml: [[journey]] 'buy' step 2 request: {ordr}: no earlier step captures it and no variable has this name; "
        "did you mean 'order'?",
        "roadworthy.toml: [[journey]] 'buy' step 2 headers: {TOKEN}: no earlier step captures it and no variable has this name; "
        "expected one of 'order', 'unique'",
        "roadworthy.toml: [[journey]] 'buy' step 3 request: 'FETCH' is no method; did you mean 'PATCH'?",
        "roadworthy.toml: [[journey]] 'buy' step 4 expect: expected a status such as 200, or a list of them, found 2000",
        "roadworthy.toml: [[journey]] 'buy' step 4 request: expected a path that begins with \"/\" after GET, found 'orders'",
        "roadworthy.toml: [[journey]] 'buy' step 5 request: missing; expected a method and a path such as \"POST /items\"",
        "roadworthy.toml: [[journey]] 'buy' step 5 reqest: unknown key; did you mean 'request'?",
        "roadworthy.toml: [[journey]] 'buy' step 5 body: stands beside json; keep one",
    ]


def test_start_that_takes_no_port_is_a_mistake(tmp_path: Path) -> None:
    assert "does not say {port}" in mistakes(tmp_path, '[service]\nname = "shop"\nstart = "serve"\n')[0]


def test_port_may_travel_in_a_variable(tmp_path: Path) -> None:
    text = '[service]\nname = "shop"\nstart = "serve"\n[service.environment]\nPORT = "{port}"\n'

    assert read_subject(written(tmp_path, text)).service.environment[0].value == "{port}"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[service\n", "roadworthy.toml: not TOML"),
        (b"\xff\xfe\x00", "roadworthy.toml:1: not UTF-8"),
        (b"a = " + b"[" * 20_000, "roadworthy.toml: not TOML"),
        (b"#" * 1_000_001, "larger than"),
        (b"service = 1\n", "roadworthy.toml: service: expected a table, found 1"),
        (b"journey = 3\n", "roadworthy.toml: journey: expected tables, each begun with [[journey]], found 3"),
    ],
)
def test_broken_file_is_one_clear_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "roadworthy.toml").write_bytes(content)

    with pytest.raises(RoadworthyError) as caught:
        read_subject(tmp_path)

    assert says in str(caught.value)
