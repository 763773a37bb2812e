"""Settings are read once, typed, and refused as a whole without showing a value."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, SecretStr, model_validator

from roadworthy_runtime import ConfigurationError, Settings, load
from roadworthy_runtime.redaction import REDACTOR

SECRET = "canary-7f3a91c0"
NOWHERE = Path("/nonexistent")


class Config(Settings):
    """Something of every kind."""

    env_prefix: ClassVar[str] = "APP_"
    database_url: SecretStr
    port: Annotated[int, Field(ge=1, le=65535, description="where to listen")] = 8000
    debug: bool = False
    origins: list[str] = Field(default_factory=list)
    limits: dict[str, int] = Field(default_factory=dict)
    region: str | None = None
    key: SecretStr = Field(default=SecretStr(""), validation_alias="SIGNING_KEY")


def refusal(capsys: pytest.CaptureFixture[str], **environment: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load(Config, environment=environment, secrets_directory=NOWHERE)
    printed = capsys.readouterr().err
    assert refused.value.code == 78
    assert printed.strip() == str(refused.value)
    return printed


def test_environment_fills_the_fields() -> None:
    config = load(
        Config,
        environment={
            "APP_DATABASE_URL": SECRET,
            "APP_PORT": "9000",
            "APP_DEBUG": "true",
            "APP_ORIGINS": "https://a.example, https://b.example",
            "APP_LIMITS": '{"save": 3}',
            "SIGNING_KEY": "k",
            "PORT": "1",
        },
        secrets_directory=NOWHERE,
    )

    assert config.database_url.get_secret_value() == SECRET
    assert (config.port, config.debug, config.region) == (9000, True, None)
    assert (config.origins, config.limits) == (["https://a.example", "https://b.example"], {"save": 3})
    assert config.key.get_secret_value() == "k"
    assert SECRET not in repr(config)


def test_environment_comes_before_named_file_before_secrets_directory_before_default(tmp_path: Path) -> None:
    (tmp_path / "app_database_url").write_text("from the directory\n")
    (tmp_path / "named").write_text("from the file\n")
    environment = {"APP_DATABASE_URL_FILE": str(tmp_path / "named")}

    def read(**given: str) -> str:
        return load(Config, environment=given, secrets_directory=tmp_path).database_url.get_secret_value()

    assert read() == "from the directory"
    assert read(**environment) == "from the file"
    assert read(**environment, APP_DATABASE_URL="direct") == "direct"


def test_every_error_is_in_one_message_that_names_the_variable_and_what_is_expected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    message = refusal(
        capsys, APP_PORT=SECRET, APP_DEBUG="maybe-" + SECRET, APP_LIMITS="{" + SECRET, APP_DATABASE_URI="x"
    )

    assert message == (
        "configuration: 4 of 7 settings are wrong; the service does not start\n"
        "  APP_DATABASE_URL  missing; expected a secret"
        " (did you mean it by APP_DATABASE_URI, which is set and read by nothing here?)\n"
        "  APP_DEBUG         not valid; expected true or false:"
        " Input should be a valid boolean, unable to interpret input\n"
        "  APP_LIMITS        expected JSON\n"
        "  APP_PORT          not valid; expected a whole number (where to listen):"
        " Input should be a valid integer, unable to parse string as an integer\n"
    )


def test_empty_variable_counts_as_absent(capsys: pytest.CaptureFixture[str]) -> None:
    assert "APP_DATABASE_URL  set but empty; expected a secret" in refusal(capsys, APP_DATABASE_URL="", APP_PORT="")


def test_value_out_of_bounds_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "less than or equal to 65535" in refusal(capsys, APP_DATABASE_URL="x", APP_PORT="70000")


def test_unreadable_file_is_named_by_its_variable(capsys: pytest.CaptureFixture[str]) -> None:
    message = refusal(capsys, APP_DATABASE_URL_FILE=f"/nonexistent/{SECRET}")

    assert "APP_DATABASE_URL  the file it is read from cannot be read (No such file or directory)" in message
    assert SECRET not in message


def test_own_rules_over_several_settings_are_part_of_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    class Ruled(Settings):
        low: int = 2
        high: int = 1

        @model_validator(mode="after")
        def ordered(self) -> "Ruled":
            if self.low > self.high:
                raise ValueError("LOW is above HIGH")
            return self

    with pytest.raises(ConfigurationError):
        load(Ruled, environment={}, secrets_directory=NOWHERE)

    assert "LOW is above HIGH" in capsys.readouterr().err


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=12))
def test_no_value_is_ever_shown(value: str) -> None:
    value = f"{value}-{SECRET}"
    variables = ["APP_PORT", "APP_DEBUG", "APP_LIMITS", "APP_DATABASE_URL_FILE"]

    with pytest.raises(ConfigurationError) as refused:
        load(Config, environment=dict.fromkeys(variables, value), secrets_directory=NOWHERE)

    assert SECRET not in str(refused.value)


def test_loaded_secrets_are_kept_out_of_the_logs() -> None:
    load(Config, environment={"APP_DATABASE_URL": f"postgresql://u:{SECRET}@h/n"}, secrets_directory=NOWHERE)

    assert REDACTOR.clean(f"could not reach {SECRET}".encode()) == b"could not reach [redacted]"


def test_process_with_a_wrong_configuration_ends_with_78_and_no_stack() -> None:
    program = (
        "from roadworthy_runtime import Settings, load\n"
        "class Config(Settings):\n    database_url: str\n    port: int\n"
        "load(Config)\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], env={"PORT": SECRET}, capture_output=True, text=True)

    assert ended.returncode == 78
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert "DATABASE_URL" in ended.stderr
    assert "PORT" in ended.stderr
    assert SECRET not in ended.stderr
