"""`roadworthy inspect`."""

from pathlib import Path

import click

from roadworthy.cli.formats import keep, write
from roadworthy.cli.options import gate, gated, shared
from roadworthy.cli.progress import progress
from roadworthy.engine import certify, run_folder
from roadworthy.engine.inspect import gather, judge


@click.command("inspect")
@shared
@gated
def command(path: Path, form: str, output: Path | None, fail_on: str, *, strict: bool) -> int:
    """Read the repository at PATH and say what its artifacts contradict. Nothing of it is run."""
    with progress("inspecting") as show:
        facts = gather(path, show)
        report = certify.report(facts, judge(facts), path=path.as_posix())
    folder = run_folder.create(path)
    run_folder.write_facts(folder, facts)
    keep(report, folder)
    write(report, form, output)
    if not report.components:
        click.echo(f"roadworthy: {path}: no service was found here; name the folder that holds one", err=True)
    return gate(report, form, fail_on, strict=strict)
