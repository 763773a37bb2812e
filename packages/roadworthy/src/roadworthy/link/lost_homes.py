"""Files of a shipped image that lie where its user cannot read them: below /root, or with a mode for root alone."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.link.image_builds import builds
from roadworthy.link.image_stages import Stage, stages
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.detail.image import CopySource, StageFolder, StageUser
from roadworthy.model.detail.release import HomeLost
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_ROOT = re.compile(r"(?:^|[\s:=\"'])(/root(?:/[\w./-]*)?)(?=$|[\s:\"'])")
_OPENED = re.compile(r"\b(?:chmod|chown|setfacl|cp|mv|ln|install|rsync)\b.*(?<![\w-])(?:/root|~|\$HOME)\b")
_PRIVATE = re.compile(r"0?[4-7]00")
_ROOTS = frozenset({"", "root", "0"})


def derive(draft: Draft) -> None:
    """Add a statement for each such file, and one for each shipped image without any."""
    of_path = stages(draft, builds(draft))
    for path in sorted(of_path):
        for stage in of_path[path]:
            if stage.shipped:
                draft.symbols += list(_of(stage))


def _of(stage: Stage) -> Iterator[Symbol]:
    statements = [symbol for link in stage.chain() for symbol in link.statements]
    users = [symbol for symbol in statements if isinstance(symbol.detail, StageUser)]
    if not users:
        return
    last = users[-1]
    user = last.detail.user.partition(":")[0] if isinstance(last.detail, StageUser) else ""
    if user in _ROOTS or "$" in user:
        return
    opened = any(isinstance(s.detail, CommandUse) and _OPENED.search(" ".join(s.detail.words)) for s in statements)
    found = [] if opened else list(_lost(statements, users))
    for name, by, at in found:
        detail = HomeLost(name, user, last.at, by)
        yield Symbol(Kind.CONTENT, Action.DEFINES, Exact(name), at, "", "release", stage.role, detail)
    if not found:
        detail = HomeLost("", user, last.at, "")
        yield Symbol(Kind.CONTENT, Action.DEFINES, Exact(""), last.at, "", "release", stage.role, detail)


def _lost(statements: list[Symbol], users: list[Symbol]) -> Iterator[tuple[str, str, Span]]:
    for symbol in statements:
        as_root = _user_at(symbol, statements) in _ROOTS
        match symbol.detail:
            case CopySource(destination=str(target), owner=owner) if target.startswith("/root/") and not owner:
                yield target, f"{symbol.detail.by} puts `{target}` below root's home", symbol.at
            case CopySource(mode=mode, owner=owner, destination=str(target)) if _PRIVATE.fullmatch(mode) and not owner:
                yield target, f"{symbol.detail.by} --chmod={mode} lets only root read `{target}`", symbol.at
            case CommandUse(purpose="run", words=words) if as_root and _for_user(words):
                yield "/root/.local", f"`{' '.join(words)[:60]}` installs below root's home", symbol.at
            case EnvironmentGiven(by="ENV", value=str(value)) if str(symbol.name) == "PATH" and _ROOT.search(value):
                where = _ROOT.search(value)
                name = where[1] if where else "/root"
                yield name, f"PATH names `{name}`, which only root can enter", symbol.at
            case CommandUse(purpose="entrypoint" | "command", words=words) if _below_root(words):
                where = _ROOT.search(" ".join(words))
                name = where[1] if where else "/root"
                yield name, f"the container starts `{name}`, which only root can enter", symbol.at
            case StageFolder(folder=folder) if folder == "/root" or folder.startswith("/root/"):
                if symbol.at > users[-1].at or not any(
                    isinstance(s.detail, StageFolder) and s.at > symbol.at for s in statements
                ):
                    yield folder, f"the working folder is `{folder}`, which only root can enter", symbol.at


def _user_at(symbol: Symbol, statements: list[Symbol]) -> str:
    """Return whom a step runs as, by the last USER above it."""
    above = [
        s.detail.user.partition(":")[0]
        for s in statements
        if isinstance(s.detail, StageUser) and s.at.path == symbol.at.path and s.at < symbol.at
    ]
    return above[-1] if above else ""


def _for_user(words: tuple[str, ...]) -> bool:
    return "install" in words and "--user" in words and any("pip" in word for word in words[:3])


def _below_root(words: tuple[str, ...]) -> bool:
    return bool(words) and words[0].startswith("/root/")
