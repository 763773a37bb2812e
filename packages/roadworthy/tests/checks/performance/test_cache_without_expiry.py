"""Whether what is cached ever ends."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "performance/cache-without-expiry"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        ("app/cache.py", "import redis\ndef put(redis, k):\n    redis.set(k, 1)\n", Outcome.FAILED),
        ("app/cache.py", "import redis\ndef put(redis, k):\n    redis.set(k, 1, ex=60)\n", Outcome.PASSED),
        (
            "app/cache.py",
            "import redis\ndef put(redis, k):\n    redis.set(k, 1)\n    redis.expire(k, 60)\n",
            Outcome.PASSED,
        ),
    ],
)
def test_construct_is_judged(path: str, text: str, outcome: Outcome) -> None:
    assert inspected({path: text}, _RULE).outcome is outcome
