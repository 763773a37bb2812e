"""What becomes of the variables that people provide."""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.link.image_knowledge import contents, parted
from roadworthy.link.known_variables import known, of_image
from roadworthy.link.needed_variables import needs
from roadworthy.link.variable_names import ASIDE, Names, alike, gathered, near
from roadworthy.model.component import Component
from roadworthy.model.detail.environment import (
    EnvironmentDocumented,
    EnvironmentGiven,
    EnvironmentImported,
    NamesMentioned,
    VariableNeed,
    VariableUse,
)
from roadworthy.model.detail.image import BaseImage
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

_READ_LANGUAGES = frozenset({"python", "javascript", "typescript"})
_PROVIDERS = frozenset({"compose", "host", "kubernetes", "ConfigMap", "Secret", "env_file"})


def derive(draft: Draft) -> None:
    """Add what becomes of each variable that is provided, and take the lists of mentioned names out."""
    names = gathered(draft)
    draft.symbols[:] = [s for s in draft.symbols if not isinstance(s.detail, NamesMentioned)]
    needed = list(needs(draft, names))
    # An entry that stands in the place of a needed one is reported there.
    misspelled = {s.detail.near_at for s in needed if isinstance(s.detail, VariableNeed) and s.detail.near_at}
    draft.symbols += [*needed, *(use for use in _uses(draft, names) if use.at not in misspelled)]


def _uses(draft: Draft, names: Names) -> Iterator[Symbol]:
    components = {component.id: component for component in draft.components}
    given: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for symbol in draft.of(Kind.ENVIRONMENT, Action.DEFINES):
        if isinstance(symbol.detail, EnvironmentGiven) and symbol.phase in ("run", "file"):
            given[_giver(symbol, symbol.detail)].add(str(symbol.name))
    foreign = _foreign(draft, components)
    seen: set[tuple[object, ...]] = set()
    for symbol in draft.of(Kind.ENVIRONMENT, Action.DEFINES):
        detail = symbol.detail
        if not isinstance(detail, EnvironmentGiven) or detail.by not in _PROVIDERS or symbol.role in ASIDE:
            continue
        key = (symbol.at, symbol.name)
        if key in seen or not isinstance(symbol.name, Exact):
            continue
        component = components.get(symbol.component)
        own = given[_giver(symbol, detail)]
        if symbol.phase == "file":
            use = _judged(draft, names, symbol.name.text, "env_file", own, None, foreign.get(symbol.at.path, ""))
        elif symbol.phase == "run" and detail.by != "env_file" and component is not None:
            use = _judged(draft, names, symbol.name.text, detail.by, own, component, foreign.get(component.id, ""))
        else:
            continue
        if use is not None:
            seen.add(key)
            yield Symbol(
                Kind.ENVIRONMENT, Action.REFERS, symbol.name, symbol.at, symbol.component, "provided", symbol.role, use
            )
    for symbol in draft.of(Kind.ENVIRONMENT, Action.REFERS):
        if isinstance(symbol.detail, EnvironmentDocumented) and symbol.role is FileRole.DOCUMENT:
            use = _judged(draft, names, str(symbol.name), "document", set(), None)
            if use is not None:
                yield Symbol(Kind.ENVIRONMENT, Action.REFERS, symbol.name, symbol.at, "", "provided", symbol.role, use)


def _giver(symbol: Symbol, given: EnvironmentGiven) -> tuple[str, bool]:
    """Return who is given a variable: a file, or a component as compose or as Kubernetes starts it."""
    return symbol.component or symbol.at.path, given.by in ("kubernetes", "kubernetes field", "ConfigMap", "Secret")


def _foreign(draft: Draft, components: dict[str, Component]) -> dict[str, str]:
    """Return, for components and env files, why code that is not in the repository may read what they are given."""
    found: dict[str, str] = {}
    bases: dict[str, str] = {}
    for symbol in draft.of(Kind.IMAGE, Action.REFERS):
        base = symbol.detail
        if (
            isinstance(base, BaseImage)
            and base.final
            and base.by == "FROM"
            and (not isinstance(symbol.name, Exact) or contents(symbol.name.text) is None)
        ):
            bases[symbol.at.path] = f"the image {symbol.name} may hold code that reads it"
    for built in components.values():
        if hidden := next((bases[path] for path in built.dockerfiles if path in bases), ""):
            found[built.id] = hidden
    for symbol in draft.of(Kind.ENVIRONMENT, Action.REFERS):
        component = components.get(symbol.component)
        imported = isinstance(symbol.detail, EnvironmentImported) and symbol.detail.by == "env_file"
        if imported and component is not None and isinstance(symbol.name, Exact):
            if not component.ours:
                found[symbol.name.text] = f"{component.id} is given it, and its code is not here"
            elif component.id in found:
                found.setdefault(symbol.name.text, found[component.id])
    return found


def _judged(
    draft: Draft,
    names: Names,
    name: str,
    by: str,
    own: set[str],
    component: Component | None,
    foreign: str = "",
) -> VariableUse | None:
    """Tell what becomes of one variable; None where that is nobody's business. `foreign` says why code that is not here may
    read it."""
    if component is not None and not component.ours:
        return _of_image(component, name, by)
    if name in names.reads or name in names.code or any(s.name.matches(name) for s in names.patterns):
        return VariableUse(by, "used")
    if component is None and name in names.taken:
        return VariableUse(by, "used")
    candidates = [s for text, s in names.reads.items() if text not in own and s.role is FileRole.PROD]
    if component is None:
        candidates += [s for text, s in names.taken.items() if text not in own]
    meant, close = near(name, candidates)
    if meant is not None and component is not None and str(meant.name) in names.required:
        # That the needed one is missing is the greater fault, and has its own rule.
        return None
    text, at = (str(meant.name), meant.at) if meant is not None else ("", None)
    why = _open(draft, names, component) or foreign
    if known(name) and not (close and alike(name, text) >= 0.9):
        return None
    if name in names.aside and not close:
        return VariableUse(by, "unclear", "a test or a pipeline mentions it", text, at)
    if why and not close:
        return VariableUse(by, "unclear", why, text, at)
    return VariableUse(by, "unused", "", text, at)


def _of_image(component: Component, name: str, by: str) -> VariableUse | None:
    product, _ = parted(component.image) if component.image else (None, None)
    names = of_image(product or "", name)
    if names is None:
        return None
    candidates = [Symbol(Kind.ENVIRONMENT, Action.REFERS, Exact(n), component.declared[0]) for n in sorted(names)]
    meant, _ = near(name, candidates)
    return VariableUse(by, "unused", "", str(meant.name) if meant is not None else "", component.declared[0])


def _open(draft: Draft, names: Names, component: Component | None) -> str:
    """Return why the variables that are read may not all be seen, "" where they are."""
    if names.open:
        return names.open
    unread = next(
        (p for p in draft.problems if p.role is FileRole.PROD and p.at.path.endswith((".py", ".js", ".ts"))), None
    )
    if unread is not None:
        return f"{unread.at.path} cannot be read"
    concerned = [component] if component is not None else [c for c in draft.components if c.ours]
    others = {language for c in concerned for language in c.languages} - _READ_LANGUAGES
    if others:
        return f"code in {min(others)} is not read"
    if component is None and not any(c.languages for c in concerned):
        return "no code that runs was found"
    if component is not None and not component.languages:
        return f"the code of {component.id} was not found"
    return ""
