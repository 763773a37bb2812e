"""Defects that others made and mended: does `inspect` find what each commit repaired, and is it silent after it?

Each pair of bench/precision/pairs.toml is a commit of a public repository whose author says it repairs a defect; ours are
the rule, the file and the label, nothing else.

    python -m bench pairs [--clones DIR]
"""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import dataclass
from pathlib import Path

from roadworthy.engine.inspect import gather, judge
from tools.checkouts import CheckoutError, checkout
from tools.ecosystem import PRECISION


@dataclass(frozen=True)
class Pair:
    """One repaired defect: `rule` finds it in `path` at `before`, and not at `after`."""

    repository: str
    before: str
    after: str
    rule: str
    path: str
    label: str


def pairs() -> list[Pair]:
    """Return every pair."""
    data = tomllib.loads((PRECISION / "pairs.toml").read_text(encoding="utf-8"))
    return [Pair(**entry) for entry in data["pair"]]


def identities(pair: Pair, commit: str, clones: Path | None) -> set[str]:
    """Return the fingerprints of the findings of the pair's rule that concern its file, at a commit."""
    root = checkout(pair.repository, commit, clones)
    return {
        finding.fingerprint
        for result in judge(gather(root))
        if result.rule == pair.rule
        for finding in result.findings
        if pair.path in {at.path for at in (finding.at, *(r.at for r in finding.related)) if at is not None}
    }


def main(arguments: list[str] | None = None) -> None:
    """Print, for each pair, whether the defect was found before and is gone after."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clones", type=Path, help="a folder of git repositories called owner+name")
    options = parser.parse_args(arguments or [])
    good = tried = 0
    for pair in pairs():
        try:
            before = identities(pair, pair.before, options.clones)
            after = identities(pair, pair.after, options.clones)
        except CheckoutError as problem:
            print(f"not tried  {pair.rule}  {problem}")
            continue
        tried += 1
        mended = bool(before - after)
        good += mended
        print(
            f"{'found, then silent' if mended else 'MISSED'}  {pair.rule}  {pair.repository} {pair.after[:12]} {pair.path}"
        )
    print(f"{good} of {tried} pairs found before and silent after")
