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
