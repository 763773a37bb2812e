"""What this host allows a road test to do, and how to get what is missing."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from roadworthy.model.error import RoadworthyError
from roadworthy.rig.attempts import can_count
from roadworthy.rig.dependencies import kinds
from roadworthy.rig.user import unprivileged_user

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ENOUGH_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Allowance:
    """One thing a host may allow: its name, whether it does, what was found, and how to get it."""

    name: str
    present: bool
    found: str
    how_to_get: str = ""


def allowances() -> tuple[Allowance, ...]:
    """Return everything drills may need of the host."""
    return (
        _user(),
        *(_kind(name) for name in sorted(kinds())),
        _program(
            "promtool", ("promtool",), "Debian: apt install prometheus, or download Prometheus and put promtool on PATH"
        ),
        _program("chromium", BROWSERS, "Debian: apt install chromium; macOS: brew install --cask chromium"),
        _orphans(),
        Allowance(
            "counted refusals",
            can_count(),
            "refused attempts are counted" if can_count() else "attempts are accepted and reset instead of refused",
            "run as root on Linux, or give the interpreter CAP_NET_RAW",
        ),
        _isolation(),
        _source_addresses(),
        _disk(),
    )


def _user() -> Allowance:
    how = "run as an ordinary user, or add the user nobody"
    try:
        user = unprivileged_user()
    except RoadworthyError as error:
        return Allowance("unprivileged user", False, str(error), how)
    return Allowance("unprivileged user", True, f"servers run as {user}" if user else "we are one", how)


def _kind(name: str) -> Allowance:
    kind = kinds()[name]
    programs = kind.find()
    return Allowance(name, bool(programs), ", ".join(program.label for program in programs) or "none", kind.HOW_TO_GET)


def _program(name: str, names: tuple[str, ...], how_to_get: str) -> Allowance:
    found = next((path for path in map(shutil.which, names) if path), None)
    return Allowance(name, found is not None, found or "not on PATH", how_to_get)


def _orphans() -> Allowance:
    linux = sys.platform == "linux"
    found = "every descendant is found" if linux else "found by session, best effort"
    return Allowance("escaped processes", linux, found, "run on Linux")


def _isolation() -> Allowance:
    """Try it in a process of its own: who left the host's network cannot be sure to come back."""
    program = "from roadworthy.rig.guardian.isolation import isolate; raise SystemExit(not isolate())"
    tried = subprocess.run([sys.executable, "-I", "-c", program], check=False, timeout=60)
    found = "runs have a network of their own" if tried.returncode == 0 else "foreign connections are watched for"
    return Allowance("no way out", tried.returncode == 0, found, "run as root on Linux (in a container: CAP_SYS_ADMIN)")


def _source_addresses() -> Allowance:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.2", 0))
        except OSError as error:
            return Allowance("second loopback address", False, str(error), "macOS: sudo ifconfig lo0 alias 127.0.0.2")
    return Allowance("second loopback address", True, "127.0.0.2")


def _disk() -> Allowance:
    folder = Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free
    found = f"{free / 2**30:.1f} GB free in {folder}"
    writable = os.access(folder, os.W_OK)
    return Allowance(
        "disk", writable and free >= ENOUGH_BYTES, found, "free 2 GB, or set TMPDIR to a folder that has them"
    )
