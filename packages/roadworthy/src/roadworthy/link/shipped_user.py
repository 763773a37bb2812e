"""Whom the images built here run as."""

from roadworthy.link.image_asked import Asked, Image, words_of
from roadworthy.link.image_knowledge import contents
from roadworthy.link.image_stages import Stage
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import ShippedUser, StageUser
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.command_line import base, calls, shell_calls

_DROPPING = frozenset({"gosu", "su-exec", "setpriv", "runuser", "su", "sudo", "chpst", "s6-setuidgid", "supervisord"})


def shipped_user(asked: Asked, stage: Stage, image: Image) -> Symbol:
    """Say whom an image runs as."""
    given = [s for link in stage.chain() for s in link.statements if isinstance(s.detail, StageUser)]
    start = stage.last("entrypoint") or stage.last("command")
    at = given[-1].at if given else start.at if start else stage.at
    user = given[-1].detail.user if given and isinstance(given[-1].detail, StageUser) else ""
    known = contents(stage.image) if stage.image else None
    unread = bool(given) and not user
    detail = ShippedUser(
        user,
        "" if unread or known is None else known.user,
        stage.image,
        _dropping(asked, start, image) if start is not None else None,
    )
    component = start.component if start is not None else ""
    return Symbol(Kind.SETTING, Action.REFERS, Exact("user"), at, component, "run", stage.role, detail)


def _dropping(asked: Asked, start: Symbol, image: Image) -> Span | None:
    """Return the place where the entry command, or the script it starts, gives up root."""
    use = start.detail
    if not isinstance(use, CommandUse):
        return None
    reached = list(calls(use.words)) if use.form == "exec" else list(shell_calls(use.words[0]))
    for call in reached:
        if base(call.program) in _DROPPING:
            return start.at
        script = asked.script(call, image)
        for line in asked.scripts[script] if script else ():
            if any(base(word) in _DROPPING for word in words_of(line)[:2]):
                return line.at
    return None
