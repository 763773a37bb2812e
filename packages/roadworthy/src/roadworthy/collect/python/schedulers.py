"""Timers and schedulers that Python code starts in its own process."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.scheduler import SchedulerStarted
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.CONSTRUCT})

_SCHEDULERS = frozenset(
    {"BackgroundScheduler", "AsyncIOScheduler", "BlockingScheduler", "GeventScheduler", "TornadoScheduler"}
)
_REPEATING = frozenset(
    {
        "fastapi_utils.tasks.repeat_every",
        "fastapi_utilities.repeat_every",
        "repeat_every",
        "fastapi_utilities.repeat_at",
    }
)
_WORDS = (
    "apscheduler",
    "repeat_every",
    "repeat_at",
    "rocketry",
    "aiocron",
    "flask_apscheduler",
    "import schedule",
    "django_crontab",
    "sleep(",
)
_GUARD = re.compile(
    r"advisory_lock|advisory_xact_lock|redis_?lock|\.lock\(|setnx|nx=True|SKIP LOCKED|skip_locked|leader|redlock|with_lock|"
    r"RUN_SCHEDULER|SCHEDULER_ENABLED|ENABLE_SCHEDULER|FileLock|fcntl|Lock\(",
    re.IGNORECASE,
)
_PERIODIC = re.compile(
    r"clean|purge|send|remind|sync|import|export|digest|report|expire|bill|invoice|notif|schedul|retention|nightly|daily"
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names such a library."""
    lowered = file.text.lower()
    return any(word in lowered for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every scheduler that is made and every function that repeats itself."""
    module = python.module(file)
    guard = _GUARD.search(file.text)
    guarded = guard[0] if guard else ""
    for call, dotted in module.calls:
        last = dotted.rpartition(".")[2]
        if dotted.startswith(("apscheduler.", "flask_apscheduler.")) and last in (*_SCHEDULERS, "APScheduler"):
            if last != "BlockingScheduler":
                yield _started(file, module, call, last, "APScheduler", guarded)
        elif dotted in _REPEATING:
            yield _started(file, module, call, last, "repeat_every", guarded)
        elif dotted in ("rocketry.Rocketry", "aiocron.crontab"):
            yield _started(file, module, call, dotted, dotted.partition(".")[0], guarded)
    for function in module.functions:
        if (
            isinstance(function, ast.AsyncFunctionDef)
            and _PERIODIC.search(function.name.lower())
            and _loops(module, function)
        ):
            yield _started(file, module, function, function.name, "a loop with `asyncio.sleep`", guarded)


def _loops(module: python.Module, function: python.Function) -> bool:
    """Tell whether a function repeats its work for ever, with long pauses, and works for everybody rather than itself."""
    below = module.below(function)
    endless = any(isinstance(n, ast.While) and isinstance(n.test, ast.Constant) and n.test.value is True for n in below)
    for node in below if endless else ():
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=int(seconds))]) if module.dotted(func) == "asyncio.sleep":
                return seconds >= 600
            case ast.Call(func=func, args=[ast.BinOp()]) if module.dotted(func) == "asyncio.sleep":
                return True
    return False


def _started(
    file: SourceFile, module: python.Module, node: ast.expr | ast.stmt, name: str, library: str, guarded: str
) -> Symbol:
    detail = SchedulerStarted(library, guarded)
    return Symbol(Kind.CONSTRUCT, Action.DEFINES, Exact(name), module.span(node), role=file.role, detail=detail)
