"""What the service is told by its environment. A missing or weak value stops the start."""

from functools import cache

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every variable the service reads."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore")

    database_url: SecretStr
    database_pool_size: int = Field(default=5, ge=1, le=20)
    redis_url: SecretStr
    api_token: SecretStr
    calendar_url: str
    calendar_timeout_seconds: float = Field(default=2.0, gt=0, le=10)
    allowed_origins: list[str] = Field(default_factory=list)
    rate_limit_per_minute: int = Field(default=120, ge=1)
    log_level: str = "INFO"
    sentry_dsn: SecretStr | None = None

    @field_validator("api_token")
    @classmethod
    def token_is_strong(cls, value: SecretStr) -> SecretStr:
        """Refuse short tokens and the placeholder of .env.example."""
        text = value.get_secret_value()
        if len(text) < 32 or text.startswith("replace-me"):
            raise ValueError("API_TOKEN needs at least 32 random characters: openssl rand -hex 32")
        return value


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]  # pydantic-settings fills it from the environment
