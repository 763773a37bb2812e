"""What kind of service a repository holds."""

import pytest

from repository import gathered
from roadworthy.model.shape import Shape

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/x')\ndef x() -> int:\n    return 1\n"
_PLAIN = {"app/main.py": _APP, "pyproject.toml": "[project]\nname = 'x'\ndependencies = ['fastapi']\n"}


def shape(**more: str) -> Shape:
    return gathered(_PLAIN | {path.replace("__", "/").replace("_dot_", "."): text for path, text in more.items()}).shape


def test_a_plain_service_has_nothing_more() -> None:
    assert shape() == Shape()


@pytest.mark.parametrize(
    "files",
    [
        {"compose_dot_yaml": "services:\n  db:\n    image: postgres:16\n"},
        {"pyproject_dot_toml": "[project]\nname = 'x'\ndependencies = ['fastapi', 'psycopg[binary]>=3']\n"},
        {
            "compose_dot_yaml": "services:\n  a:\n    build: .\n    environment: {U: 'postgresql://a@db.example.org/a'}\n"
        },
        {"migrations__1_dot_sql": "CREATE TABLE orders (id int, total int);\n"},
    ],
)
def test_a_store_shows_in_many_ways(files: dict[str, str]) -> None:
    assert shape(**files).store


def test_a_cache_is_no_store() -> None:
    assert not shape(compose_dot_yaml="services:\n  cache:\n    image: redis:7\n").store


def test_columns_with_the_names_of_persons_are_personal_data() -> None:
    assert shape(migrations__1_dot_sql="CREATE TABLE orders (id int, customer_email text);\n").personal_data
    assert not shape(migrations__1_dot_sql="CREATE TABLE orders (id int, total int);\n").personal_data


def test_calls_of_code_are_outgoing_calls_and_packages_alone_are_not() -> None:
    code = "import httpx\n\n\nasync def rate() -> None:\n    async with httpx.AsyncClient(timeout=2) as client:\n        await client.get('https://x')\n"

    assert shape(app__client_dot_py=code).outgoing_calls
    assert not shape(pyproject_dot_toml="[project]\nname = 'x'\ndependencies = ['fastapi', 'httpx']\n").outgoing_calls


def test_pages_are_a_user_interface_and_mails_are_not() -> None:
    assert shape(app__templates__index_dot_html="<p>").user_interface
    assert not shape(app__email_templates__welcome_dot_html="<p>").user_interface
    assert not shape(docs__index_dot_html="<p>").user_interface
