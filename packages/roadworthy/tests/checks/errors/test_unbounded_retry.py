"""How often things are tried."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "errors/unbounded-retry"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        (
            "app/a.py",
            "from tenacity import retry, wait_fixed\n@retry(wait=wait_fixed(1))\ndef f(): ...\n",
            Outcome.FAILED,
        ),
        (
            "app/a.py",
            "from tenacity import retry, stop_after_attempt\n@retry(stop=stop_after_attempt(3))\ndef f(): ...\n",
            Outcome.PASSED,
        ),
        ("app/a.py", "from tenacity import retry\n@retry(**OPTIONS)\ndef f(): ...\n", Outcome.PASSED),
    ],
)
def test_construct_is_judged(path: str, text: str, outcome: Outcome) -> None:
    assert inspected({path: text}, _RULE).outcome is outcome
