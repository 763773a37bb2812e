"""From what one trial recorded to its result."""

import inspect
import re
import shlex
from hashlib import sha256
from pathlib import Path

from roadworthy.engine.drive.record import Record
from roadworthy.model.drill import Drill
from roadworthy.model.result import Doubt, Evidence, Observation, ReportedFinding, Result, TrialKind
from roadworthy.model.words import Outcome

REPAIR = re.compile(r"^## Repair\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def result(
    drill: Drill,
    outcome: Outcome,
    reason: str,
    *,
    root: Path,
    seed: int,
    record: Record | None = None,
    seconds: float | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> Result:
    """Return the result of a trial; a failed one has a finding for each observation that does not hold."""
    observations = record.observations if record is not None else ()
    broken = failures(record) if record is not None and outcome is Outcome.FAILED else ()
    doubts = tuple(Doubt(text) for text in record.doubts) if record is not None else ()
    if outcome is Outcome.INCONCLUSIVE and not doubts:
        doubts = (Doubt(reason),)
    return Result(
        rule=drill.id,
        criterion=drill.criterion,
        severity=drill.rule.severity,
        family=drill.rule.family,
        kind=TrialKind.DRILL,
        outcome=outcome,
        reason=reason,
        title=drill.title,
        examined=sum(len(episode.observations) for episode in record.episodes) if record is not None else 0,
        seed=seed,
        repeat=f"roadworthy drive {shlex.quote(str(root))} --only {drill.id} --seed {seed}",
        seconds=None if seconds is None else round(seconds, 2),
        findings=tuple(_finding(drill, each) for each in broken),
        doubts=doubts,
        observations=observations,
        evidence=evidence,
    )


def judged(record: Record) -> tuple[Outcome, str]:
    """Return outcome and reason.

    An observation counts only where everything done before it has bitten. What is broken fails; a vain intervention or
    a doubt leaves it open; at least one observation must hold for a pass.
    """
    broken = failures(record)
    if broken:
        first = f"{broken[0].says}: expected {broken[0].expected}; {broken[0].actual}"
        return Outcome.FAILED, first + (f" (and {len(broken) - 1} more)" if len(broken) > 1 else "")
    vain = [episode.vain for episode in record.episodes if not episode.bitten]
    if vain:
        return Outcome.INCONCLUSIVE, f"the intervention did not bite: {vain[0]}"
    if record.doubts:
        more = f" (and {len(record.doubts) - 1} more)" if len(record.doubts) > 1 else ""
        return Outcome.INCONCLUSIVE, f"cannot tell {record.doubts[0]}{more}"
    held = sum(len(episode.observations) for episode in record.episodes)
    if not held:
        return Outcome.INCONCLUSIVE, "nothing was observed"
    return Outcome.PASSED, f"{held} of {held} observations hold"


def failures(record: Record) -> tuple[Observation, ...]:
    """Return the observations that do not hold although everything done before them has bitten."""
    bitten = [episode for episode in record.episodes if episode.bitten]
    return tuple(each for episode in bitten for each in episode.observations if not each.holds)


def _finding(drill: Drill, observation: Observation) -> ReportedFinding:
    found = REPAIR.search(inspect.cleandoc(drill.page))
    repair = " ".join(found[1].split()) if found is not None else ""
    message = f"{observation.says}: expected {observation.expected}; {observation.actual}"
    identity = "\0".join((drill.id, observation.says))
    return ReportedFinding(message, None, (), repair, sha256(identity.encode()).hexdigest()[:16])
