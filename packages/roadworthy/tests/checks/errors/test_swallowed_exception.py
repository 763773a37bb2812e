"""errors/swallowed-exception."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "errors/swallowed-exception"


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n    pass",
        "except:\n    pass",
        "except BaseException as e:\n    ...",
        "except Exception:\n    'why'",
    ],
)
def test_broad_handler_that_does_nothing_fails_at_its_place(handler: str) -> None:
    result = inspected({"app/a.py": f"try:\n    deliver()\n{handler}\n"}, RULE)

    assert result.outcome is Outcome.FAILED
    assert [(f.at.path, f.at.line) for f in result.findings if f.at] == [("app/a.py", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    deliver()\nexcept KeyError:\n    pass\n",
        "try:\n    deliver()\nexcept Exception:\n    log.exception('x')\n",
        "try:\n    deliver()\nexcept Exception:\n    raise\n",
        "try:\n    connection.close()\nexcept Exception:\n    pass\n",
        "import contextlib\nwith contextlib.suppress(OSError):\n    deliver()\n",
        "",
    ],
)
def test_sound_code_holds(text: str) -> None:
    assert inspected({"app/a.py": text}, RULE).outcome is Outcome.PASSED


def test_tests_and_examples_are_not_the_product() -> None:
    bad = "try:\n    deliver()\nexcept Exception:\n    pass\n"

    assert inspected({"tests/test_a.py": bad, "examples/b.py": bad, "app/c.py": ""}, RULE).outcome is Outcome.PASSED


def test_unreadable_module_leaves_it_open_and_is_named() -> None:
    result = inspected({"app/a.py": "def (:\n", "app/b.py": ""}, RULE)

    assert result.outcome is Outcome.INCONCLUSIVE
    assert "app/a.py" in result.reason
