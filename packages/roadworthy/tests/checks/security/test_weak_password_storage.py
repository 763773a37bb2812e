"""What becomes of passwords."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

_RULE = "security/weak-password-storage"


@pytest.mark.parametrize(
    ("path", "text", "outcome"),
    [
        (
            "app/a.py",
            "import hashlib\ndef store(password):\n    return hashlib.sha256(password.encode()).hexdigest()\n",
            Outcome.FAILED,
        ),
        (
            "app/a.py",
            "import hashlib\ndef f(password):\n    return hashlib.pbkdf2_hmac('sha256', password, b'', 600000)\n",
            Outcome.PASSED,
        ),
        ("app/a.py", "def f(data):\n    return User(hashed_password=data.password)\n", Outcome.FAILED),
        ("app/a.py", "def f(data):\n    return User(hashed_password=data.hashed_password)\n", Outcome.PASSED),
        (
            "src/a.ts",
            "import crypto from 'crypto';\nexport const f = (password) => crypto.createHash('sha256').update(password).digest('hex');\n",
            Outcome.FAILED,
        ),
    ],
)
def test_construct_is_judged(path: str, text: str, outcome: Outcome) -> None:
    assert inspected({path: text}, _RULE).outcome is outcome


def test_hash_compared_with_what_was_stored_of_it_is_no_password() -> None:
    text = (
        "def reset(users, person, new_password):\n    password_hash = hash_password(new_password)\n"
        "    saved = users.update(person, password_hash)\n    if saved.password != password_hash:\n        raise ValueError\n"
    )

    assert not inspected({"app/reset.py": text}, "security/weak-password-storage").findings


def test_question_whether_a_password_has_leaked_stores_none() -> None:
    text = "import hashlib\n\ndef leaked(password):\n    # api.pwnedpasswords.com/range\n    return hashlib.sha1(password.encode()).hexdigest()[:5]\n"

    assert not inspected({"app/leaked.py": text}, "security/weak-password-storage").findings
