"""Run every step a change must pass, stop at the first that fails, and name it.

`quality.py lint` judges the text: format, lint, types, import rules, dependencies, spelling, lock files, generated files.
`quality.py test` does the same, runs all tests, and ends with one line of counts over all suites.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / ".cache" / "test-results"
UV = os.environ.get("UV", "uv")
PACKAGES = sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml"))
SUBJECTS = sorted(path.parent for path in (*ROOT.glob("services/*/uv.lock"), *ROOT.glob("lemons/base/uv.lock")))
SERVICES = [path for path in SUBJECTS if path.parent.name == "services"]
WIDTH = 80


@dataclass(frozen=True, slots=True)
class Step:
    """One command that must succeed."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT


def main() -> int:
    """Run the steps asked for; return 0 when all of them passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["lint", "test"])
    what = parser.parse_args().what
    started = time.monotonic()
    for stale in RESULTS.glob("*.xml"):
        stale.unlink()
    failed = first_failure(lint_steps())
    if what == "test" and failed is None:
        failed = first_failure(test_steps())
    if failed is not None:
        where = "" if failed.folder == ROOT else f"cd {failed.folder.relative_to(ROOT)} && "
        print(
            f"\nmake {what}: step '{failed.name}' failed. Repeat it alone: {where}{shlex.join(shown(failed.command))}"
        )
    elapsed = time.monotonic() - started
    suites = sorted(RESULTS.glob("*.xml"))
    if suites:
        print(closing_line(suites, elapsed))
    elif failed is None:
        print(f"make {what}: all steps passed in {elapsed:.0f} s")
    return 0 if failed is None else 1


def lint_steps() -> Iterator[Step]:
    """Yield the steps that only read, cheapest first."""
    python = sys.executable
    yield Step("format", (python, "-m", "ruff", "format", "--check", "."))
    yield Step("lint", (python, "-m", "ruff", "check", "--quiet", "."))
    yield Step("spelling", (python, "-m", "codespell_lib"))
    for project in (ROOT, *SUBJECTS):
        yield Step(f"lock file of {label(project)}", (UV, "lock", "--check", "--quiet"), project)
    for package in PACKAGES:
        yield Step(f"dependencies of {package.name}", (python, "-m", "deptry", "src"), package)
    yield Step("import rules", (str(Path(python).with_name("lint-imports")),))
    # One call for each folder of tests: two of them may hold modules of the same name.
    sources = (*(f"packages/{package.name}/src" for package in PACKAGES), "tools", "bench")
    for folders in (sources, *((f"packages/{package.name}/tests",) for package in PACKAGES)):
        yield Step(f"types of {', '.join(folders)}", (python, "-m", "mypy", *folders))
    for service in SERVICES:
        own = str(service / ".venv" / "bin" / "python")
        options = ("--strict", "--config-file", "pyproject.toml", "--python-executable", own)
        yield Step(f"types of {label(service)}", (python, "-m", "mypy", *options, "src"), service)
    if (ROOT / "tools" / "gen_docs.py").exists():
        yield Step("generated files", (python, "tools/gen_docs.py", "--check"))


def test_steps() -> Iterator[Step]:
    """Yield one step for the packages and one for each service, in that service's own environment."""
    coverage = ("--cov", "--cov-branch", "--cov-config=pyproject.toml", "--cov-report=term:skip-covered")
    yield Step(
        "tests",
        (sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *coverage, results_of(ROOT)),
    )
    for service in SERVICES:
        own = str(service / ".venv" / "bin" / "python")
        yield Step(
            f"tests of {label(service)}",
            (own, "-m", "pytest", "-q", "-c", "pyproject.toml", results_of(service)),
            service,
        )


def results_of(project: Path) -> str:
    """Return the option that stores a suite's counts."""
    return f"--junitxml={RESULTS / (label(project).replace('/', '-') + '.xml')}"


def label(project: Path) -> str:
    """Return how a project is called in messages."""
    return "workspace" if project == ROOT else project.relative_to(ROOT).as_posix()


def first_failure(steps: Iterator[Step]) -> Step | None:
    """Run the steps in order and return the first that fails."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    for step in steps:
        started = time.monotonic()
        print(f"── {step.name}", flush=True)
        if subprocess.run(step.command, cwd=step.folder, env=environment, check=False).returncode:
            return step
        print(f"   {time.monotonic() - started:.1f} s", flush=True)
    return None


def shown(command: tuple[str, ...]) -> list[str]:
    """Return the command as a person would type it."""
    first = command[0].replace(f"{ROOT}/", "")
    return ["uv", "run", "python", *command[1:]] if command[0] == sys.executable else [first, *command[1:]]


def closing_line(files: list[Path], elapsed: float) -> str:
    """Sum the counts of all suites into a line like pytest's own."""
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for file in files:
        for suite in ElementTree.parse(file).getroot().iter("testsuite"):  # noqa: S314 - pytest wrote it a moment ago
            for count in total:
                total[count] += int(suite.get(count, "0"))
    passed = total["tests"] - total["failures"] - total["errors"] - total["skipped"]
    counts = (
        (total["failures"], "failed"),
        (passed, "passed"),
        (total["skipped"], "skipped"),
        (total["errors"], "errors"),
    )
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "no tests ran"
    return f" {said} in {elapsed:.2f}s ".center(WIDTH, "=")


if __name__ == "__main__":
    sys.exit(main())
