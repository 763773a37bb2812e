"""`roadworthy report`."""

from pathlib import Path

import click

from roadworthy.cli.formats import FORMATS, write
from roadworthy.engine.run_folder import latest
from roadworthy.model.error import RoadworthyError
from roadworthy.report import json


@click.command("report")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    default=".",
    help="A run folder, a report.json or a repository.",
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file.")
def command(source: Path, form: str, output: Path | None) -> None:
    """Show a stored report again, in any format."""
    if source.is_dir():
        folder = source if (source / "report.json").is_file() else latest(source)
        source = folder / "report.json"
    try:
        if not source.is_file():
            raise FileNotFoundError(source)
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise RoadworthyError(f"{source}: cannot be read as a report; give a run folder or a report.json") from problem
    try:
        report = json.read(text)
    except RoadworthyError as problem:
        raise RoadworthyError(f"{source}: {problem}") from problem
    write(report, form, output)
