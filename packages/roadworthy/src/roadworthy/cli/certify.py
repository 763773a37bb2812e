"""`roadworthy certify`."""

from pathlib import Path

import click

from roadworthy.cli.driving import drive
from roadworthy.cli.exit_code import ExitCode
from roadworthy.cli.formats import keep, write
from roadworthy.cli.options import driving, shared
from roadworthy.cli.progress import progress
from roadworthy.engine import certificate, certify, run_folder
from roadworthy.engine.inspect import gather, judge
from roadworthy.model.error import RoadworthyError
from roadworthy.model.words import Verdict
from roadworthy.report import html


@click.command("certify")
@shared
@driving
@click.option(
    "--verify",
    "certified",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Inspect PATH again and say which proofs of this certificate still hold; drive nothing.",
)
def command(
    path: Path, form: str, output: Path | None, seed: int | None, certified: Path | None, *, smoke: bool
) -> int:
    """Inspect and drive the service at PATH, score it, and write its certificate.

    Exits with 0 for *roadworthy* only; with --verify, when every proof still holds.
    """
    with progress("inspecting") as show:
        facts = gather(path, show)
        read = judge(facts)
        digest = certificate.tree_digest(path)
    if certified is not None:
        present = certify.report(facts, read, path=path.as_posix())
        holds, lines = certificate.verify(_text(certified), digest, present)
        click.echo("\n".join(lines))
        return ExitCode.OK if holds else ExitCode.FINDINGS
    folder = run_folder.create(path)
    run_folder.write_facts(folder, facts)
    name, driven = drive(path, only=None, smoke=smoke, seed=seed, folder=folder)
    report = certify.report(facts, (*read, *driven), path=path.as_posix(), name=name)
    keep(report, folder)
    (folder / "report.html").write_text(html.render(report), encoding="utf-8")
    (folder / "certificate.json").write_text(certificate.render(report, digest, folder), encoding="utf-8")
    write(report, form, output)
    click.echo(f"report: {folder / 'report.html'}\ncertificate: {folder / 'certificate.json'}", err=True)
    return ExitCode.OK if report.verdict is Verdict.ROADWORTHY else ExitCode.FINDINGS


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise FileNotFoundError(path)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise RoadworthyError(f"{path}: cannot be read as a certificate") from problem
