"""Health handlers that raise where they mean to answer."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "errors/self-defeating-health"
_DOCKERFILE = "FROM python:3.12-slim\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:8000/ready\n"
_PYTHON = {"Dockerfile": _DOCKERFILE + 'CMD ["uvicorn", "app.main:app"]\n', "requirements.txt": "fastapi\n"}
_NODE = {
    "Dockerfile": _DOCKERFILE + 'CMD ["node", "src/app.js"]\n',
    "package.json": '{"dependencies": {"express": "5"}}',
}
_FASTAPI = "from fastapi import FastAPI\nfrom app.database import ping, session\n\napp = FastAPI()\n\n\n@app.get('/ready')\nasync def ready():\n    "
_EXPRESS = 'import express from "express";\nimport { ping } from "./db";\nconst app = express();\napp.get("/ready", async (req, res) => {\n  '


@pytest.mark.parametrize(
    "files",
    [
        _PYTHON | {"app/main.py": _FASTAPI + "await ping()\n    return {'status': 'ready'}\n"},
        _PYTHON | {"app/main.py": _FASTAPI + "await session.execute('SELECT 1')\n    return {'status': 'ready'}\n"},
        _NODE | {"src/app.ts": _EXPRESS + 'await ping();\n  res.json({ status: "ready" });\n});\n'},
    ],
)
def test_a_question_that_nothing_catches_is_found(files: dict[str, str]) -> None:
    found = inspected(files, _RULE)

    assert found.outcome is Outcome.FAILED, found.reason
    assert len(found.findings[0].related) == 2


@pytest.mark.parametrize(
    "files",
    [
        _PYTHON | {"app/main.py": _FASTAPI + "if not await ping():\n        return Response(status_code=503)\n"},
        _PYTHON | {"app/main.py": _FASTAPI + "try:\n        await ping()\n    except OSError:\n        return 503\n"},
        _NODE | {"src/app.ts": _EXPRESS + "try { await ping(); } catch { res.sendStatus(503); }\n});\n"},
        _NODE | {"src/app.ts": _EXPRESS + "res.sendStatus((await ping()) ? 200 : 503);\n});\n"},
        _NODE | {"src/app.ts": _EXPRESS + "await ping().catch(() => res.sendStatus(503));\n});\n"},
    ],
)
def test_a_failure_that_is_looked_at_holds(files: dict[str, str]) -> None:
    assert inspected(files, _RULE).outcome is Outcome.PASSED


def test_an_exception_that_the_application_turns_into_an_answer_is_not_judged() -> None:
    text = (
        _FASTAPI
        + "await ping()\n    return {}\n\n\n@app.exception_handler(Gone)\nasync def gone(request, error):\n    return 503\n"
    )

    assert inspected(_PYTHON | {"app/main.py": text}, _RULE).outcome is Outcome.INCONCLUSIVE
