"""Settings and views of Django projects, as the rules see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository import inspected
from roadworthy.collect.python import django_limits, django_settings
from roadworthy.model.result import Result
from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole, Outcome
from roadworthy.syntax.problem import SyntaxProblem

SETTINGS = 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "config.urls"\n'
REDIS = '"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://cache:6379"'


def settings(text: str, only: str, path: str = "config/settings.py") -> Result:
    """Return what a rule says about a settings module."""
    return inspected({path: SETTINGS + text}, only)


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (
            "security/weak-password-storage",
            'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]',
            'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]',
        ),
        (
            "security/permissive-cors",
            "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True",
            'CORS_ALLOWED_ORIGINS = ["https://shop.example"]\nCORS_ALLOW_CREDENTIALS = True',
        ),
        (
            "security/permissive-cors",
            'CORS_ALLOWED_ORIGIN_REGEXES = [r".*"]\nCORS_ALLOW_CREDENTIALS = True',
            'CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://.*\\.shop\\.example$"]\nCORS_ALLOW_CREDENTIALS = True',
        ),
        (
            "performance/cache-without-expiry",
            f'CACHES = {{"default": {{{REDIS}, "TIMEOUT": None}}}}',
            f'CACHES = {{"default": {{{REDIS}}}}}',
        ),
        (
            "errors/cache-as-dependency",
            'SESSION_ENGINE = "django.contrib.sessions.backends.cache"',
            'SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"',
        ),
    ],
)
def test_setting_that_breaks_a_rule_is_found_and_the_sound_one_is_not(rule: str, bad: str, good: str) -> None:
    assert settings(bad, rule).outcome is Outcome.FAILED
    assert settings(good, rule).outcome is not Outcome.FAILED


@pytest.mark.parametrize("path", ["config/settings/local.py", "config/settings/test.py", "app/settings_dev.py"])
def test_settings_of_developers_and_tests_are_left_alone(path: str) -> None:
    fast = 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]'

    assert settings(fast, "security/weak-password-storage", path).findings == ()


VIEWS = """
from django.views.decorators.http import require_POST
from django_ratelimit.decorators import ratelimit

@ratelimit(key="shop.limits.caller", rate="5/m")
@require_POST
def order(request): ...

@ratelimit(key="shop.limits.caller", rate="5/m")
@require_POST
def pay(request): ...

{decorator}@require_POST
def cancel(request): ...
"""
CALLER = """
def caller(group, request):
    return {told}
"""
LAST = 'request.headers["X-Forwarded-For"].split(",")[-1].strip()'
DEPLOYMENT = {
    "Dockerfile": 'FROM python:3.12-slim\nCOPY . .\nCMD ["gunicorn", "config.wsgi", "--workers", "4"]\n',
    "compose.yaml": """services:
  web:
    build: .
  nginx:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
""",
    "nginx.conf": """server {
    listen 80;
    location / {
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_pass http://web:8000;
    }
}
""",
}


def project(
    told: str = LAST, cache: str = REDIS, decorator: str = '@ratelimit(key="shop.limits.caller", rate="5/m")\n'
) -> dict[str, str]:
    """Return a project whose views are limited."""
    return DEPLOYMENT | {
        "config/settings.py": f'{SETTINGS}CACHES = {{"default": {{{cache}}}}}\n',
        "shop/views.py": VIEWS.format(decorator=decorator),
        "shop/limits.py": CALLER.format(told=told),
    }


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (LAST, Outcome.PASSED),
        ('request.headers["X-Forwarded-For"].split(",")[0]', Outcome.FAILED),
        ('request.META["REMOTE_ADDR"]', Outcome.FAILED),
    ],
)
def test_function_of_another_module_tells_whom_a_limit_counts(told: str, outcome: Outcome) -> None:
    result = inspected(project(told), "security/proxy-blind-limit")

    assert (result.outcome is Outcome.FAILED) == (outcome is Outcome.FAILED)
    assert all(str(finding.at).startswith("shop/limits.py:") for finding in result.findings)


def test_limit_counts_in_the_cache_of_the_settings() -> None:
    own = '"BACKEND": "django.core.cache.backends.locmem.LocMemCache"'

    assert inspected(project(cache=own), "security/per-process-limit").outcome is Outcome.FAILED
    assert inspected(project(), "security/per-process-limit").outcome is Outcome.PASSED


def test_one_view_without_the_limit_of_all_others_is_found() -> None:
    result = inspected(project(decorator=""), "security/missing-rate-limit")

    assert [str(finding.at).partition(":")[0] for finding in result.findings] == ["shop/views.py"]
    assert len(result.findings[0].related) == 2
    assert inspected(project(), "security/missing-rate-limit").findings == ()


def test_views_with_limits_of_their_own_are_no_policy() -> None:
    other = project(decorator="")
    other["shop/views.py"] = other["shop/views.py"].replace('rate="5/m"', 'rate="9/m"', 1)

    assert inspected(other, "security/missing-rate-limit").findings == ()


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    file = SourceFile("config/settings.py", "CACHES = REMOTE_ADDR\n" + text, FileRole.PROD)

    for collector in (django_settings, django_limits):
        try:
            list(collector.collect(file))
        except SyntaxProblem:
            continue
