"""The road test: every chosen drill, one after another, on one road."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random

from roadworthy.engine.catalogue import drills
from roadworthy.engine.configuration import read_subject
from roadworthy.engine.drive.cannot_tell import CannotTellError, NotStartedError
from roadworthy.engine.drive.episode import Intervened
from roadworthy.engine.drive.evidence import EvidenceFolder
from roadworthy.engine.drive.journal import Journal
from roadworthy.engine.drive.needs import applies, unmet
from roadworthy.engine.drive.no_way_out import no_way_out
from roadworthy.engine.drive.record import Phase, Record
from roadworthy.engine.drive.redactor import Redactor
from roadworthy.engine.drive.road import Road, Stage
from roadworthy.engine.drive.trial import DrivenTrial
from roadworthy.engine.drive.verdict import judged, result
from roadworthy.model.drill import Drill, Intervention
from roadworthy.model.error import RoadworthyError
from roadworthy.model.event import Event, EventKind
from roadworthy.model.result import Result
from roadworthy.model.subject import Subject
from roadworthy.model.words import Outcome
from roadworthy.rig.delay import HostDelay
from roadworthy.rig.guardian import Guardian

RUN_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Driven:
    """What a road test showed."""

    subject: Subject
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What every drill of one run is told."""

    root: Path
    seed: int
    subject: Subject
    journal: Journal
    evidence: EvidenceFolder
    faults_off: bool


async def drive(
    root: Path,
    *,
    only: str | None,
    smoke: bool,
    seed: int,
    run_folder: Path,
    on_event: Callable[[Event], None],
    faults_off: bool = False,
) -> Driven:
    """Drive the service that `root` describes through the drills that `only` (a pattern of ids) and `smoke` choose.

    The journal and all evidence go to `run_folder`. With `faults_off`, every intervention is replaced by one that does
    nothing. Raise RoadworthyError where the description is wrong or no drill is chosen.
    """
    subject = read_subject(root)
    chosen = _chosen(only, smoke=smoke)
    redactor = Redactor()
    journal = Journal(run_folder, on_event, redactor)
    run = Run(root, seed, subject, journal, EvidenceFolder(run_folder, redactor), faults_off)
    journal.note(EventKind.RUN, f"{subject.service.name}: {len(chosen)} drills, seed {seed}")
    try:
        results = [_without_road(run, drill) for drill in chosen]
        waiting = [drill for drill, done in zip(chosen, results, strict=True) if done is None]
        driven = iter(await _on_the_road(run, waiting, redactor) if waiting else ())
        return Driven(subject, tuple(done if done is not None else next(driven) for done in results))
    finally:
        journal.note(EventKind.RUN, "over")
        journal.close()


def _chosen(only: str | None, *, smoke: bool) -> list[Drill]:
    known = drills()
    chosen = [drill for drill in known if only is None or fnmatchcase(drill.id, only)]
    if not chosen and only is not None:
        near = get_close_matches(only, [drill.id for drill in known], n=1, cutoff=0.4)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise RoadworthyError(f"--only {only}: no drill has such an id{hint}")
    return [drill for drill in chosen if drill.rule.smoke] if smoke and only is None else chosen


def _without_road(run: Run, drill: Drill) -> Result | None:
    """Return the result of a drill that need not or cannot be driven."""
    reason = applies(drill, run.subject)
    if reason is not None:
        return _told(run, drill, Outcome.NOT_APPLICABLE, reason)
    reason = unmet(drill, run.subject)
    return None if reason is None else _told(run, drill, Outcome.INCONCLUSIVE, reason)


async def _on_the_road(run: Run, waiting: Sequence[Drill], redactor: Redactor) -> list[Result]:
    results: list[Result] = []
    try:
        async with Guardian(deadline_seconds=RUN_SECONDS) as guardian, no_way_out(guardian):
            road = Road(run.subject, run.root, guardian, redactor)
            await road.open()
            run.journal.note(EventKind.RUN, "the road is open: " + (", ".join(road.servers) or "no dependency"))
            for drill in waiting:
                results.append(await _trial(run, road, drill))  # noqa: PERF401 - kept when a later drill is interrupted
    except NotStartedError as problem:
        results += [_not_started(run, drill, problem) for drill in waiting[len(results) :]]
    except RoadworthyError as problem:
        results += [_told(run, drill, Outcome.INCONCLUSIVE, str(problem)) for drill in waiting[len(results) :]]
    return results


async def _trial(run: Run, road: Road, drill: Drill) -> Result:
    begun = time.monotonic()
    run.journal.note(EventKind.DRILL, drill.title, drill=drill.id)
    async with HostDelay() as delay:
        record = Record(drill.id, run.journal, delay)
        random = Random(f"{run.seed} {drill.id}")  # noqa: S311 - choices that a seed must repeat
        async with road.stage(drill.id, random, record.note_request) as stage:
            await _drive(run, stage, record, random, drill)
            outcome, reason = judged(record)
            processes = [running.process for running in stage.processes]
    took = time.monotonic() - begun
    run.journal.note(EventKind.OUTCOME, f"{outcome}: {reason}", drill=drill.id, took_seconds=took)
    log = run.evidence.log(drill.id, processes, run.journal.started)
    evidence = (run.evidence.journal(drill.id, run.journal.events), log)
    return result(drill, outcome, reason, root=run.root, seed=run.seed, record=record, seconds=took, evidence=evidence)


async def _drive(run: Run, stage: Stage, record: Record, random: Random, drill: Drill) -> None:
    """Start, control, drill, and come back to steady state; whatever stops that is recorded."""
    trial = DrivenTrial(stage, record, random, faults_off=run.faults_off)
    own_question = drill.rule.intervention is Intervention.JOURNEY
    record.enter(Phase.CONTROL, "control")
    try:
        await trial.start()
        if not own_question:
            await trial.control()
        await drill.run(trial)
        await trial.come_back()
    except NotStartedError as problem:
        _record_not_started(run, record, problem, own_question=own_question)
    except CannotTellError as problem:
        record.doubt(str(problem))
    finally:
        await trial.close()


def _record_not_started(run: Run, record: Record, problem: NotStartedError, *, own_question: bool) -> None:
    """A service that ends by itself fails the drill that asks whether it works at all; the others cannot tell."""
    if own_question and problem.theirs and not run.faults_off:
        record.begin(Intervened("a start as declared", lambda: 1, lambda: "the process ran"))
        record.observe("the service starts", expected="it becomes ready", actual=str(problem), holds=False)
    else:
        record.doubt(f"anything, because the service does not start: {problem}")


def _not_started(run: Run, drill: Drill, problem: NotStartedError) -> Result:
    own_question = drill.rule.intervention is Intervention.JOURNEY
    record = Record(drill.id, run.journal, HostDelay())
    _record_not_started(run, record, problem, own_question=own_question)
    outcome, reason = judged(record)
    run.journal.note(EventKind.OUTCOME, f"{outcome}: {reason}", drill=drill.id)
    return result(drill, outcome, reason, root=run.root, seed=run.seed, record=record)


def _told(run: Run, drill: Drill, outcome: Outcome, reason: str) -> Result:
    run.journal.note(EventKind.OUTCOME, f"{outcome}: {reason}", drill=drill.id)
    return result(drill, outcome, reason, root=run.root, seed=run.seed)
