"""Typed settings, read once at start and refused as a whole when anything is wrong."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from roadworthy_runtime.configuration_error import refuse
from roadworthy_runtime.redaction import REDACTOR
from roadworthy_runtime.settings_message import describe_faults
from roadworthy_runtime.settings_sources import read_sources

SECRETS_DIRECTORY = Path("/run/secrets")


class Settings(BaseModel):
    """Subclass it with one annotated field per setting; `DATABASE_URL` in the environment fills `database_url`.

    `env_prefix` stands before every variable's name; a `validation_alias` given as text is a variable's whole name.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, validate_default=True, extra="ignore")
    env_prefix: ClassVar[str] = ""

    @classmethod
    def variables(cls) -> dict[str, str]:
        """The environment variable of each field, by field name."""
        return {
            name: _variable(cls.env_prefix, name, field.validation_alias) for name, field in cls.model_fields.items()
        }


def _variable(prefix: str, name: str, alias: object) -> str:
    return alias if isinstance(alias, str) else f"{prefix}{name}".upper()


SettingsClass = TypeVar("SettingsClass", bound=Settings)


def load(
    settings_class: type[SettingsClass],
    *,
    environment: Mapping[str, str] | None = None,
    secrets_directory: Path = SECRETS_DIRECTORY,
) -> SettingsClass:
    """Read every field from the environment, else from the file `<NAME>_FILE` names, else from the secrets directory.

    An empty variable counts as absent. Raise ConfigurationError (exit code 78) with one message that names every wrong
    variable and what is expected of it, and never shows a value. Secrets read here are kept out of the logs.
    """
    given = os.environ if environment is None else environment
    variables = settings_class.variables()
    values, faults = read_sources(settings_class, variables, given, secrets_directory)
    try:
        settings = settings_class.model_validate(values)
    except ValidationError as error:
        raise refuse(describe_faults(settings_class, variables, error, faults, given)) from None
    if faults:
        raise refuse(describe_faults(settings_class, variables, None, faults, given))
    for name in variables:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            REDACTOR.register(value.get_secret_value())
    return settings
