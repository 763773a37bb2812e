"""Repeat every drill, and publish how often each comes out as it must.

Each round drives every lemon through the drill it must fail, the reference service through all drills, and the same
once more with every intervention replaced by one that does nothing. Then the driver is killed (SIGKILL) at random
moments, and what it left behind is counted. Ends with 0 only when nothing came out otherwise than it must.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from roadworthy.engine.catalogue import drills
from roadworthy.engine.drive import drive
from roadworthy.model.result import Result
from roadworthy.model.words import Outcome
from tools.kill_driver import Left, killed_at_random_moments
from tools.lemon import description, materialise, names

ROOT = Path(__file__).resolve().parent.parent
SOUND = ROOT / "services" / "questionnaire"
COLUMNS = (
    ("fails its lemon", Outcome.FAILED),
    ("passes the sound service", Outcome.PASSED),
    ("inconclusive with faults off", Outcome.INCONCLUSIVE),
)


@dataclass(slots=True)
class Table:
    """How often each drill came out as it must, of how many times, in each column."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def count(self, column: int, subject: str, result: Result) -> None:
        """Count one result."""
        name, outcome = COLUMNS[column]
        self.tried[result.rule, name] += 1
        self.seconds[result.rule] += round((result.seconds or 0) * 1000)
        if result.outcome is outcome:
            self.right[result.rule, name] += 1
        else:
            self.wrong.append(f"{result.rule} on {subject}, seed {result.seed}: {result.outcome}: {result.reason}")

    def lines(self) -> Iterator[str]:
        """Yield the table for people."""
        rules = sorted({rule for rule, _ in self.tried})
        yield f"{'drill':30}" + "".join(f"{name:>30}" for name, _ in COLUMNS) + f"{'flake rate':>12}{'seconds':>9}"
        for rule in rules:
            cells = [f"{self.right[rule, name]} of {self.tried[rule, name]}" for name, _ in COLUMNS]
            tried = sum(self.tried[rule, name] for name, _ in COLUMNS)
            right = sum(self.right[rule, name] for name, _ in COLUMNS)
            rate = f"{100 * (tried - right) / tried:.1f} %"
            seconds = self.seconds[rule] / 1000 / tried
            yield f"{rule:30}" + "".join(f"{cell:>30}" for cell in cells) + f"{rate:>12}{seconds:>9.1f}"


def main() -> int:
    """Soak; return 1 when anything came out otherwise than it must."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=20, help="how often each drill is driven on each subject")
    parser.add_argument("--kills", type=int, default=10, help="how often the driver is killed")
    parser.add_argument("--only", default="*", metavar="GLOB", help="the drills to repeat")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    print(f"seed {options.seed}: repeat with --seed {options.seed}", flush=True)
    begun = time.monotonic()
    table = Table()
    chosen = [drill.id for drill in drills() if fnmatchcase(drill.id, options.only)]
    for number in range(options.rounds):
        one_round(table, chosen, options.only, options.seed + number)
        print(f"round {number + 1} of {options.rounds}, {time.monotonic() - begun:.0f} s", flush=True)
    left = killed_at_random_moments(SOUND, options.kills, random.Random(options.seed))  # noqa: S311 - a moment, no secret
    print("\n".join(table.lines()))
    for wrong in table.wrong:
        print(f"WRONG: {wrong}")
    report(left)
    print(f"{time.monotonic() - begun:.0f} s")
    vain = bool(left) and not any(each.ended for each in left)
    return int(bool(table.wrong) or vain or any(each.anything for each in left))


def one_round(table: Table, chosen: list[str], only: str, seed: int) -> None:
    """Drive every lemon, the sound service, and the sound service with faults off."""
    for name in names():
        for rule in description(name)["fails"]:
            if rule in chosen:
                with tempfile.TemporaryDirectory(prefix="lemon-") as folder:
                    root = materialise(name, Path(folder) / name)
                    for result in driven(root, rule, seed):
                        table.count(0, f"lemons/{name}", result)
    for result in driven(SOUND, only, seed):
        table.count(1, SOUND.name, result)
    for result in driven(SOUND, only, seed, faults_off=True):
        table.count(2, f"{SOUND.name} with faults off", result)


def driven(root: Path, only: str, seed: int, *, faults_off: bool = False) -> tuple[Result, ...]:
    """Drive a subject, keeping nothing but the results."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        run = drive(
            root,
            only=only,
            smoke=False,
            seed=seed,
            run_folder=Path(folder),
            on_event=lambda event: None,
            faults_off=faults_off,
        )
        return asyncio.run(run).results


def report(left: list[Left]) -> None:
    """Say what killed drivers left behind."""
    for each in left:
        if each.anything:
            print(f"WRONG: killed after {each.after_seconds:.1f} s, it left {each}")
    clean = sum(not each.anything for each in left)
    seen = sum(each.ended for each in left)
    print(
        f"driver killed at {len(left)} random moments: nothing left behind {clean} times, of {seen} processes and ports"
    )


if __name__ == "__main__":
    sys.exit(main())
