"""errors/missing-timeout."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "errors/missing-timeout"


@pytest.mark.parametrize(
    "text",
    [
        "import requests\nrequests.post('http://x', json={})\n",
        "from requests import get as fetch\nfetch('http://x')\n",
        "from urllib.request import urlopen\nurlopen('http://x')\n",
        "import httpx\nclient = httpx.AsyncClient(timeout=None)\n",
    ],
)
def test_call_without_bound_fails(text: str) -> None:
    result = inspected({"app/a.py": text}, RULE)

    assert result.outcome is Outcome.FAILED
    assert result.findings[0].at is not None
    assert result.findings[0].at.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "import requests\nrequests.get('http://x', timeout=(3, 5))\n",
        "from urllib.request import urlopen\nurlopen('http://x', None, 5)\n",
        "import httpx\nclient = httpx.AsyncClient()\n",
    ],
)
def test_bounded_call_holds(text: str) -> None:
    assert inspected({"app/a.py": text}, RULE).outcome is Outcome.PASSED


def test_unpacked_arguments_cannot_be_told() -> None:
    result = inspected({"app/a.py": "import requests\nrequests.get('http://x', **options)\n"}, RULE)

    assert result.outcome is Outcome.INCONCLUSIVE


def test_get_of_something_else_is_not_a_call_out() -> None:
    text = "class requests2: ...\ndef f(session, requests):\n    return session.get('x')\n"

    assert inspected({"app/a.py": text}, RULE).outcome is Outcome.NOT_APPLICABLE


def test_calls_of_one_library_are_one_finding_with_every_place() -> None:
    call = "import requests\nrequests.get('http://x')\n"

    (finding,) = inspected({"app/a.py": call, "app/b.py": call + "requests.post('http://y')\n"}, RULE).findings

    assert [str(place.at.path) for place in finding.related] == ["app/b.py", "app/b.py"]


_ASIDE = {
    "Dockerfile": "FROM python:3.12-slim\nCOPY . /srv\nRUN python $HOME/tools_of/model.py\n"
    'HEALTHCHECK CMD ["./ops/probe.py"]\nCMD ["python", "-m", "app"]\n',
    "ops/probe.py": "from urllib.request import urlopen\nurlopen('http://localhost:8000/health')\n",
    "tools_of/model.py": "import requests\nrequests.get('http://models/one', stream=True)\n",
}


def test_scripts_of_the_health_check_and_of_the_build_are_ended_by_others() -> None:
    assert not inspected(_ASIDE, RULE).findings


def test_script_that_the_service_starts_too_counts() -> None:
    command = "FROM python:3.12-slim\nCOPY . /srv\nRUN python tools_of/model.py\nCMD python tools_of/model.py\n"

    assert len(inspected({**_ASIDE, "Dockerfile": command}, RULE).findings) == 2


def test_calls_of_one_library_are_one_finding() -> None:
    text = "import requests\nrequests.get('http://x')\nrequests.get('http://y')\n"

    result = inspected({"app/a.py": text}, RULE)

    assert len(result.findings) == 1
    assert [related.at.line for related in result.findings[0].related] == [3]


def test_client_that_only_signs_addresses_asks_nobody() -> None:
    code = """import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
export const address = (key) => getSignedUrl(new S3Client({ region: "eu" }), new GetObjectCommand({ Key: key }));
"""

    assert inspected({"src/files.ts": code}, RULE).outcome is Outcome.NOT_APPLICABLE
