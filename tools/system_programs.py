"""Install the system programs that optional drills and tests use, or say what stays "not proved" without them.

On Debian and Ubuntu, as root, missing programs are installed with apt-get, without a question and without starting a service. Everywhere else the
programs are named with the command that brings them. Nothing here fails the build: a drill whose program is absent says so in its own outcome.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ATTEMPT = Path(__file__).resolve().parent.parent / ".cache" / "tools" / "system-programs-attempt"
POLICY = Path("/usr/sbin/policy-rc.d")
TRY_AGAIN_AFTER_SECONDS = 12 * 3600
TIMEOUT_SECONDS = 240


class Program(NamedTuple):
    """A program (or a file, by its path), what brings it, and what it proves."""

    name: str
    debian: str
    homebrew: str
    proves: str
    service: str = ""


PROGRAMS = [
    Program("promtool", "prometheus", "prometheus", "that the alert rules fire (promtool test rules)", "prometheus"),
]
if shutil.which("apt-get"):
    PROGRAMS.append(Program("/etc/ssl/certs/ca-certificates.crt", "ca-certificates", "", "whom a download comes from"))


def main() -> int:
    """Install what is missing where that is possible, and report what stays missing."""
    missing = absent()
    if missing and can_install() and not tried_lately():
        ATTEMPT.parent.mkdir(parents=True, exist_ok=True)
        ATTEMPT.touch()
        install(missing)
        missing = absent()
    for program in missing:
        print(f"setup: {program.name} is not installed: not proved here: {program.proves}. Get it: {remedy(program)}")
    return 0


def absent() -> list[Program]:
    """Return the programs that are not there."""
    return [program for program in PROGRAMS if not (shutil.which(program.name) or Path(program.name).exists())]


def can_install() -> bool:
    """Tell whether this is Debian or a relative, and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def tried_lately() -> bool:
    """Tell whether an attempt was made a short while ago: a machine without a mirror must not pay for it at every make."""
    return ATTEMPT.exists() and time.time() - ATTEMPT.stat().st_mtime < TRY_AGAIN_AFTER_SECONDS


def install(programs: list[Program]) -> None:
    """Install programs by their Debian packages, and leave no service of theirs to start now or at the next boot."""
    packages = [program.debian for program in programs]
    services = [program.service for program in programs if program.service]
    print(f"setup: installing {', '.join(packages)} with apt-get", flush=True)
    options = ["-q", "-y", "-o", "DPkg::Lock::Timeout=60", "-o", "Acquire::Retries=2"]
    with services_kept_stopped():
        attempt(["apt-get", *options, "update"])
        attempt(["apt-get", *options, "install", "--no-install-recommends", *packages])
    if services and Path("/run/systemd/system").exists():
        attempt(["systemctl", "--quiet", "disable", *services])


def attempt(command: list[str]) -> None:
    """Run a command without a terminal; a failure is printed and nothing more."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        print(f"setup: `{' '.join(command)}` failed: {last_line(error.stderr)}")
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"setup: `{' '.join(command)}` gave no result: {error}")


@contextmanager
def services_kept_stopped() -> Iterator[None]:
    """Forbid package scripts to start a service, unless the host has a policy of its own."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no message")


def remedy(program: Program) -> str:
    """Return the command that brings the program on this kind of machine."""
    if sys.platform == "darwin":
        return f"brew install {program.homebrew}"
    return f"apt-get install --no-install-recommends {program.debian} (as root)"


if __name__ == "__main__":
    sys.exit(main())
