"""`roadworthy drive`."""

from pathlib import Path

import click

from roadworthy.cli.driving import drive
from roadworthy.cli.formats import keep, write
from roadworthy.cli.options import driving, gate, gated, shared
from roadworthy.cli.progress import progress
from roadworthy.engine import certify, run_folder
from roadworthy.engine.inspect import gather


@click.command("drive")
@shared
@gated
@driving
@click.option("--only", metavar="GLOB", help="Run only the drills whose id matches, for example 'errors/*'.")
def command(
    path: Path,
    form: str,
    output: Path | None,
    fail_on: str,
    only: str | None,
    seed: int | None,
    *,
    strict: bool,
    smoke: bool,
) -> int:
    """Start the service at PATH beside real dependencies, break things on purpose, and watch."""
    with progress("inspecting") as show:
        facts = gather(path, show)
    folder = run_folder.create(path)
    name, results = drive(path, only=only, smoke=smoke, seed=seed, folder=folder)
    report = certify.report(facts, results, path=path.as_posix(), name=name)
    keep(report, folder)
    write(report, form, output)
    return gate(report, form, fail_on, strict=strict)
