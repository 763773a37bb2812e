"""`roadworthy doctor`."""

import click
from rich.console import Console
from rich.markup import escape

from roadworthy.cli.driving import not_installed
from roadworthy.cli.exit_code import ExitCode
from roadworthy.engine.catalogue import drills


@click.command("doctor")
def command() -> int:
    """Say what this host allows a road test to do, what stays unproved here, and how to get it."""
    try:
        from roadworthy.rig.host import allowances
    except ModuleNotFoundError as problem:
        raise not_installed(problem) from problem
    console = Console(highlight=False, soft_wrap=True)
    found = allowances()
    for allowance in found:
        sign = "[green]✓[/]" if allowance.present else "[yellow]✗[/]"
        console.print(f"{sign} {escape(allowance.name)}: {escape(allowance.found)}")
        if not allowance.present and allowance.how_to_get:
            console.print(f"    {escape(allowance.how_to_get)}")
    missing = {allowance.name for allowance in found if not allowance.present}
    unproved = [drill.id for drill in drills() if missing & set(drill.rule.needs.host)]
    if unproved:
        console.print(f"not proved on this host: {', '.join(unproved)}")
    return ExitCode.OK
