"""`roadworthy explain`."""

from difflib import get_close_matches

import click

from roadworthy.engine.catalogue import checks, drills
from roadworthy.model.error import RoadworthyError


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Print the page of RULE: what breaks it, why it matters, how to repair it."""
    pages = {f"{check.id}": ("check", check.rule.severity, check.page) for check in checks()}
    driven = {drill.id: ("drill", drill.rule.severity, drill.page) for drill in drills()}
    names = sorted({*pages, *driven})
    chosen = [name for name in names if name == rule or name.partition("/")[2] == rule]
    if not chosen:
        near = get_close_matches(rule, [*names, *(name.partition("/")[2] for name in names)], n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise RoadworthyError(f"there is no rule '{rule}'{hint} (see docs/reference/rules.md)")
    for name in chosen:
        for found in (pages.get(name), driven.get(name)):
            if found:
                kind, severity, page = found
                click.echo(f"{name} ({kind}, {severity})\n\n{page}\n")
