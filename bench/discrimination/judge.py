"""Inspects a mutant beside its twin, in a copy that is mended afterwards."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from bench.discrimination.crossing import crossing
from bench.discrimination.mutant import TWINS, Mutant
from roadworthy.engine.catalogue import checks
from roadworthy.engine.inspect import gather, judge
from roadworthy.model.result import ReportedFinding, Result
from roadworthy.model.words import Severity

Found = Counter[tuple[str, str]]
# Left by those who work in a twin.
LEFT_OUT = shutil.ignore_patterns(".roadworthy", ".venv", "node_modules", "__pycache__", ".*_cache")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one mutant.

    `caught`: a finding of the expected rule that the twin does not have; `sides`: in how many places it stands;
    `needed`: how many it must show; `flipped`: the other rules with findings that the twin does not have; `outcome`: that
    of the expected rule.
    """

    id: str
    rule: str
    caught: bool
    sides: int
    needed: int
    flipped: tuple[str, ...]
    outcome: str
    seconds: float

    @property
    def complete(self) -> bool:
        """Tell whether it was caught with every side shown."""
        return self.caught and self.sides >= self.needed


def copy_of(twin: str, folder: Path) -> Path:
    """Copy a twin into a folder of its own."""
    return Path(shutil.copytree(TWINS / twin, folder / twin, ignore=LEFT_OUT))


@contextmanager
def planted(mutant: Mutant, root: Path) -> Iterator[tuple[int, int]]:
    """Plant a defect in a copy of its twin, give the lines that differ, and mend the copy again."""
    path = root / mutant.file
    before = path.read_bytes() if path.is_file() else None
    lines = mutant.apply(root)
    try:
        yield lines
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def alarms(twin: str) -> list[tuple[str, ReportedFinding]]:
    """Return what is found in a sound service, with the rule: each is a false alarm, or the twin is not sound."""
    return [
        (result.rule, finding)
        for result in judge(gather(TWINS / twin))
        for finding in result.findings
        if result.severity is not Severity.ADVISORY
    ]


def tried(mutant: Mutant, folder: Path) -> Judgement:
    """Inspect one mutant, in a copy of its twin below `folder`."""
    root = _workplace(mutant.twin, folder)
    sound = _sound(mutant.twin, folder)
    with planted(mutant, root):
        started = time.perf_counter()
        results = judge(gather(root))
        seconds = time.perf_counter() - started
    mine = next((result for result in results if result.rule == mutant.rule), None)
    caught = [finding for finding in mine.findings if (mine.rule, finding.fingerprint) not in sound] if mine else []
    flipped = {
        rule
        for rule, _ in _found(results) - sound
        if rule != mutant.rule and rule not in mutant.also and _severity(rule) is not Severity.ADVISORY
    }
    return Judgement(
        mutant.id,
        mutant.rule,
        bool(caught),
        max((_sides(finding) for finding in caught), default=0),
        2 if mutant.rule in crossing() and not mutant.alone else 1,
        tuple(sorted(flipped)),
        str(mine.outcome) if mine else "no such rule",
        seconds,
    )


def _sides(finding: ReportedFinding) -> int:
    places = {(related.at.path, related.at.line) for related in finding.related}
    if finding.at is not None:
        places.add((finding.at.path, finding.at.line))
    return len(places)


def _found(results: tuple[Result, ...]) -> Found:
    return Counter((result.rule, finding.fingerprint) for result in results for finding in result.findings)


@cache
def _severity(rule: str) -> Severity:
    return next(check.rule.severity for check in checks() if check.id == rule)


@cache
def _workplace(twin: str, folder: Path) -> Path:
    """Return this process's copy of a twin, below a folder that the caller removes."""
    return copy_of(twin, Path(mkdtemp(dir=folder)))


@cache
def _sound(twin: str, folder: Path) -> Found:
    return _found(judge(gather(_workplace(twin, folder))))
