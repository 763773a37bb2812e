"""Lines of a release whose failure nobody notices: thrown away, lost in a pipe, or in a script that simply goes on."""

import re
from collections.abc import Iterator
from dataclasses import replace

from roadworthy.link.release_flow import Step
from roadworthy.link.releases import Releases
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.release import UnsafeLine
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.command_line import base
from roadworthy.syntax.release_command import acts

_SUCCESS = re.compile(r"success|succe|complete|deployed|released|finished|done\b|live\b|ok\b|✅|🎉|🚀", re.IGNORECASE)
_HEALTH = re.compile(r"health|ready|smoke|live", re.IGNORECASE)
_SETS_E = re.compile(r"-[a-zA-Z]*e[a-zA-Z]*")
_STARTED = re.compile(r"entry|bootstrap|^start|deploy|release|migrat|rollout|^init|docker|upgrade", re.IGNORECASE)
_PUSHES = frozenset({"docker", "podman", "crane", "skopeo", "buildah"})


def derive(releases: Releases) -> Iterator[Symbol]:
    """Yield each such line of the scripts and pipeline steps that release."""
    flows = releases.flows
    called = flows.called()
    for path in sorted(flows.scripts):
        steps = [_step(symbol) for symbol in flows.scripts[path]]
        if not steps or steps[0].role is not FileRole.PROD:
            continue
        changes = any("change" in act.does for step in steps if step.words for act in acts(step.words))
        if changes or (_STARTED.search(base(path)) and any(_critical(step, release=True) for step in steps)):
            yield from _script(path, steps)
    for key, symbol in sorted(flows.jobs.items()):
        if symbol.role is not FileRole.PROD or key[0] in called:
            continue
        steps = [step for step in flows.steps(key) if step.words]
        if not any(_critical(step, release=True) for step in steps):
            continue
        called_from: set[Span] = set()
        for step in steps:
            lost = step.how or ("`||`, behind which the script goes on" if step.swallowed else "")
            if not lost or (step.source == "script" and step.caller is None) or not _critical(step, release=False):
                continue
            if step.caller is None:
                yield _line(step, lost, None)
            elif step.caller not in called_from:
                called_from.add(step.caller)
                yield _line(replace(step, at=step.caller), lost, None)


def _step(symbol: Symbol) -> Step:
    use = symbol.detail
    words = use.words if isinstance(use, CommandUse) else ()
    guarded, piped, swallowed = (
        (use.guarded, use.piped, use.swallowed) if isinstance(use, CommandUse) else (False, False, False)
    )
    return Step(symbol.at, symbol.role, words, "", "script", swallowed, piped=piped, guarded=guarded)


def _script(path: str, steps: list[Step]) -> Iterator[Symbol]:
    stops, pipefail, reported = False, False, False
    if steps[0].at.line == 1 and base(steps[0].words[0]).lstrip("#!").strip() and len(steps[0].words) > 1:
        stops = any(_SETS_E.fullmatch(word) for word in steps[0].words[1:])
    for index, step in enumerate(steps):
        if step.words[:1] == ("set",):
            options = step.words[1:]
            stops = False if options[:1] == ("+e",) else stops or _errexit(options)
            pipefail = pipefail or "pipefail" in options
            continue
        if not _critical(step, release=False):
            continue
        if step.swallowed:
            yield _line(step, "`||`, behind which the script goes on", _announced(steps[index:]))
        elif step.piped and not pipefail and _critical(step, release=True):
            yield _line(step, "a pipe: only its last program decides", _announced(steps[index:]))
        elif not stops and not step.guarded and not reported:
            announced = _announced(steps[index + 1 :])
            if announced is not None or any(s.words[0] not in ("echo", "printf", "exit") for s in steps[index + 1 :]):
                reported = True
                yield _line(step, f"{base(path)} does not stop at errors (no `set -e`)", announced)


def _errexit(options: tuple[str, ...]) -> bool:
    return any(_SETS_E.fullmatch(option) for option in options) or "errexit" in options


def _critical(step: Step, *, release: bool) -> bool:
    """Tell whether a command must not fail unnoticed; with `release`, whether it makes its script one that releases."""
    if not step.words:
        return False
    for act in acts(step.words):
        if act.does & {"change", "migrate"}:
            return True
        if not release and "wait" in act.does:
            return True
        if not release and "ask" in act.does and base(act.words[0]) in ("curl", "wget"):
            return any(_HEALTH.search(word) for word in act.words[1:])
    if base(step.words[0]) in _PUSHES and step.words[1:2] in (("push",), ("build",)):
        return not release
    return (
        base(step.words[0]) in ("docker", "docker-compose")
        and "compose" in " ".join(step.words[:2])
        and ("up" in step.words)
    )


def _announced(steps: list[Step]) -> Step | None:
    return next(
        (s for s in steps if s.words[0] in ("echo", "printf") and any(_SUCCESS.search(word) for word in s.words[1:])),
        None,
    )


def _line(step: Step, how: str, announced: Step | None) -> Symbol:
    shown = " ".join(step.words)[:80]
    says = " ".join(announced.words)[:60] if announced else ""
    detail = UnsafeLine(shown, how, says, announced.at if announced else None)
    return Symbol(Kind.COMMAND, Action.DEFINES, Exact(base(step.words[0])), step.at, "", "release", step.role, detail)
