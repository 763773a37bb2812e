"""Where limiters count is often said elsewhere: in the application's configuration, or by a factory."""

import pytest

from repository import inspected

_LIMITER = """
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["10 per minute"])
"""
_DOCKERFILE = 'FROM python:3.12-slim\nCOPY app app\nCMD ["gunicorn", "--workers=3", "app:app"]\n'
_NEST = """
import {{ Module }} from "@nestjs/common";
import {{ ThrottlerModule }} from "@nestjs/throttler";

@Module({{
  imports: [
    ThrottlerModule.forRootAsync({{ useFactory: (config) => ({{ throttlers: [{{ ttl: 60000, limit: 10 }}]{storage} }}) }}),
  ],
}})
export class AppModule {{}}
"""


@pytest.mark.parametrize(
    ("config", "findings"),
    [
        ("import os\n\nCONFIG = {'RATELIMIT_STORAGE_URI': os.environ['REDIS_URL']}\n", 0),
        ("import os\n\nCONFIG = {'OTHER': os.environ['REDIS_URL']}\n", 1),
        ("CONFIG = {'RATELIMIT_STORAGE_URI': 'memory://'}\n", 1),
    ],
)
def test_flask_limiter_is_configured_by_the_application(config: str, findings: int) -> None:
    files = {"app/__init__.py": _LIMITER, "app/config.py": config, "Dockerfile": _DOCKERFILE}

    assert len(inspected(files, only="security/per-process-limit").findings) == findings


@pytest.mark.parametrize(
    ("storage", "findings"), [(", storage: new ThrottlerStorageRedisService(config.url)", 0), ("", 1)]
)
def test_a_throttler_made_by_a_factory_is_read(storage: str, findings: int) -> None:
    files = {
        "src/app.module.ts": _NEST.format(storage=storage),
        "package.json": '{"name": "api", "dependencies": {"@nestjs/throttler": "6.2.1", "@nestjs/core": "10.0.0"}}',
        "Dockerfile": 'FROM node:22-slim\nCOPY . .\nCMD ["node", "dist/main.js"]\n',
        "compose.yaml": "services:\n  api:\n    build: .\n    deploy:\n      replicas: 2\n",
    }

    assert len(inspected(files, only="security/per-process-limit").findings) == findings
