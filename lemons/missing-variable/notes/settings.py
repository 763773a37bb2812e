"""What the environment must say, asked once at start."""

import os
from dataclasses import dataclass

REQUIRED = ("DATABASE_URL", "API_TOKEN")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process."""

    database_url: str
    api_token: str
    log_level: str


def read() -> Settings:
    """Read the settings, or end the process with one line that names every missing variable."""
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        raise SystemExit("cannot start: set " + ", ".join(missing))
    return Settings(*(os.environ[name] for name in REQUIRED), os.environ.get("LOG_LEVEL", "info"))
