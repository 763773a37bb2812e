"""The variables the service reads, all checked before it starts."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from roadworthy_runtime import Settings

from questionnaire.database_url import EXAMPLE_PREFIX, check_database_url

TOKEN_LENGTH = 32


def _check_database_url(url: SecretStr) -> SecretStr:
    check_database_url(url.get_secret_value())
    return url


def _check_token(token: SecretStr) -> SecretStr:
    text = token.get_secret_value()
    if text.startswith(EXAMPLE_PREFIX):
        raise ValueError("still holds the example value; write one with: openssl rand -hex 32")
    if len(text) < TOKEN_LENGTH:
        raise ValueError(f"is shorter than {TOKEN_LENGTH} characters; write one with: openssl rand -hex 32")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("holds characters that a header cannot carry; write one with: openssl rand -hex 32")
    return token


class Config(Settings):
    """Each field is the environment variable of the same name in capitals."""

    database_url: Annotated[SecretStr, AfterValidator(_check_database_url)]
    api_token: Annotated[SecretStr, AfterValidator(_check_token)]
    database_pool_size: Annotated[int, Field(ge=1, le=50)] = 8
