"""Certify a service that must pass and a lemon that must fail, and say where their reports are.

Ends with 0 only when both came out as they must: a demonstration that cannot fail would show nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools.lemon import materialise

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".roadworthy" / "demo"
SERVICE = Path("services/questionnaire")
LEMON = "dependency-hangs"
ROADWORTHY = Path(sys.executable).with_name("roadworthy")


@dataclass(frozen=True, slots=True)
class Expected:
    """How one certification must end: exit code, verdict, and the drill that must have failed, if any.

    `options` are those of `certify`: the lemon needs only the quick subset of drills to be refused.
    """

    code: int
    verdict: str
    failed: str | None = None
    options: tuple[str, ...] = ()


def main() -> int:
    """Certify both subjects; return 0 when each ended as it must."""
    started = time.monotonic()
    REPORTS.mkdir(parents=True, exist_ok=True)
    print(f"━━ a service that must pass: {SERVICE}\n", flush=True)
    sound = certify(SERVICE, SERVICE.name, Expected(0, "roadworthy"))
    print(f"\n━━ a service with one known defect, which must fail: lemons/{LEMON}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="roadworthy-lemon-") as folder:
        subject = materialise(LEMON, Path(folder).resolve() / LEMON)
        broken = certify(subject, LEMON, Expected(1, "not roadworthy", f"errors/{LEMON}", ("--smoke",)))
    print("\n━━ the demonstration")
    for line in (*sound, *broken):
        print(line)
    right = not any("WRONG" in line for line in (*sound, *broken))
    print(
        f"{'both ended as they must' if right else 'the demonstration failed'}, in {time.monotonic() - started:.0f} s"
    )
    return 0 if right else 1


def certify(subject: Path, name: str, expected: Expected) -> list[str]:
    """Certify a subject on the terminal, as a person would; return what is to be said about it at the end."""
    before = runs(subject)
    environment = {variable: value for variable, value in os.environ.items() if variable != "VIRTUAL_ENV"}
    command = [str(ROADWORTHY), "certify", str(subject), *expected.options]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    written = sorted(runs(subject) - before)
    if not written:
        return [f"{name}: WRONG: certify ended with {code} and wrote no report"]
    for kind in ("html", "json"):
        shutil.copyfile(written[-1] / f"report.{kind}", REPORTS / f"{name}.{kind}")
    return [*judged(name, code, written[-1], expected), f"    report: {(REPORTS / name).relative_to(ROOT)}.html"]


def judged(name: str, code: int, run: Path, expected: Expected) -> list[str]:
    """Compare how a certification ended with how it must end."""
    report = json.loads((run / "report.json").read_text(encoding="utf-8"))
    failed = {
        kind: sorted(r["rule"] for r in report["results"] if r["outcome"] == "failed" and r["kind"] == kind)
        for kind in ("drill", "check")
    }
    lines = [
        f"{name}: {report['verdict']}, {report['score']['total']} of 100",
        f"    failed when driven: {', '.join(failed['drill']) or 'nothing'}",
        f"    failed when read: {len(failed['check']) or 'nothing'}",
    ]
    if (code, report["verdict"]) != (expected.code, expected.verdict):
        lines.append(f"    WRONG: it must be {expected.verdict} with exit code {expected.code}, which was {code}")
    if expected.failed and expected.failed not in failed["drill"]:
        lines.append(f"    WRONG: {expected.failed} must fail")
    return lines


def runs(subject: Path) -> set[Path]:
    """Return the run folders of a subject that hold a finished report."""
    return {page.parent for page in (ROOT / subject / ".roadworthy" / "runs").glob("*/report.html")}


if __name__ == "__main__":
    sys.exit(main())
