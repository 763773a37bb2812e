"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from roadworthy.cli.exit_code import ExitCode
from roadworthy.cli.formats import FORMATS
from roadworthy.model.report import Report
from roadworthy.model.words import Outcome, Severity

Decorated = Callable[..., Any]

_SHARED = (
    click.argument("path", type=click.Path(path_type=Path), default="."),
    click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True),
    click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file."),
)

_GATED = (
    click.option(
        "--fail-on",
        type=click.Choice(["dangerous", "major", "minor"]),
        default="major",
        show_default=True,
        help="Exit with 1 when a finding of at least this severity is open.",
    ),
    click.option("--strict", is_flag=True, help="Exit with 3 when something asked for stayed inconclusive."),
)


def shared(command: Decorated) -> Decorated:
    """Add PATH, --format and --output to a command."""
    return _with(_SHARED, command)


def gated(command: Decorated) -> Decorated:
    """Add --fail-on and --strict to a command."""
    return _with(_GATED, command)


_DRIVING = (
    click.option(
        "--seed", type=click.IntRange(min=0), help="What every random choice follows from; printed if not given."
    ),
    click.option("--smoke", is_flag=True, help="Run the quick subset of the drills only."),
)


def driving(command: Decorated) -> Decorated:
    """Add --seed and --smoke to a command."""
    return _with(_DRIVING, command)


def _with(options: tuple[Decorated, ...], command: Decorated) -> Decorated:
    for option in reversed(options):
        command = option(command)
    return command


def gate(report: Report, form: str, fail_on: str, *, strict: bool) -> int:
    """Return the exit code for a report: 1 for open findings at or above the gate, 3 for doubts when strict.

    SARIF exits with 0 in spite of findings: what reads it gates by itself, and must get the file first.
    """
    rank = Severity(fail_on).rank
    if report.components == 0:
        return ExitCode.USAGE
    if form == "sarif":
        return ExitCode.OK
    if any(result.outcome is Outcome.FAILED and result.severity.rank >= rank for result in report.results):
        return ExitCode.FINDINGS
    if any(unread.production and unread.silences.rank >= rank for unread in report.unread):
        return ExitCode.FINDINGS
    if strict and any(result.outcome is Outcome.INCONCLUSIVE for result in report.results):
        return ExitCode.INCONCLUSIVE
    return ExitCode.OK
