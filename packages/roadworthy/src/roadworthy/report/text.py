"""The report as a person reads it in a terminal: verdict, points, what to repair, what stayed open."""

from io import StringIO

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from roadworthy.model.foreign_text import visible
from roadworthy.model.place import Span
from roadworthy.model.report import Report
from roadworthy.model.result import Result, TrialKind
from roadworthy.model.words import Outcome, Severity, Verdict

MAXIMUM_SHOWN = 25  # findings of one rule
_COLOURS = {Verdict.ROADWORTHY: "green", Verdict.NOT_ROADWORTHY: "red", Verdict.NOT_PROVED: "yellow"}
_SEVERITY = {Severity.DANGEROUS: "bold red", Severity.MAJOR: "red", Severity.MINOR: "yellow", Severity.ADVISORY: "dim"}
_OUTCOME = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.NOT_APPLICABLE: "dim",
}


def render(report: Report, *, colour: bool = False, width: int = 110) -> str:
    """Return the report as text; `colour` adds terminal escapes, `width` is in columns."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="auto" if colour else None, highlight=False
    )
    _verdict(console, report)
    _criteria(console, report)
    _findings(console, report)
    _drills(console, report)
    _open(console, report)
    _unexamined(console, report)
    _unread(console, report)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def clean(text: str) -> str:
    """Make foreign text safe to print: control characters become their escapes, markup stays text."""
    return escape(visible(text))


def place(at: Span | None) -> str:
    """Return `path:line:column`, clickable in most terminals."""
    return clean(str(at)) if at else ""


def _verdict(console: Console, report: Report) -> None:
    score = report.score
    commit = f" at {report.subject.commit[:12]}" if report.subject.commit else ""
    console.print(
        f"[bold {_COLOURS[report.verdict]}]{report.verdict.value.upper()}[/]  [bold]{clean(report.subject.name)}[/]"
        f"{commit}  {score.total}/100"
    )
    how = f"inspected {float(score.inspected):.1f}, driven {float(score.driven):.1f}"
    capped = f"; at most {score.cap.limit} because {clean(score.cap.why)}" if score.cap else ""
    console.print(f"points proved: {how}{capped}")
    console.print()


def _criteria(console: Console, report: Report) -> None:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("criterion")
    table.add_column("points", justify="right")
    table.add_column("of", justify="right")
    table.add_column("")
    table.add_column("passed", justify="right")
    table.add_column("failed", justify="right")
    table.add_column("open", justify="right")
    for criterion in report.score.criteria:
        own = [result for result in report.results if result.criterion is criterion.id]
        counts = [
            sum(r.outcome is outcome for r in own) for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE)
        ]
        filled = round(10 * criterion.earned / criterion.possible) if criterion.possible else 0
        table.add_row(
            criterion.id.value,
            f"{float(criterion.earned):.1f}",
            f"{float(criterion.possible):.0f}",
            "█" * filled + "░" * (10 - filled),
            *(str(count) if count else "[dim]·[/]" for count in counts),
        )
    console.print(table)


def _findings(console: Console, report: Report) -> None:
    failed = report.ranked()
    if not failed:
        return
    console.print("\n[bold]Findings[/] (what matters most first; `roadworthy explain ID` shows the facts behind one)")
    quoted = report.quoted()
    for result in failed:
        for finding in result.findings[:MAXIMUM_SHOWN]:
            console.print(
                f"[{_SEVERITY[result.severity]}]{result.severity.value}[/] {result.rule}  {place(finding.at)}"
                f"  [dim]({finding.fingerprint[:8]}{_stake(result)})[/]",
                soft_wrap=True,
            )
            _below(console, clean(finding.message))
            _quote(console, quoted, finding.at)
            for related in finding.related:
                _below(console, f"[dim]{place(related.at)}[/] {clean(related.says)}")
                _quote(console, quoted, related.at)
            if finding.repair:
                _below(console, f"[green]repair[/] {clean(finding.repair)}")
        more = len(result.findings) - MAXIMUM_SHOWN
        if more > 0:
            _below(console, f"[dim]and {more} more of {result.rule}; report.json holds them all[/]")


def _stake(result: Result) -> str:
    """Return what a repair of the rule would earn, and what it takes."""
    points = f", {float(result.points):.1f} points" if result.points else ""
    return f"{points}, {result.effort}" if result.effort else points


def _quote(console: Console, quoted: dict[tuple[str, int], str], at: Span | None) -> None:
    line = quoted.get((at.path, at.line)) if at else None
    if line:
        _below(console, f"  [dim]│[/] {clean(line)}")


def _drills(console: Console, report: Report) -> None:
    drills = [r for r in report.results if r.kind is TrialKind.DRILL]
    if not drills:
        return
    console.print("\n[bold]Drills[/]")
    for result in sorted(drills, key=lambda r: (r.outcome is not Outcome.FAILED, r.rule)):
        seconds = f"  {result.seconds:.1f} s" if result.seconds is not None else ""
        console.print(f"[{_OUTCOME[result.outcome]}]{result.outcome.value}[/] {result.rule}{seconds}")
        if result.outcome is not Outcome.PASSED:
            _below(console, clean(result.reason))
        for seen in result.observations:
            sign = "[green]✓[/]" if seen.holds else "[red]✗[/]"
            _below(
                console,
                f"{sign} {seen.phase}: {clean(seen.says)}: expected {clean(seen.expected)}, got {clean(seen.actual)}",
            )
        for repair in dict.fromkeys(finding.repair for finding in result.findings):
            _below(console, f"[green]repair[/] {clean(repair)}")
        if result.outcome is not Outcome.PASSED and result.repeat:
            _below(console, f"[dim]alone:[/] {clean(result.repeat)}")


def _open(console: Console, report: Report) -> None:
    unclear: list[Result] = [
        r for r in report.results if r.outcome is Outcome.INCONCLUSIVE and r.kind is TrialKind.CHECK
    ]
    if unclear:
        console.print("\n[bold]Not proved[/] (earns nothing)")
    for result in unclear:
        where = next((place(doubt.at) for doubt in result.doubts if doubt.at), "")
        console.print(f"[yellow]{result.rule}[/]  {where}", soft_wrap=True)
        _below(console, clean(result.reason))
        if result.decided_by:
            _below(console, f"[dim]roadworthy drive --only {result.decided_by} tells[/]")


def _unexamined(console: Console, report: Report) -> None:
    idle = sorted({r.rule for r in report.results if r.outcome is Outcome.NOT_APPLICABLE})
    if idle:
        console.print("\n[bold]Nothing to examine[/] (earns nothing where such a service must have it)")
        _below(console, f"[dim]{', '.join(idle)}[/]")
    if not any(result.kind is TrialKind.CHECK for result in report.results):
        console.print("\n[dim]The service was driven and not inspected; `certify` does both.[/]")


def _unread(console: Console, report: Report) -> None:
    production = [unread for unread in report.unread if unread.production]
    if report.unread:
        console.print("\n[bold]Unread[/]")
    for unread in production:
        console.print(f"[red]production[/] {clean(unread.path)}:{unread.line}  {clean(unread.why)}", soft_wrap=True)
    if others := len(report.unread) - len(production):
        console.print(f"[dim]{others} that {'is' if others == 1 else 'are'} not for production (templates, tests …)[/]")


def _below(console: Console, text: str) -> None:
    console.print(Padding(text, (0, 0, 0, 4)))
