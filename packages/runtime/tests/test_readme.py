"""The program on the front page does what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
ASK = """
import asyncio, httpx

async def ask():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        saved = await client.put("/answers/3", params={"revision": 1})
        stale = await client.put("/answers/3", params={"revision": 0})
        page = await client.get("/metrics")
        assert saved.json() == {"revision": 2}, saved.text
        assert (stale.status_code, stale.json()["code"]) == (409, "STALE_REVISION"), stale.text
        assert 'answers_saved_total{source="web"} 1' in page.text, page.text

asyncio.run(ask())
"""


def test_example_runs() -> None:
    found = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    environment = {"DATABASE_URL": "postgresql://u:p@127.0.0.1/n", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}

    ended = subprocess.run([sys.executable, "-c", found[1] + ASK], env=environment, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stderr
    assert '"message":"answer saved"' in ended.stdout
