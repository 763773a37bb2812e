"""A test asks for a fixture that nothing defines.

The test does not fail, it errors before it starts: nothing it promises is tried.

## Fails

```python title="tests/conftest.py"
import pytest


@pytest.fixture
def session():
    return {"orders": []}
```

```python title="tests/test_orders.py"
def test_order_is_stored(db_session):
    db_session["orders"].append(1)
    assert db_session["orders"] == [1]
```

```toml title="pyproject.toml"
[project]
name = "orders"
version = "1"

[dependency-groups]
dev = ["pytest"]
```

## Passes

```python title="tests/conftest.py"
import pytest


@pytest.fixture
def db_session():
    return {"orders": []}
```

```python title="tests/test_orders.py"
def test_order_is_stored(db_session):
    db_session["orders"].append(1)
    assert db_session["orders"] == [1]
```

```toml title="pyproject.toml"
[project]
name = "orders"
version = "1"

[dependency-groups]
dev = ["pytest"]
```

## Repair

Define the fixture in a `conftest.py` above the test, or ask for the one that is there.

## References

- https://docs.pytest.org/en/stable/reference/fixtures.html
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.detail.testing import FixtureDefined, FixturesHidden, FixtureUse
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.resolution import Rung, nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST, Kind.PACKAGE}))

# What pytest and its usual plug-ins bring: documentation of pytest 8.4 and of each plug-in.
_BUILT_IN = frozenset(
    """
    cache capfd capfdbinary caplog capsys capsysbinary capteesys config doctest_namespace monkeypatch pytestconfig
    record_property record_testsuite_property record_xml_attribute recwarn request subtests testdir pytester tmp_path
    tmp_path_factory tmpdir tmpdir_factory
    """.split()
)
_PLUGINS: dict[str, frozenset[str]] = {
    "pytest-asyncio": frozenset(
        """event_loop event_loop_policy unused_tcp_port unused_tcp_port_factory unused_udp_port
        unused_udp_port_factory""".split()
    ),
    "anyio": frozenset(
        """anyio_backend anyio_backend_name anyio_backend_options free_tcp_port free_tcp_port_factory free_udp_port
        free_udp_port_factory""".split()
    ),
    "pytest-mock": frozenset("mocker class_mocker module_mocker package_mocker session_mocker".split()),
    "pytest-django": frozenset(
        """admin_client admin_user async_admin_client async_client async_rf client db django_assert_max_num_queries
        django_assert_num_queries django_capture_on_commit_callbacks django_db_blocker django_db_keepdb
        django_db_createdb django_db_modify_db_settings django_db_reset_sequences django_db_serialized_rollback
        django_db_setup django_db_use_migrations django_test_environment django_user_model django_username_field
        live_server mailoutbox rf settings transactional_db""".split()
    ),
    "pytest-cov": frozenset({"cov", "no_cover"}),
    "pytest-xdist": frozenset({"worker_id", "testrun_uid"}),
    "pytest-httpx": frozenset({"httpx_mock"}),
    "respx": frozenset({"respx_mock"}),
    "requests-mock": frozenset({"requests_mock"}),
    "pytest-httpserver": frozenset({"httpserver", "make_httpserver", "httpserver_ssl_context"}),
    "pytest-aiohttp": frozenset({"aiohttp_client", "aiohttp_server", "aiohttp_raw_server"}),
    "pytest-benchmark": frozenset({"benchmark", "benchmark_weave"}),
    "pytest-freezer": frozenset({"freezer"}),
    "syrupy": frozenset({"snapshot"}),
    "faker": frozenset({"faker"}),
    "time-machine": frozenset({"time_machine"}),
    "pytest-env": frozenset(),
    "pytest-timeout": frozenset(),
    "pytest-randomly": frozenset(),
    "pytest-sugar": frozenset(),
    "pytest-rerunfailures": frozenset(),
    "pytest-playwright": frozenset(
        """browser browser_name browser_type browser_context_args browser_type_launch_args context new_context page
        playwright base_url device is_chromium is_firefox is_webkit""".split()
    ),
}
# What is asked for in development and brings no fixture.
_HARMLESS = frozenset(
    """
    aioresponses asgi-lifespan bandit basedpyright black build codespell coverage deptry dirty-equals django-stubs
    djangorestframework-stubs djlint docformatter factory-boy fakeredis flake8 freezegun gunicorn hatch httpx hypothesis
    import-linter ipdb ipython isort jsonschema lxml-stubs model-bakery moto mypy nox openapi-spec-validator pip-audit
    pip-tools playwright polyfactory poethepoet pre-commit psycopg psycopg-binary psycopg2-binary pydocstyle pylint
    pylint-django pyright pytest pytest-env pytest-icdiff pytest-instafail pytest-pretty pytest-randomly
    pytest-rerunfailures pytest-retry pytest-split pytest-sugar pytest-timeout pytest-watch pytest-cov pytest-clarity
    pyupgrade requests responses rich ruff safety semgrep setuptools sqlalchemy-stubs taskipy testcontainers
    towncrier tox twine ty uv uvicorn vcrpy virtualenv watchfiles werkzeug wheel yamllint zizmor
    """.split()
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look every asked fixture up among those that the test can see."""
    defined: dict[str, list[tuple[Symbol, FixtureDefined]]] = defaultdict(list)
    for symbol in facts.details(Kind.TEST, Action.DEFINES, FixtureDefined):
        if isinstance(symbol.detail, FixtureDefined):
            defined[str(symbol.name)].append((symbol, symbol.detail))
    packages = [
        (str(s.name).lower().replace("_", "-"), s.phase)
        for s in facts.details(Kind.PACKAGE, Action.DEFINES, Dependency)
        if isinstance(s.detail, Dependency) and s.detail.ecosystem == "python"
    ]
    brought = _BUILT_IN.union(*(names for names in _PLUGINS.values()))
    doubt = _doubt(packages)
    nearby: dict[tuple[str, str], list[Symbol]] = {}
    hidden = list(facts.details(Kind.TEST, Action.REFERS, FixturesHidden))
    uses = list(facts.details(Kind.TEST, Action.REFERS, FixtureUse))
    asked = {str(use.name) for use in uses}
    held: set[str] = set()
    for use in uses:
        name = str(use.name)
        if isinstance(use.detail, FixtureUse) and use.detail.by in defined and use.detail.by not in asked:
            continue  # A fixture that nobody asks for.
        if name in brought or any(_sees(use.at.path, where.folder) for _, where in defined.get(name, ())):
            if name not in held:
                held.add(name)
                yield Held(use.at)
            continue
        beside = (use.at.path, name)
        if beside not in nearby:
            nearby[beside] = _near(use, name, defined)
        near = nearby[beside]
        hides = next((s for s in hidden if _about(s.at.path, use.at.path)), None)
        if hides is not None and isinstance(hides.detail, FixturesHidden):
            yield Unknown(f"whether the fixture `{name}` is there: {hides.detail.why}", hides.at)
        elif doubt and not near:
            yield Unknown(f"whether the fixture `{name}` is there: {doubt}", use.at)
        else:
            yield _finding(use, name, near, defined)


def _doubt(packages: list[tuple[str, str]]) -> str:
    """Return why a fixture that is defined nowhere may be there all the same: a package that may be a plug-in."""
    if all(name != "pytest" for name, _ in packages):
        return "no manifest that was read asks for pytest"
    known = _HARMLESS | _PLUGINS.keys()
    other = sorted(
        name
        for name, phase in packages
        if (phase != "run" or "pytest" in name) and name not in known and not name.startswith("types-")
    )
    return f"{other[0]} may bring it" if other else ""


def _sees(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")


def _about(hiding: str, path: str) -> bool:
    """Tell whether what a file hides may count for another: a conftest.py counts below its folder."""
    return hiding == path or (hiding.rpartition("/")[2] == "conftest.py" and _sees(path, hiding.rpartition("/")[0]))


def _near(use: Symbol, name: str, defined: dict[str, list[tuple[Symbol, FixtureDefined]]]) -> list[Symbol]:
    visible = [s for found in defined.values() for s, where in found if _sees(use.at.path, where.folder)]
    missing = nearest(name, visible)
    return [] if missing.rung is Rung.NONE else list(missing.nearest[:2])


def _finding(
    use: Symbol, name: str, near: list[Symbol], defined: dict[str, list[tuple[Symbol, FixtureDefined]]]
) -> Finding:
    elsewhere = [s for s, _ in defined.get(name, ())][:1]
    sides = [Related(s.at, f"defines `{s.name}`") for s in near] or [
        Related(s.at, f"defines `{name}`, where this test does not see it") for s in elsewhere
    ]
    by = use.detail.by if isinstance(use.detail, FixtureUse) else ""
    return Finding(
        f"`{by}` asks for the fixture `{name}`, which nothing it sees defines"
        + (f"; the nearest is `{near[0].name}`" if near else ""),
        use.at,
        tuple(sides),
        f"Ask for `{near[0].name}`" if near else f"Define `{name}` in a conftest.py above the test",
        (name,),
    )
