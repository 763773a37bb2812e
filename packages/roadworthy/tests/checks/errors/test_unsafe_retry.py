"""What is sent again."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "errors/unsafe-retry"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        (
            "app/a.py",
            "import httpx\nfrom tenacity import retry\n@retry\ndef f():\n    httpx.post('https://a.example')\n",
            Outcome.FAILED,
        ),
        (
            "app/a.py",
            "import httpx\nfrom tenacity import retry\n@retry\ndef f():\n    httpx.get('https://a.example')\n",
            Outcome.PASSED,
        ),
        (
            "app/a.py",
            "import httpx\nfrom tenacity import retry\n@retry\ndef f(k):\n    httpx.post('https://a.example', headers={'Idempotency-Key': k})\n",
            Outcome.PASSED,
        ),
    ],
)
def test_construct_is_judged(path: str, text: str, outcome: Outcome) -> None:
    assert inspected({path: text}, _RULE).outcome is outcome
