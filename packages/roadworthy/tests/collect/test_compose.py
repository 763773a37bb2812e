"""What compose files are read as."""

import re

import yaml
from hypothesis import given
from hypothesis import strategies as st

from repository import gathered
from roadworthy.collect.compose import file as compose
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.volume import Mount
from roadworthy.model.detail.workload import DependsOn, Workload
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Symbol, Unreadable
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem


def symbols(text: str, path: str = "compose.yaml") -> list[Symbol]:
    file = SourceFile(path, text, FileRole.PROD)
    assert compose.recognises(file)
    return [statement for statement in compose.collect(file) if isinstance(statement, Symbol)]


def of(kind: Kind, found: list[Symbol]) -> list[Symbol]:
    return [symbol for symbol in found if symbol.kind is kind]


def test_short_and_long_ports_are_read_alike() -> None:
    found = symbols(
        "services:\n"
        "  api:\n"
        "    image: api\n"
        "    ports:\n"
        '      - "127.0.0.1:8001:8000/tcp"\n'
        "      - target: 9000\n"
        '        published: "9001"\n'
        "        host_ip: 10.0.0.1\n"
        '      - "3000-3001:4000-4001"\n'
        '      - "${PORT}:5000"\n'
    )

    ports = [(str(s.name), s.detail) for s in of(Kind.PORT, found)]

    assert ports == [
        ("8000", PortUse("ports", published="8001", address="127.0.0.1")),
        ("9000", PortUse("ports", published="9001", address="10.0.0.1")),
        ("4000", PortUse("ports", published="3000")),
        ("4001", PortUse("ports", published="3001")),
        ("5000", PortUse("ports", published="*")),
    ]


def test_port_from_a_variable_without_default_is_unreadable() -> None:
    (port,) = of(Kind.PORT, symbols('services:\n  api:\n    image: a\n    ports: ["80:${PORT}"]\n'))

    assert isinstance(port.name, Unreadable)


def test_the_place_of_a_port_is_the_containers_side() -> None:
    (port,) = of(Kind.PORT, symbols('services:\n  api:\n    image: a\n    ports:\n      - "80:80"\n'))

    assert (port.at.line, port.at.column, port.at.end_column) == (5, 13, 14)


def test_environment_follows_anchors_merge_keys_and_defaults() -> None:
    found = symbols(
        "x-shared: &shared\n"
        "  LOG_LEVEL: ${LOG_LEVEL:-info}\n"
        "  MODE: base\n"
        "services:\n"
        "  api:\n"
        "    image: api\n"
        "    environment:\n"
        "      <<: *shared\n"
        "      MODE: own\n"
        "      URL: http://${HOST}/x\n"
        "      PASSED:\n"
    )

    given_ = {str(s.name): s.detail for s in of(Kind.ENVIRONMENT, found) if isinstance(s.detail, EnvironmentGiven)}

    assert given_["LOG_LEVEL"] == EnvironmentGiven("compose", "info", source="LOG_LEVEL")
    assert given_["MODE"] == EnvironmentGiven("compose", "own")
    assert given_["URL"] == EnvironmentGiven("compose", None, source="HOST", template="http://${HOST}/x")
    assert given_["PASSED"] == EnvironmentGiven("host", None, source="PASSED")


def test_list_form_of_environment_is_read() -> None:
    found = symbols("services:\n  api:\n    image: a\n    environment:\n      - A=1\n      - B\n")

    assert [(str(s.name), s.at.line) for s in of(Kind.ENVIRONMENT, found)] == [("A", 5), ("B", 6)]


def test_depends_on_says_what_it_waits_for() -> None:
    found = symbols(
        "services:\n"
        "  api:\n"
        "    image: a\n"
        "    depends_on:\n"
        "      db: {condition: service_healthy, required: false}\n"
        "  worker:\n"
        "    image: a\n"
        "    depends_on: [db]\n"
        "  db:\n"
        "    image: postgres\n"
    )

    waits = [s.detail for s in of(Kind.SERVICE, found) if isinstance(s.detail, DependsOn)]

    assert waits == [DependsOn("service_healthy", required=False), DependsOn("service_started")]


def test_health_check_keeps_its_form() -> None:
    found = symbols(
        "services:\n"
        "  a:\n"
        "    image: a\n"
        "    healthcheck:\n"
        "      test: [CMD, curl, -f, 'http://localhost/x']\n"
        "  b:\n"
        "    image: b\n"
        "    healthcheck:\n"
        "      test: pg_isready -U $$POSTGRES_USER\n"
        "  c:\n"
        "    image: c\n"
        "    healthcheck:\n"
        "      test: [NONE]\n"
    )

    uses = [s.detail for s in of(Kind.COMMAND, found)]

    assert uses == [
        CommandUse("healthcheck", "exec", ("curl", "-f", "http://localhost/x")),
        CommandUse("healthcheck", "shell", ("pg_isready -U $POSTGRES_USER",)),
    ]


def test_mounts_tell_volumes_from_folders_of_the_repository() -> None:
    found = symbols(
        "services:\n"
        "  db:\n"
        "    image: postgres\n"
        "    volumes:\n"
        "      - data:/var/lib/postgresql/data\n"
        "      - ./init.sql:/docker-entrypoint-initdb.d/init.sql:ro\n"
        "      - /cache\n"
        "      - type: tmpfs\n"
        "        target: /tmp\n",
        "deploy/compose.yaml",
    )

    mounts = [s.detail for s in of(Kind.VOLUME, found)]
    files = [str(s.name) for s in of(Kind.FILE, found)]

    assert mounts == [
        Mount("volume", "/var/lib/postgresql/data", "data"),
        Mount("bind", "/docker-entrypoint-initdb.d/init.sql", "./init.sql", read_only=True),
        Mount("anonymous", "/cache"),
        Mount("tmpfs", "/tmp"),
    ]
    assert files == ["deploy/init.sql"]


def test_extends_in_the_same_file_is_followed() -> None:
    found = symbols(
        "services:\n"
        "  base:\n"
        "    image: app:1\n"
        "    environment: {A: '1', B: '1'}\n"
        "  api:\n"
        "    extends: base\n"
        "    environment: {B: '2'}\n"
    )

    given_ = {
        str(s.name): s.detail.value
        for s in of(Kind.ENVIRONMENT, found)
        if s.component == "api" and isinstance(s.detail, EnvironmentGiven)
    }
    (workload,) = [s.detail for s in found if s.component == "api" and isinstance(s.detail, Workload)]

    assert given_ == {"A": "1", "B": "2"}
    assert workload.image == "app:1"


def test_services_of_test_profiles_are_not_for_production() -> None:
    found = symbols("services:\n  api:\n    image: a\n  seed:\n    image: a\n    profiles: [test]\n")

    roles = {s.component: s.role for s in found if isinstance(s.detail, Workload)}

    assert roles == {"api": FileRole.PROD, "seed": FileRole.TEST}


def test_extends_from_another_file_is_followed() -> None:
    facts = gathered(
        {
            "common.yaml": "services:\n  base:\n    image: app:1\n    environment: {A: '1'}\n",
            "compose.yaml": "services:\n  api:\n    extends: {file: common.yaml, service: base}\n",
        }
    )

    given_ = [str(s.name) for s in facts.definitions(Kind.ENVIRONMENT, "api") if s.component == "api"]

    assert given_ == ["A"]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_or_is_a_located_problem(text: str) -> None:
    file = SourceFile("compose.yaml", "services:\n  a:\n    image: x\n    ports: " + text, FileRole.PROD)
    lines = len(re.split("\r\n|\r|\n", file.text)) + 1

    try:
        found = list(compose.collect(file)) if compose.recognises(file) else []
    except SyntaxProblem as problem:
        assert 1 <= problem.line <= lines
        return

    assert all(1 <= statement.at.line <= statement.at.end_line <= lines for statement in found)


_KEYS: tuple[str, ...] = (
    "image",
    "build",
    "context",
    "args",
    "ports",
    "target",
    "volumes",
    "type",
    "source",
    "environment",
    "depends_on",
)
_KEYS += (
    "healthcheck",
    "test",
    "command",
    "deploy",
    "replicas",
    "extends",
    "file",
    "service",
    "env_file",
    "networks",
    "links",
)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 70000) | st.text("aA1:/-.$,{}=[] ", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(_KEYS), _ANYTHING, max_size=6))
def test_any_shape_of_a_service_is_survived(service: dict[str, object]) -> None:
    file = SourceFile("compose.yaml", yaml.safe_dump({"services": {"a": service}}), FileRole.PROD)

    list(compose.collect(file))
