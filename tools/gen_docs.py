"""Writes docs/reference from the code and shown outputs from the commands, so that neither can drift.

`--check` fails when a page is stale, and writes nothing.
"""

import argparse
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click

from roadworthy.cli.main import commands
from roadworthy.engine.catalogue import checks, collectors, drills
from roadworthy.model.words import Criterion
from roadworthy.score.policy import policy

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
SHOWN = re.compile(r"<!-- output: (roadworthy [^\n]+) -->\n.*?<!-- end of output -->", re.DOTALL)
NOTE = "<!-- Written by tools/gen_docs.py from the code; edit the code. -->\n\n"


def pages() -> Iterator[tuple[str, str]]:
    """Yield every generated page: its path below docs/reference and its text."""
    yield "rules.md", NOTE + _rules()
    for id_, text in _rule_pages():
        yield f"rules/{id_}.md", NOTE + text
    yield "command-line.md", NOTE + _commands()
    yield "artifacts.md", NOTE + _artifacts()
    yield "score.md", NOTE + _score()
    yield "discrimination.md", NOTE + _discrimination()
    yield "report.schema.json", files("roadworthy.report").joinpath("report.schema.json").read_text(encoding="utf-8")


def shown() -> Iterator[tuple[Path, str]]:
    """Yield every page written by hand that shows the output of a command, with that output as it is now."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        text = path.read_text(encoding="utf-8")
        if not path.is_relative_to(REFERENCE) and SHOWN.search(text):
            yield path, SHOWN.sub(lambda match: _output(match[1]), text)


def _output(command: str) -> str:
    words = [sys.executable, "-m", *shlex.split(command)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    text = re.sub(r" at [0-9a-f]{12}\b", "", ended.stdout)
    return f"<!-- output: {command} -->\n```text\n$ {command}\n{text.rstrip()}\n```\n<!-- end of output -->"


def _tried() -> dict[str, list[tuple[str, str, str, str, str]]]:
    found: dict[str, list[tuple[str, str, str, str, str]]] = defaultdict(list)
    for check in checks():
        rule = check.rule
        found[check.id].append(("reading", str(rule.severity), str(rule.family), check.title, check.page))
    for drill in drills():
        found[drill.id].append(("driving", str(drill.rule.severity), str(drill.rule.family), drill.title, drill.page))
    return found


def _rules() -> str:
    tried = _tried()
    lines = ["# Rules", "", f"{len(tried)} rules. A rule tried both ways has one name; the drill decides.", ""]
    for criterion in Criterion:
        own = {id_: ways for id_, ways in sorted(tried.items()) if id_.startswith(f"{criterion}/")}
        if not own:
            continue
        lines += [
            f"## {criterion}",
            "",
            "| rule | severity | family | tried by | the defect |",
            "|---|---|---|---|---|",
        ]
        for id_, ways in own.items():
            how = " and ".join(way[0] for way in ways)
            lines.append(f"| [{id_}](rules/{id_}.md) | {ways[0][1]} | {ways[0][2]} | {how} | {ways[0][3]} |")
        lines.append("")
    return "\n".join(lines)


def _rule_pages() -> Iterator[tuple[str, str]]:
    for id_, ways in sorted(_tried().items()):
        parts = [f"# {id_}", ""]
        for how, severity, family, _, page in ways:
            parts += [f"Tried by {how}. Severity: {severity}. Family: {family}.", "", page, ""]
        yield id_, "\n".join(parts).rstrip() + "\n"


def _commands() -> str:
    parts = ["# Command line", ""]
    group = commands()
    for name in sorted(group.commands):
        command = group.commands[name]
        context = click.Context(command, info_name=f"roadworthy {name}", max_content_width=100, terminal_width=100)
        parts += [f"## roadworthy {name}", "", "```text", command.get_help(context), "```", ""]
    parts += [
        "## Exit codes",
        "",
        "| code | means |",
        "|---|---|",
        "| 0 | nothing at or above the gate; for `certify`, roadworthy |",
        "| 1 | findings at or above the gate; for `certify`, not roadworthy or not proved |",
        "| 2 | usage, configuration, or no service found |",
        "| 3 | something asked for stayed inconclusive (only with `--strict`) |",
        "| 70 | a defect of this tool, with a report file |",
        "| 130 | interrupted |",
        "",
    ]
    return "\n".join(parts)


def _artifacts() -> str:
    lines = ["# Artifacts", "", "What `inspect` reads, and the kinds of name each may state.", ""]
    lines += ["| collector | what | states |", "|---|---|---|"]
    for collector in collectors():
        module = sys.modules[collector.collect.__module__]
        title = (module.__doc__ or "").partition("\n")[0].rstrip(".")
        lines.append(f"| {collector.name} | {title} | {', '.join(sorted(collector.provides))} |")
    return "\n".join([*lines, ""])


def _score() -> str:
    ours = policy()
    text = files("roadworthy.score").joinpath("weights.toml").read_text(encoding="utf-8")
    total = sum(ours.points.values())
    return "\n".join(["# Score", "", f"The whole policy, {total} points:", "", "```toml", text.rstrip(), "```", ""])


def _discrimination() -> str:
    script = "import sys; from bench.discrimination import page; sys.stdout.write(page.text())"
    here = Path(__file__).resolve().parent.parent
    return subprocess.run([sys.executable, "-c", script], cwd=here, capture_output=True, text=True, check=True).stdout


def main() -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a page is stale, write nothing")
    arguments = parser.parse_args()
    wanted = {REFERENCE / name: text for name, text in pages()}
    gone = {path for path in REFERENCE.rglob("*") if path.is_file()} - set(wanted)
    wanted |= dict(shown())
    stale = sorted([path for path, text in wanted.items() if _text(path) != text] + list(gone))
    if arguments.check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale; run: uv run python tools/gen_docs.py")
        return 1 if stale else 0
    for path in gone:
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages, {len(stale)} changed")
    return 0


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
