"""Whether code goes on without its cache."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "errors/cache-as-dependency"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        (
            "app/cache.py",
            "import redis\ndef get(cache, k):\n    return cache.get(k)\ndef put(cache, k):\n    try:\n        cache.set(k, 1, ex=9)\n    except redis.RedisError:\n        pass\n",
            Outcome.FAILED,
        ),
        ("app/cache.py", "import redis\ndef get(cache, k):\n    return cache.get(k)\n", Outcome.INCONCLUSIVE),
        (
            "app/cache.py",
            "import redis\ndef get(cache, k):\n    try:\n        return cache.get(k)\n    except redis.RedisError:\n        return None\n",
            Outcome.PASSED,
        ),
    ],
)
def test_construct_is_judged(path: str, text: str, outcome: Outcome) -> None:
    assert inspected({path: text}, _RULE).outcome is outcome
