"""Writes the table of the docs from what is stored."""

from pathlib import Path

from bench.discrimination import peers, stored
from bench.discrimination.crossing import crossing
from bench.discrimination.mutant import mutants

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reference" / "discrimination.md"
NOTE = "<!-- Written by tools/gen_docs.py from the code; edit the code. -->\n\n"


def text() -> str:
    """Return the page."""
    kept = stored.read()
    asked = peers.read()
    complete = sum(j.complete for j in kept.judged)
    clean = sum(not j.flipped for j in kept.judged)
    total = len(kept.judged)
    lines = [
        "# Discrimination",
        "",
        f"Ruleset {kept.ruleset}, mutants {kept.mutants}. Measured by `python -m bench discrimination`.",
        "",
        "Three sound services (FastAPI, Express with TypeScript, Django), each with all its artifacts, and mutants of them:",
        "one edit in one file each, which plants one defect. A mutant is caught when the expected rule has a finding that",
        "the sound service does not have; where the rule is about two artifacts (⇄), the finding shows at least two places.",
        "",
        f"- {total} mutants of {len({j.rule for j in kept.judged})} rules: {complete} caught ({_percent(complete, total)})",
        f"- {clean} flip no other rule ({_percent(clean, total)})",
        *(
            f"- sound service {twin}: {len(rules)} findings at minor or above"
            + (f" ({', '.join(rules)})" if rules else "")
            for twin, rules in kept.alarms.items()
        ),
        "",
        "## By rule",
        "",
        "Other tools: in how many of the mutants the messages of the tool differ from those on the sound service at the",
        "place of the defect. They were asked with their defaults; a tool that could not be had is not in the table.",
        "",
        *asked.versions(kept.mutants),
        "",
    ]
    names = asked.tools
    lines += [
        f"| rule | mutants | caught | flips others | {''.join(f'{name} | ' for name in names)}any of them |",
        f"|---|---|---|---|{'---|' * len(names)}---|",
    ]
    for rule in sorted({j.rule for j in kept.judged}):
        own = [j for j in kept.judged if j.rule == rule]
        cells = [str(asked.noticed(name, [j.id for j in own]) or "") for name in names]
        union = asked.noticed(None, [j.id for j in own])
        mark = " ⇄" if rule in crossing() else ""
        flips = sum(bool(j.flipped) for j in own)
        lines.append(
            f"| {rule}{mark} | {len(own)} | {sum(j.complete for j in own)} | {flips or ''} | "
            f"{''.join(f'{cell} | ' for cell in cells)}{union or ''} |"
        )
    every = [j.id for j in kept.judged]
    cells = [str(asked.noticed(name, every)) for name in names]
    lines.append(
        f"| **all** | {total} | {complete} | {total - clean} | {''.join(f'{c} | ' for c in cells)}{asked.noticed(None, every)} |"
    )
    missed = [j for j in kept.judged if not j.complete]
    lines += ["", "## Not caught", "", *(f"- `{j.id}`: {j.outcome}" for j in missed)]
    flipping = [j for j in kept.judged if j.flipped]
    lines += ["", "## Flips another rule", "", *(f"- `{j.id}`: {', '.join(j.flipped)}" for j in flipping)]
    lines += ["", "## The mutants", "", "| mutant | file |", "|---|---|"]
    lines += [f"| {mutant.id} | {mutant.file} |" for mutant in mutants()]
    return "\n".join([*lines, ""])


def write() -> None:
    """Write the page where `tools/gen_docs.py` writes it."""
    PAGE.write_text(NOTE + text(), encoding="utf-8")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"
