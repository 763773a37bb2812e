"""`roadworthy explain`."""

import re
from difflib import get_close_matches
from pathlib import Path

import click

from roadworthy.engine.catalogue import checks, drills
from roadworthy.engine.explain import explanation, found
from roadworthy.engine.run_folder import latest, read_facts
from roadworthy.model.error import RoadworthyError
from roadworthy.model.foreign_text import visible
from roadworthy.report import json

_IDENTITY = re.compile(r"#?([0-9a-fA-F]{4,16})")


@click.command("explain")
@click.argument("rule_or_finding")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    help="The repository, or the run folder, that a finding's id comes from.",
)
def command(rule_or_finding: str, source: Path) -> None:
    """Print the page of a rule, or the facts behind a finding of the last run.

    RULE_OR_FINDING is a rule (`monitoring/unknown-metric`, or its last part), or the id that a report shows beside a
    finding.
    """
    if _chosen(rule_or_finding):
        _rule(rule_or_finding)
    elif identity := _IDENTITY.fullmatch(rule_or_finding):
        _finding(identity[1], source)
    else:
        _rule(rule_or_finding)


def _names() -> list[str]:
    return sorted({*(check.id for check in checks()), *(drill.id for drill in drills())})


def _chosen(rule: str) -> list[str]:
    return [name for name in _names() if rule in (name, name.partition("/")[2])]


def _rule(rule: str) -> None:
    chosen = _chosen(rule)
    if not chosen:
        names = _names()
        near = get_close_matches(rule, [*names, *(name.partition("/")[2] for name in names)], n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise RoadworthyError(f"there is no rule '{rule}'{hint} (see docs/reference/rules.md)")
    pages = [(check.id, "check", check.rule.severity, check.page) for check in checks()]
    pages += [(drill.id, "drill", drill.rule.severity, drill.page) for drill in drills()]
    for name, kind, severity, page in sorted(pages, key=lambda entry: entry[:2]):
        if name in chosen:
            click.echo(f"{name} ({kind}, {severity})\n\n{page}\n")


def _finding(identity: str, source: Path) -> None:
    folder = source if (source / "report.json").is_file() else latest(source)
    report = json.read((folder / "report.json").read_text(encoding="utf-8"))
    result, finding = found(report, identity)
    lines = explanation(read_facts(folder), report, result, finding)
    click.echo("\n".join(visible(line) for line in lines))
