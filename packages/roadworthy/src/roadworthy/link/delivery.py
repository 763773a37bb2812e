"""Which variables reach which component: env files, ConfigMaps and Secrets that containers import."""

import re
from collections import defaultdict
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentImported
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol

_OBJECTS = {"configMapRef": "ConfigMap", "secretRef": "Secret"}
_IN_KUBERNETES = frozenset({"kubernetes", "kubernetes field", "ConfigMap", "Secret"})
_KEY = re.compile(r"\$\{([^{}]+/[^{}]+)\}")


def derive(draft: Draft) -> None:
    """Give every component the variables of the files and objects it imports, or open its set where they are unseen."""
    given: dict[tuple[str, bool], set[str]] = defaultdict(set)
    files: dict[str, list[Symbol]] = defaultdict(list)
    keys: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    values: dict[str, Symbol] = {}
    for symbol in draft.symbols:
        match symbol.detail:
            case EnvironmentGiven() if symbol.phase == "file":
                files[symbol.at.path].append(symbol)
            case EnvironmentGiven() if symbol.phase == "run" and symbol.component:
                given[symbol.component, symbol.detail.by in _IN_KUBERNETES].add(str(symbol.name))
            case ObjectKey(object=kind):
                owner, _, _ = str(symbol.name).partition("/")
                keys[kind, owner].append(symbol)
                values.setdefault(str(symbol.name), symbol)
    _fill(draft, values)
    for symbol in draft.of(Kind.ENVIRONMENT, Action.REFERS):
        if not isinstance(symbol.detail, EnvironmentImported):
            continue
        if symbol.detail.by == "env_file":
            _from_file(draft, symbol, symbol.detail, files, given[symbol.component, False])
        else:
            _from_object(draft, symbol, symbol.detail, keys, given[symbol.component, True])


def _from_file(
    draft: Draft, symbol: Symbol, detail: EnvironmentImported, files: dict[str, list[Symbol]], given: set[str]
) -> None:
    if not isinstance(symbol.name, Exact) or symbol.name.text not in draft.tree.files:
        name = symbol.name.text if isinstance(symbol.name, Exact) else "a file named by a variable"
        reason = f"variables come from {name}, which is not in the repository"
        draft.opens.append(Open(Kind.ENVIRONMENT, symbol.component, reason, symbol.at))
        if not isinstance(symbol.name, Exact):
            return
    for one in files[symbol.name.text] or _example(symbol.name.text, files):
        if str(one.name) not in given:
            draft.symbols.append(replace(one, component=symbol.component, phase="run", role=symbol.role))


def _example(path: str, files: dict[str, list[Symbol]]) -> list[Symbol]:
    """Return what the file that people copy to this one says."""
    for ending in (".example", ".sample", ".template", ".dist"):
        if found := files.get(path + ending):
            return found
    return []


def _from_object(
    draft: Draft,
    symbol: Symbol,
    detail: EnvironmentImported,
    keys: dict[tuple[str, str], list[Symbol]],
    given: set[str],
) -> None:
    kind, name = _OBJECTS[detail.by], str(symbol.name)
    found = keys.get((kind, name), [])
    for opening in [o for o in draft.opens if o.kind is Kind.SECRET_KEY and o.covers and o.covers.matches(f"{name}/x")]:
        draft.opens.append(Open(Kind.ENVIRONMENT, symbol.component, opening.reason, opening.at))
    if not found:
        reason = f"the {kind} {name} is not in the repository"
        draft.opens.append(Open(Kind.ENVIRONMENT, symbol.component, reason, symbol.at))
    for one in found:
        variable = detail.prefix + str(one.name).partition("/")[2]
        if variable not in given and isinstance(one.detail, ObjectKey):
            made = EnvironmentGiven(kind, one.detail.value, source=str(one.name))
            draft.symbols.append(
                Symbol(
                    Kind.ENVIRONMENT,
                    Action.DEFINES,
                    Exact(variable),
                    one.at,
                    symbol.component,
                    "run",
                    symbol.role,
                    made,
                )
            )


def _fill(draft: Draft, values: dict[str, Symbol]) -> None:
    """Put the values of keys where containers take them, as far as the objects are in the repository."""

    def value(key: str) -> str | None:
        found = values.get(key)
        return found.detail.value if found is not None and isinstance(found.detail, ObjectKey) else None

    for index, symbol in enumerate(draft.symbols):
        detail = symbol.detail
        if not isinstance(detail, EnvironmentGiven) or "/" not in detail.template:
            continue
        text = _KEY.sub(lambda m: found if (found := value(m[1])) is not None else m[0], detail.template)
        if text != detail.template:
            filled = replace(detail, template=text) if "${" in text else replace(detail, value=text, template="")
            draft.symbols[index] = replace(symbol, detail=filled)
