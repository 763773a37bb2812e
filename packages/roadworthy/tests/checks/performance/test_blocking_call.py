"""performance/blocking-call."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "performance/blocking-call"


@pytest.mark.parametrize(
    "text",
    [
        "import time\nasync def f():\n    time.sleep(1)\n",
        "from time import sleep as nap\nasync def f():\n    for _ in x:\n        nap(1)\n",
        "import requests\nasync def f():\n    return requests.get('x', timeout=1).json()\n",
        "import subprocess\nclass A:\n    async def f(self):\n        subprocess.run(['x'])\n",
    ],
)
def test_blocking_call_in_async_code_fails(text: str) -> None:
    assert inspected({"app/a.py": text}, RULE).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "text",
    [
        "import time\ndef f():\n    time.sleep(1)\n",
        "import time, asyncio\nasync def f():\n    await asyncio.to_thread(time.sleep, 1)\n",
        "import time\nasync def f():\n    def inner():\n        time.sleep(1)\n    await run(inner)\n",
        "import time\nasync def f():\n    await run(lambda: time.sleep(1))\n",
        "async def f():\n    from asyncio import sleep\n    await sleep(1)\n",
    ],
)
def test_sound_code_holds(text: str) -> None:
    assert inspected({"app/a.py": text}, RULE).outcome is Outcome.PASSED
