"""`inspect` reads; nothing of the repository is executed, not even by git."""

import subprocess
import sys
from pathlib import Path

from repository import write

TRACE = "import pathlib; pathlib.Path(__file__).with_name('TRACE').touch()\n"


def test_repository_full_of_traps_leaves_no_trace(tmp_path: Path) -> None:
    root = write(
        {
            "setup.py": TRACE,
            "conftest.py": TRACE,
            "app/__init__.py": TRACE,
            "app/main.py": TRACE + "from fastapi import FastAPI\napp = FastAPI()\n",
            "sitecustomize.py": TRACE,
            "roadworthy.py": TRACE,
            "yaml.py": TRACE,
            "package.json": '{"scripts": {"preinstall": "touch TRACE", "test": "touch TRACE"}}',
            "Makefile": "$(shell touch TRACE)\nall:\n\ttouch TRACE\n",
            "compose.yaml": "services: {api: {build: ., command: !!python/object/apply:os.system ['touch TRACE']}}\n",
            "requirements.txt": "fastapi\n",
        },
        tmp_path / "root",
    )
    subprocess.run(["git", "init", "-q", root], check=True)
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {root}/TRACE\n", encoding="utf-8")
    trap.chmod(0o755)
    with (root / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(f'[core]\n\tfsmonitor = {trap}\n\thooksPath = {tmp_path}\n[filter "x"]\n\tclean = {trap}\n')
    write({".gitattributes": "* filter=x\n"}, root)
    command = [sys.executable, "-P", "-m", "roadworthy", "inspect", str(root)]

    subprocess.run(command, cwd=root, capture_output=True, check=False)

    assert list(root.rglob("TRACE")) == []
    assert list(root.rglob("*.pyc")) == []
