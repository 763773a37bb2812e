"""Which variables Python code reads, and whether it can do without them."""

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.collect.python import environment, settings
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.problem import SyntaxProblem


def reads(text: str) -> dict[str, bool | None]:
    """Return each variable a module reads and whether it is required."""
    file = SourceFile("app.py", text, FileRole.PROD)
    found: dict[str, bool | None] = {}
    for collector in (environment, settings):
        if collector.recognises(file):
            for statement in collector.collect(file):
                if isinstance(statement, Symbol) and isinstance(statement.detail, EnvironmentRead):
                    found[str(statement.name)] = statement.detail.required
    return found


def test_subscript_is_required_and_get_with_default_is_not() -> None:
    assert reads("import os\na = os.environ['A']\nb = os.environ.get('B', 'x')\nc = os.getenv('C', '1')\n") == {
        "A": True,
        "B": False,
        "C": False,
    }


def test_get_without_default_is_optional_where_the_code_asks_and_undecided_otherwise() -> None:
    text = "from os import environ as e, getenv\na = getenv('A')\nb = e.get('B')\nif not b: raise SystemExit\nc = getenv('C') or 1\n"

    assert reads(text) == {"A": None, "B": False, "C": False}


def test_caught_key_error_makes_it_optional_unless_it_ends_the_program() -> None:
    soft = "import os\ntry:\n    a = os.environ['A']\nexcept KeyError:\n    a = 1\n"
    hard = "import os, sys\ntry:\n    a = os.environ['A']\nexcept KeyError:\n    sys.exit(1)\n"

    assert reads(soft) == {"A": False}
    assert reads(hard) == {"A": True}


def test_wrapper_and_prefix_constant_are_followed() -> None:
    text = (
        "import os\nPREFIX = 'APP_'\n"
        "def need(name):\n    return os.environ[PREFIX + name]\n"
        "def want(name, default=None):\n    return os.environ.get(name, default)\n"
        "def must(name):\n    value = os.environ.get(name)\n    if not value:\n        raise RuntimeError(name)\n    return value\n"
        "b = want('B', 'x')\nc = must('C')\nd = os.environ[f'{PREFIX}D']\n"
    )
    found = reads(text)

    assert (found["B"], found["C"], found["APP_D"]) == (False, True, True)


def test_reader_objects_are_followed() -> None:
    text = (
        "from decouple import config\nfrom environs import Env\nfrom starlette.config import Config\n"
        "env = Env()\nconf = Config('.env')\n"
        "a = config('A')\nb = config('B', default='x', cast=int)\nc = env.str('C')\nd = env.int('D', 3)\ne = conf('E')\n"
    )

    assert reads(text) == {"A": True, "B": False, "C": True, "D": False, "E": True}


def test_settings_fields_take_prefix_alias_and_default() -> None:
    text = (
        "from pydantic import Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
        "class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='app_')\n"
        "class S(Base):\n    url: str\n    port: int = 80\n    key: str = Field(...)\n    other: str = Field('x', alias='OTHER')\n"
        "    listed: list[str] = Field(default_factory=list)\n"
    )

    assert reads(text) == {"APP_URL": True, "APP_PORT": False, "APP_KEY": True, "OTHER": False, "APP_LISTED": False}


def test_old_style_configuration_class_is_read() -> None:
    text = "from pydantic import BaseSettings\nclass S(BaseSettings):\n    a: str\n    class Config:\n        env_prefix = 'X_'\n"

    assert reads(text) == {"X_A": True}


def test_name_from_a_loop_is_unreadable_and_not_guessed() -> None:
    found = reads("import os\nfor name in names():\n    print(os.environ[name])\n")

    assert [name for name in found if not name.startswith("(")] == []


@given(st.text(alphabet="aos.environ['A'](),:= \n\tgetdfxé\"{}", max_size=120))
def test_any_text_is_read_or_a_located_problem(text: str) -> None:
    for collector in (environment, settings):
        file = SourceFile("a.py", "import os  # environ Settings\n" + text, FileRole.PROD)
        try:
            found = list(collector.collect(file))
        except SyntaxProblem as problem:
            assert problem.line >= 1
        else:
            assert all(isinstance(s, Symbol) and s.at.line <= text.count("\n") + 2 for s in found)


def test_field_that_code_may_fill_itself_is_undecided() -> None:
    text = (
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    key: str\n    url: str\n"
        "s = S(key=make_key())\n"
    )

    assert reads(text) == {"KEY": None, "URL": True}
    assert reads(text.replace("key=make_key()", "**found")) == {"KEY": None, "URL": None}
