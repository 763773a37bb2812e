"""What the files of hosting platforms say."""

from repository import gathered, inspected
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Outcome

FLY = """app = "a"
[http_service]
internal_port = 8080
[[http_service.checks]]
path = "/healthz"
[checks.live]
path = "/live"
[deploy]
release_command = "alembic upgrade head"
[env]
MODE = "x"
"""
RENDER = """services:
  - type: web
    healthCheckPath: /health
    startCommand: uvicorn main:app
    envVars:
      - key: MODE
        value: prod
      - fromGroup: shared
"""
API = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/healthz')\ndef a():\n    return {}\n"


def asked(facts: Facts) -> list[str]:
    """Return the paths that are asked."""
    return sorted(str(s.name) for s in facts.details(Kind.PATH, Action.REFERS, ProbeUse))


def test_fly_says_what_it_asks_runs_and_gives() -> None:
    facts = gathered({"fly.toml": FLY})

    assert asked(facts) == ["/healthz", "/live"]
    assert [s.detail.words for s in facts.references(Kind.COMMAND) if isinstance(s.detail, CommandUse)] == [
        ("alembic upgrade head",)
    ]
    assert [str(s.name) for s in facts.details(Kind.ENVIRONMENT, Action.DEFINES, EnvironmentGiven)] == ["MODE"]


def test_railway_is_read_in_both_forms() -> None:
    for files in (
        {"railway.json": '{"deploy": {"healthcheckPath": "/health", "startCommand": "node a.js"}}'},
        {"railway.toml": '[deploy]\nhealthcheckPath = "/health"\nstartCommand = "node a.js"\n'},
    ):
        assert asked(gathered(files)) == ["/health"]


def test_render_and_vercel_open_what_they_keep_themselves() -> None:
    facts = gathered({"render.yaml": RENDER})

    assert asked(facts) == ["/health"]
    assert facts.openings(Kind.ENVIRONMENT)
    assert gathered({"vercel.json": '{"env": {"A": "b"}}'}).openings(Kind.ENVIRONMENT)


def test_path_a_platform_asks_must_be_served() -> None:
    wrong = inspected({"main.py": API, "fly.toml": FLY}, "monitoring/unserved-probe")

    assert [finding.at.path for finding in wrong.findings if finding.at] == ["fly.toml"]
    right = FLY.replace('path = "/live"', 'path = "/healthz"')
    assert inspected({"main.py": API, "fly.toml": right}, "monitoring/unserved-probe").outcome is Outcome.PASSED
