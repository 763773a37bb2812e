"""Hashes, and what they guard."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "security/weak-hash"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        ("app/a.py", "import hashlib\ndef etag(body):\n    return hashlib.md5(body).hexdigest()\n", Outcome.PASSED),
        (
            "app/a.py",
            "import hashlib\ndef reset_token(email):\n    return hashlib.sha1(email).hexdigest()\n",
            Outcome.FAILED,
        ),
        (
            "app/a.py",
            "import hashlib\ndef cache_key(token):\n    return hashlib.md5(token, usedforsecurity=False).hexdigest()\n",
            Outcome.PASSED,
        ),
        (
            "src/a.ts",
            "import crypto from 'crypto';\nconst resetToken = crypto.createHash('md5').update(email).digest('hex');\n",
            Outcome.FAILED,
        ),
    ],
)
def test_construct_is_judged(path: str, text: str, outcome: Outcome) -> None:
    assert inspected({path: text}, _RULE).outcome is outcome
