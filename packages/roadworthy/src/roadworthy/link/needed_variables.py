"""Which variables a person must provide before the service starts, and who tells people about them."""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.link.variable_names import Names, near
from roadworthy.model.detail.environment import (
    EnvironmentDocumented,
    EnvironmentGiven,
    EnvironmentImported,
    EnvironmentRead,
    EnvironmentTaken,
    VariableNeed,
)
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_BY_SYSTEM = frozenset(
    """
    HOME PATH HOSTNAME PWD USER LANG TZ SHELL TMPDIR TERM UID GID PUID PGID TAG VERSION IMAGE_TAG IMAGE COMPOSE_PROJECT_NAME
    PORT NODE_ENV CI DOCKER_IMAGE_TAG REGISTRY STACK_NAME PYTHONPATH DJANGO_SETTINGS_MODULE
    """.split()
)
_LEAST = 2
# How the list that people copy to `.env` is called.
_ENDINGS = ("example", "dist", "sample", "template")
_EXAMPLES = frozenset(f".env.{ending}" for ending in _ENDINGS)
_DECLARED = frozenset({"settings field", "zod"})
_FOR_AGENTS = ("AGENTS.md", "CLAUDE.md", "GEMINI.md")
_SILENT = frozenset(
    {"docker", "deploy", "deployment", "env", "envs", "config", "compose", "docs", "doc", "infra", "examples"}
)
_TOOLS = frozenset(
    {"scripts", "tools", "terraform", "infra", "infrastructure", "ci", "hack", "bin", "bench", "load", "e2e"}
)


def needs(draft: Draft, names: Names) -> Iterator[Symbol]:
    """Yield every variable that something needs and that stands in no deployment, with who describes it."""
    sheets = _sheets(draft)
    needed = _needed(draft)
    if not sheets or not needed:
        return
    listed: dict[str, Span] = {}
    for symbols in sheets.values():
        for symbol in symbols:
            listed.setdefault(str(symbol.name), symbol.at)
    # A sheet is one that lists at least some of what is needed or read; others are about something else.
    known = {*needed, *names.reads, *names.taken}
    fitting = [path for path, symbols in sheets.items() if _fits({str(s.name) for s in symbols}, needed, known)]
    for name, (symbol, by) in sorted(needed.items()):
        near_by = [path for path in fitting if _covers(path, symbol.at.path)]
        beside = [path for path in near_by if by == "the deployment" and _next_to(path, symbol)]
        described = listed.get(name) or (names.documents[name].at if name in names.documents else None)
        if beside:
            # Whoever copies the example next to the compose file reads no other list.
            described = next((s.at for path in beside for s in sheets[path] if str(s.name) == name), None)
        sheet, meant = None, None
        if described is None and not near_by:
            continue
        if described is None:
            sheet = sheets[min(near_by, key=lambda path: (-_common(symbol.at.path, path), path))][0].at
            strangers = [s for path in near_by for s in sheets[path] if str(s.name) not in known]
            meant, _ = near(name, strangers)
        detail = VariableNeed(
            by, described, sheet, str(meant.name) if meant is not None else "", meant.at if meant is not None else None
        )
        yield Symbol(
            Kind.ENVIRONMENT, Action.REFERS, symbol.name, symbol.at, symbol.component, "needed", symbol.role, detail
        )


def _fits(listed: set[str], needed: dict[str, tuple[Symbol, str]], known: set[str]) -> bool:
    """Tell whether a list is meant to be the one of this service: it has most of what is needed, and more than one of what
    is read at all."""
    return len(listed & known) >= _LEAST and 2 * len(listed & set(needed)) >= len(needed) - 1


def _sheets(draft: Draft) -> dict[str, list[Symbol]]:
    """Return the files that list variables for people, and what they list."""
    found: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in draft.symbols:
        aside = symbol.role in (FileRole.TEST, FileRole.VENDORED) or _for_agents(symbol.at.path)
        if not isinstance(symbol.name, Exact) or aside:
            continue
        match symbol.detail:
            case EnvironmentGiven() if symbol.phase == "file":
                found[symbol.at.path].append(symbol)
            case EnvironmentDocumented():
                found[symbol.at.path].append(symbol)
    return dict(found)


def _needed(draft: Draft) -> dict[str, tuple[Symbol, str]]:
    given: set[str] = set()
    keys: set[str] = set()
    for symbol in draft.symbols:
        match symbol.detail:
            case EnvironmentGiven(by="host"):
                pass
            case EnvironmentGiven(by=by) if symbol.phase in ("run", "build") and by != "env_file":
                given.add(str(symbol.name))
            case ObjectKey():
                keys.add(str(symbol.name).partition("/")[2])
    not_asked = given | keys
    # Where a deployment is known to the last variable, that it lacks one is another rule's matter.
    deployed = {s.component for s in draft.of(Kind.SERVICE, Action.DEFINES) if isinstance(s.detail, Workload)}
    open_ = {o.component for o in draft.opens if o.kind is Kind.ENVIRONMENT}
    closed = frozenset[str]() if "" in open_ else deployed - open_
    copied = _copied(draft)
    found: dict[str, tuple[Symbol, str]] = {}
    for symbol in draft.symbols:
        name = str(symbol.name)
        if symbol.role is not FileRole.PROD or not isinstance(symbol.name, Exact) or name in _BY_SYSTEM:
            continue
        match symbol.detail:
            case EnvironmentTaken(required=True):
                found.setdefault(name, (symbol, "the deployment"))
            case EnvironmentRead(required=True) if symbol.phase == "run" and symbol.component:
                if _TOOLS & set(symbol.at.path.lower().split("/")[:-1]):
                    continue
                if symbol.component in copied:
                    by = "the deployment" if symbol.detail.how in _DECLARED else symbol.component
                    if name not in copied[symbol.component]:
                        found.setdefault(name, (symbol, by))
                elif name not in not_asked and symbol.component not in closed:
                    found.setdefault(name, (symbol, symbol.component))
    return found


def _next_to(sheet: str, symbol: Symbol) -> bool:
    """Tell whether a list is the example that people copy for what a compose file, or a declared setting, asks for."""
    folder, _, name = sheet.rpartition("/")
    declared = isinstance(symbol.detail, EnvironmentRead)
    return name in _EXAMPLES and (declared or folder == symbol.at.path.rpartition("/")[0])


def _copied(draft: Draft) -> dict[str, set[str]]:
    """Return the components that compose starts with a `.env` people have to write, and what compose itself gives them."""
    found: dict[str, set[str]] = {}
    for symbol in draft.of(Kind.ENVIRONMENT, Action.REFERS):
        imported = isinstance(symbol.detail, EnvironmentImported) and symbol.detail.by == "env_file"
        if (
            imported
            and symbol.role is FileRole.PROD
            and isinstance(symbol.name, Exact)
            and symbol.name.text not in draft.tree.files
            and any(f"{symbol.name.text}.{ending}" in draft.tree.files for ending in _ENDINGS)
        ):
            found[symbol.component] = set()
    for symbol in draft.of(Kind.ENVIRONMENT, Action.DEFINES):
        given = symbol.detail
        if symbol.component in found and isinstance(given, EnvironmentGiven) and given.by in ("compose", "ENV"):
            found[symbol.component].add(str(symbol.name))
    return found


def _for_agents(path: str) -> bool:
    hidden = any(folder.startswith(".") for folder in path.split("/")[:-1])
    return hidden or path.rpartition("/")[2] in _FOR_AGENTS


def _covers(sheet: str, path: str) -> bool:
    """Tell whether a list is about what lies in the same folder as it, or below."""
    folders = sheet.split("/")[:-1]
    while folders and folders[-1].lower() in _SILENT:
        folders.pop()
    return path.startswith("/".join([*folders, ""]))


def _common(one: str, other: str) -> int:
    folders = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(a == b for a, b in folders) - other.count("/")
