"""The built wheel, installed alone, inspects a folder."""

import shutil
import subprocess
from pathlib import Path

from tools.quality import ROOT


def uv() -> str:
    """Return the uv that `make` keeps or finds."""
    own = ROOT / ".cache" / "tools" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    assert found is not None, "run `make setup` first"
    return found


def test_wheel_alone_inspects_and_says_what_driving_needs(tmp_path: Path) -> None:
    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(c) for c in command], cwd=tmp_path, capture_output=True, text=True, check=False)

    built = run(uv(), "build", "--quiet", "--wheel", "--out-dir", tmp_path / "wheels", ROOT / "packages" / "roadworthy")
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    assert run(uv(), "venv", "--quiet", tmp_path / "empty").returncode == 0
    python = tmp_path / "empty" / "bin" / "python"
    installed = run(uv(), "pip", "install", "--quiet", "--python", python, wheel)
    assert installed.returncode == 0, installed.stderr

    program = tmp_path / "empty" / "bin" / "roadworthy"
    inspected = run(program, "inspect", shutil.copytree(ROOT / "examples" / "prototype", tmp_path / "prototype"))
    driven = run(program, "drive", ROOT / "lemons" / "base")

    assert inspected.returncode == 1, inspected.stderr
    assert "monitoring/unknown-metric" in inspected.stdout
    assert driven.returncode == 2
    assert "pip install 'roadworthy[drive]'" in driven.stderr
