"""The setup works from nothing, and says what is missing when it cannot."""

import os
import platform
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools import bootstrap

NO_WAY_OUT = {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder that holds nothing but the setup."""
    (tmp_path / "checkout" / "tools").mkdir(parents=True)
    shutil.copy(bootstrap.__file__, tmp_path / "checkout" / "tools")
    return tmp_path / "checkout"


def run(checkout: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the setup with one folder on PATH and nothing else in its environment."""
    return subprocess.run(
        [sys.executable, "tools/bootstrap.py"],
        cwd=checkout,
        env={"PATH": str(path), "UV_PYTHON_DOWNLOADS": "never", **NO_WAY_OUT, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def install_uv(folder: Path, version: str, *, finds_python: bool = True) -> Path:
    """Put a program called uv into a folder, which reports a version and whether it finds a Python."""
    folder.mkdir(exist_ok=True)
    program = folder / "uv"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "uv {version}" && exit 0\nexit {int(not finds_python)}\n'
    )
    program.chmod(0o755)
    return folder


@contextmanager
def index(folder: Path, wheel: str) -> Iterator[str]:
    """Serve a simple index that lists a wheel with bytes of its own."""
    (folder / "uv").mkdir(parents=True)
    (folder / "uv" / "index.html").write_text(f'<a href="../{wheel}#sha256=00">{wheel}</a>')
    (folder / wheel).write_bytes(b"something else")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://user:hunter2@127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_recent_uv_on_path_is_used(checkout: Path, tmp_path: Path) -> None:
    path = install_uv(tmp_path / "bin", "99.0.0")

    result = run(checkout, path)

    assert result.stdout == "setup: call Roadworthy with `uv run roadworthy …`\n"
    assert (checkout / ".cache/tools/uv").readlink() == path / "uv"


def test_old_uv_on_path_is_not_used(checkout: Path, tmp_path: Path) -> None:
    result = run(checkout, install_uv(tmp_path / "bin", "0.4.0"))

    assert result.returncode == 1
    assert "fetching uv" in result.stdout
    assert not (checkout / ".cache/tools/uv").exists()


def test_fetched_uv_is_kept(checkout: Path, tmp_path: Path) -> None:
    install_uv(checkout / ".cache", "0")
    install_uv(checkout / ".cache/tools", bootstrap.PINNED)

    result = run(checkout, tmp_path)

    assert result.stdout == "setup: call Roadworthy with `.cache/tools/uv run roadworthy …`\n"


def test_missing_python_is_named(checkout: Path, tmp_path: Path) -> None:
    result = run(checkout, install_uv(tmp_path / "bin", "99.0.0", finds_python=False))

    assert result.returncode == 1
    assert "needs Python 3.11 or later" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="names the wheel of this platform"
)
def test_mirror_with_other_bytes_is_refused(checkout: Path, tmp_path: Path) -> None:
    libc = "glibc" if platform.libc_ver()[0] == "glibc" else "musl"
    wheel = bootstrap.WHEELS["Linux", "x86_64", libc][0].rsplit("/", 1)[1]

    with index(tmp_path / "index", wheel) as url:
        result = run(checkout, tmp_path, PIP_INDEX_URL=url)

    assert result.returncode == 1
    assert "another SHA-256" in result.stderr
    assert "hunter2" not in result.stderr
    assert not (checkout / ".cache/tools/uv").exists()


def test_every_pinned_wheel_is_of_the_pinned_version() -> None:
    names = {path.rsplit("/", 1)[1].split("-")[1] for path, _ in bootstrap.WHEELS.values()}

    assert names == {bootstrap.PINNED}


def test_unknown_machine_is_told_to_bring_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "pdp11")

    with pytest.raises(bootstrap.SetupError, match="pdp11; install uv"):
        bootstrap.fetch_wheel()


def test_links_are_replaced_in_one_step(tmp_path: Path) -> None:
    target = tmp_path / "tools" / "uv"

    bootstrap.place(target, link_to=tmp_path / "gone")
    bootstrap.place(target, content=b"#!/bin/sh\n")

    assert os.access(target, os.X_OK)
    assert [entry.name for entry in target.parent.iterdir()] == ["uv"]
