"""Which formats a report can be written in, and where it goes."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from roadworthy.model.error import RoadworthyError
from roadworthy.model.report import Report
from roadworthy.report import github, html, json, junit, markdown, sarif, text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": json.render,
    "html": html.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "markdown": markdown.render,
    "github": github.render,
}


def write(report: Report, format: str, output: Path | None) -> None:  # noqa: A002 - the option's name
    """Write a report to a file or to standard output; raise RoadworthyError where the file cannot be written."""
    if output is None:
        terminal = sys.stdout.isatty()
        if format == "text" and terminal:
            width = max(60, min(shutil.get_terminal_size().columns, 140))
            click.echo(text.render(report, colour=True, width=width), nl=False, color=True)
        else:
            click.echo(FORMATS[format](report), nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(FORMATS[format](report), encoding="utf-8")
    except OSError as problem:
        raise RoadworthyError(f"{output}: cannot be written ({problem.strerror})") from problem


def keep(report: Report, folder: Path) -> None:
    """Store a report in its run folder, where `roadworthy report` finds it."""
    (folder / "report.json").write_text(json.render(report), encoding="utf-8")
