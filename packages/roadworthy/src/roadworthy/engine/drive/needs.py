"""What a drill needs and the subject or the host does not have."""

import shutil
from typing import assert_never

from roadworthy.model.drill import Drill, Need
from roadworthy.model.subject import Subject
from roadworthy.model.words import Family


def unmet(drill: Drill, subject: Subject) -> str | None:
    """Return the reason why the drill cannot be driven, naming the missing line; None when it can."""
    for need in drill.rule.needs.subject:
        missing = _missing(need, subject)
        if missing is not None:
            return f"not met: {subject.source} has no {missing}"
    for program in drill.rule.needs.host:
        if shutil.which(program) is None:
            return f"this host has no {program}"
    return None


def applies(drill: Drill, subject: Subject) -> str | None:
    """Return why the drill has no meaning for a service of this shape; None when it has one."""
    match drill.rule.family:
        case Family.STORE if not subject.has_store:
            return "the service keeps nothing: it has no store and acknowledges no write"
        case Family.OUTGOING_CALLS if not subject.dependencies:
            return "the service calls nothing: it declares no [[dependency]]"
    return None


def _missing(need: Need, subject: Subject) -> str | None:
    match need:
        case Need.JOURNEY:
            return None if subject.journeys else "[[journey]]: requests that make the service do its work"
        case Need.ACKNOWLEDGED_WRITE:
            says = "[[journey]] with a step `acknowledges = true` followed by a GET that reads the write back"
            return None if subject.acknowledged_writes else says
        case Need.DEPENDENCY:
            return None if subject.dependencies else "[[dependency]]"
        case Need.CRITICAL_DEPENDENCY:
            return (
                None if any(each.critical for each in subject.dependencies) else "[[dependency]] with critical = true"
            )
        case Need.READY_PROBE:
            return None if subject.probes.ready else '[probes] ready = "/path"'
        case Need.VARIABLE:
            return None if subject.service.environment or subject.dependencies else "[service.environment]"
        case _:
            assert_never(need)
