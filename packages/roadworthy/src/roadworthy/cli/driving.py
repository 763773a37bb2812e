"""Runs the drills for the commands that drive."""

import asyncio
import secrets
from pathlib import Path

from roadworthy.cli.progress import progress
from roadworthy.engine.timeline import with_timelines
from roadworthy.model.error import RoadworthyError
from roadworthy.model.event import Event
from roadworthy.model.result import Result


def drive(
    root: Path, *, only: str | None, smoke: bool, seed: int | None, folder: Path
) -> tuple[str, tuple[Result, ...]]:
    """Drive the service at `root`, keeping journal and evidence in `folder`.

    Return the service's name and the drills' results. Raise RoadworthyError where the service cannot be driven at all,
    or where what driving needs is not installed.
    """
    try:
        from roadworthy.engine.drive import drive as engine
    except ModuleNotFoundError as problem:
        raise not_installed(problem) from problem
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    events: list[Event] = []
    with progress("driving") as show:

        def on_event(event: Event) -> None:
            events.append(event)
            show(f"{event.drill}: {event.phase} {event.says}")

        driven = asyncio.run(engine(root, only=only, smoke=smoke, seed=chosen, run_folder=folder, on_event=on_event))
    return driven.subject.service.name, with_timelines(driven.results, events)


def not_installed(problem: ModuleNotFoundError) -> RoadworthyError:
    """Return the error that says which package driving lacks, and how to get it."""
    return RoadworthyError(
        f"driving needs the package '{problem.name}'; install it with: pip install 'roadworthy[drive]'"
    )
