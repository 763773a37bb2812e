"""Timers and schedulers that JavaScript code starts in its own process."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.scheduler import SchedulerStarted
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax.javascript_browser import in_browser, is_tool

PROVIDES = frozenset({Kind.CONSTRUCT})

_CALLS = {
    "node-cron.schedule": "node-cron",
    "node-cron.default.schedule": "node-cron",
    "node-schedule.scheduleJob": "node-schedule",
    "node-schedule.default.scheduleJob": "node-schedule",
    "cron.CronJob": "cron",
    "cron.CronJob.from": "cron",
    "toad-scheduler.ToadScheduler": "toad-scheduler",
    "croner.Cron": "croner",
}
_NEST = re.compile(r"@(Cron|Interval)\(")
_GUARD = re.compile(
    r"advisory_lock|redlock|setnx|\bNX\b|SKIP LOCKED|withLock|acquireLock|leader|RUN_SCHEDULER|ENABLE_CRON|SCHEDULER_ENABLED|CRON_ENABLED",
    re.IGNORECASE,
)
_WORDS = (
    "node-cron",
    "node-schedule",
    "'cron'",
    '"cron"',
    "toad-scheduler",
    "croner",
    "@nestjs/schedule",
    "setInterval",
)
_PERIODIC = re.compile(
    r"clean|purge|send|remind|sync|import|export|digest|report|expire|bill|invoice|notif|schedul|retention|nightly|daily|mail",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?:\d[\d_]*\s*\*\s*)+\d[\d_]*|\d[\d_]{5,}")


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names such a library or timer, and is not for a browser."""
    if file.role is FileRole.TEST or is_tool(file.path) or not any(word in file.text for word in _WORDS):
        return False
    return not in_browser(file) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every timer that does work for everybody."""
    module = javascript.module(file)
    found = _GUARD.search(file.text)
    guarded = found[0] if found else ""
    for call in module.calls:
        library = _CALLS.get(call.name, "")
        text = module.text(call.node)
        if not library and call.name == "setInterval" and _repeats(text):
            library = "setInterval"
        if library:
            detail = SchedulerStarted(library, guarded)
            yield Symbol(
                Kind.CONSTRUCT,
                Action.DEFINES,
                Exact(call.name),
                module.span(call.node),
                role=file.role,
                detail=detail,
            )
    if "@nestjs/schedule" in file.text:
        for node in module.of("decorator"):
            text = module.text(node)
            if _NEST.match(text):
                detail = SchedulerStarted("@nestjs/schedule", guarded)
                yield Symbol(
                    Kind.CONSTRUCT, Action.DEFINES, Exact(text[:40]), module.span(node), role=file.role, detail=detail
                )


def _repeats(text: str) -> bool:
    """Tell whether an interval is long and its work one that must be done once."""
    if not _PERIODIC.search(text[:4000]):
        return False
    product = 0
    for match in _LONG.finditer(text[-80:]):
        product = 1
        for number in match[0].replace("_", "").split("*"):
            product = min(product * int(number), 10**12)
    return product >= 60_000
