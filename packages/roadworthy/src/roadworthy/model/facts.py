"""All that a check sees."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from roadworthy.model.component import Component, ComponentKind
from roadworthy.model.detail import Detail
from roadworthy.model.place import Span
from roadworthy.model.resolution import CannotTell, Met, Resolution, nearest
from roadworthy.model.shape import Shape
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Pattern, Symbol, Unreadable
from roadworthy.model.words import FileRole


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that states something. `kind` is the name of the collector that read it."""

    path: str
    kind: str
    role: FileRole = FileRole.PROD


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a part of one, that could not be read; `hides` are the kinds of symbol it may hold."""

    at: Span
    why: str
    hides: frozenset[Kind]
    role: FileRole = FileRole.PROD


@dataclass(frozen=True)
class Facts:
    """The linked statements of one repository.

    `files` are the paths of every indexed file, read or not, in order.
    """

    name: str
    commit: str | None
    files: tuple[str, ...]
    artifacts: tuple[Artifact, ...]
    problems: tuple[Problem, ...]
    components: tuple[Component, ...]
    symbols: tuple[Symbol, ...]
    opens: tuple[Open, ...]
    shape: Shape

    @cached_property
    def _by_kind(self) -> dict[tuple[Kind, Action], list[Symbol]]:
        found: dict[tuple[Kind, Action], list[Symbol]] = defaultdict(list)
        for symbol in self.symbols:
            found[symbol.kind, symbol.action].append(symbol)
        return found

    @cached_property
    def _all(self) -> dict[tuple[Kind, Action], tuple[Symbol, ...]]:
        return {key: tuple(symbols) for key, symbols in self._by_kind.items()}

    @cached_property
    def _by_component(self) -> dict[tuple[Kind, Action], dict[str, list[tuple[int, Symbol]]]]:
        """Each symbol with its place among those of its kind, so that those of two components can be put in order."""
        found: dict[tuple[Kind, Action], dict[str, list[tuple[int, Symbol]]]] = {}
        for key, symbols in self._by_kind.items():
            components: dict[str, list[tuple[int, Symbol]]] = defaultdict(list)
            for number, symbol in enumerate(symbols):
                components[symbol.component].append((number, symbol))
            found[key] = dict(components)
        return found

    @cached_property
    def _by_detail(self) -> dict[tuple[Kind, Action, type], list[Symbol]]:
        found: dict[tuple[Kind, Action, type], list[Symbol]] = defaultdict(list)
        for symbol in self.symbols:
            found[symbol.kind, symbol.action, type(symbol.detail)].append(symbol)
        return dict(found)

    @cached_property
    def _exact(self) -> dict[tuple[Kind, str], list[Symbol]]:
        found: dict[tuple[Kind, str], list[Symbol]] = defaultdict(list)
        for symbol in self.symbols:
            if symbol.action is Action.DEFINES and isinstance(symbol.name, Exact):
                found[symbol.kind, symbol.name.text].append(symbol)
        return found

    @cached_property
    def _patterns(self) -> dict[Kind, list[Symbol]]:
        found: dict[Kind, list[Symbol]] = defaultdict(list)
        for symbol in self.symbols:
            if symbol.action is Action.DEFINES and isinstance(symbol.name, Pattern):
                found[symbol.kind].append(symbol)
        return found

    @cached_property
    def _opens(self) -> dict[Kind, list[Open]]:
        found: dict[Kind, list[Open]] = defaultdict(list)
        for opening in self.opens:
            found[opening.kind].append(opening)
        return found

    @cached_property
    def _indexed_files(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def _folders(self) -> frozenset[str]:
        found: set[str] = set()
        for file in self.files:
            folder = file.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def _components(self) -> dict[str, Component]:
        return {component.id: component for component in reversed(self.components)}

    @cached_property
    def _artifacts_by_kind(self) -> dict[str, list[tuple[int, Artifact]]]:
        found: dict[str, list[tuple[int, Artifact]]] = defaultdict(list)
        for number, artifact in enumerate(self.artifacts):
            found[artifact.kind].append((number, artifact))
        return dict(found)

    def has_file(self, path: str) -> bool:
        """Tell whether the repository holds a file at this path, relative to its root."""
        return path in self._indexed_files

    def has_folder(self, path: str) -> bool:
        """Tell whether the repository holds a folder at this path, relative to its root."""
        return path in ("", ".") or path.rstrip("/") in self._folders

    def component(self, id: str) -> Component | None:  # noqa: A002 - the field's own name
        """Return the component with this id."""
        return self._components.get(id)

    @cached_property
    def services(self) -> tuple[Component, ...]:
        """The services of production that are built here, the one that matters most first: it answers requests, shares
        its code with workers, is deployed, and stands at the top of the repository."""
        routed = {s.component for s in self._by_kind[Kind.PATH, Action.DEFINES]}
        deployed = {s.component for s in self._by_kind[Kind.SERVICE, Action.DEFINES]}
        aside = {c.sources for c in self.components if c.kind in (ComponentKind.WORKER, ComponentKind.JOB)}
        found = [c for c in self.components if c.kind is ComponentKind.SERVICE and c.ours and c.role is FileRole.PROD]

        def rank(one: Component) -> tuple[bool, ...]:
            return one.id not in routed, one.sources not in aside, one.id not in deployed, "/" in one.id

        return tuple(sorted(found, key=rank))

    def artifacts_of(self, *kinds: str) -> tuple[Artifact, ...]:
        """Return the artifacts that collectors of these names read, in path order."""
        found = [item for kind in dict.fromkeys(kinds) for item in self._artifacts_by_kind.get(kind, ())]
        return tuple(artifact for _, artifact in sorted(found, key=itemgetter(0)))

    def artifacts_at(self, path: str) -> tuple[Artifact, ...]:
        """Return what collectors read at a path."""
        return self._artifacts_by_path.get(path, ())

    @cached_property
    def _artifacts_by_path(self) -> dict[str, tuple[Artifact, ...]]:
        found: dict[str, list[Artifact]] = defaultdict(list)
        for artifact in self.artifacts:
            found[artifact.path].append(artifact)
        return {path: tuple(artifacts) for path, artifacts in found.items()}

    def definitions(self, kind: Kind, component: str = "") -> tuple[Symbol, ...]:
        """Return what defines names of this kind, for one component (and for all) or, with "", everywhere."""
        return self._of(kind, Action.DEFINES, component)

    def references(self, kind: Kind, component: str = "") -> tuple[Symbol, ...]:
        """Return what refers to names of this kind, for one component (and for all) or, with "", everywhere."""
        return self._of(kind, Action.REFERS, component)

    def _of(self, kind: Kind, action: Action, component: str) -> tuple[Symbol, ...]:
        if not component:
            return self._all.get((kind, action), ())
        components = self._by_component.get((kind, action), {})
        own, shared = components.get(component, ()), components.get("", ())
        both = sorted([*own, *shared], key=itemgetter(0)) if own and shared else own or shared
        return tuple(symbol for _, symbol in both)

    def openings(self, kind: Kind, component: str = "") -> tuple[Open, ...]:
        """Return why the set of definitions of this kind may have members that were not seen."""
        return tuple(o for o in self._opens[kind] if concerns(o.component, component))

    def resolve(self, reference: Symbol) -> Resolution:
        """Look a reference up among the definitions of its kind and component.

        Return Met with what defines it; CannotTell where the name is unreadable or the set of definitions is open;
        otherwise Missing, with the nearest definitions and the rung of the ladder on which they differ.
        """
        if isinstance(reference.name, Unreadable):
            return CannotTell(Open(reference.kind, reference.component, reference.name.why, reference.at))
        # Many checks ask for the same name, and looking for what is like it is dear.
        key = (reference.kind, reference.name, reference.component, reference.phase, reference.role)
        if key not in self._resolved:
            self._resolved[key] = self._looked_up(reference)
        return self._resolved[key]

    @cached_property
    def _resolved(self) -> dict[tuple[Kind, Name, str, str, FileRole], Resolution]:
        return {}

    def _looked_up(self, reference: Symbol) -> Resolution:
        met: tuple[Symbol, ...] = ()
        match reference.name:
            case Exact(text):
                met = self._defining(reference, text)
            case Pattern() as pattern:
                met = tuple(
                    s
                    for s in self.definitions(reference.kind, reference.component)
                    if isinstance(s.name, Exact) and pattern.matches(s.name.text) and counts(s, reference)
                )
        if met:
            return Met(met)
        name = str(reference.name)
        for opening in self.openings(reference.kind, reference.component):
            if opening.covers is None or isinstance(reference.name, Pattern) or opening.covers.matches(name):
                return CannotTell(opening)
        candidates = self.definitions(reference.kind, reference.component)
        return nearest(name, [s for s in candidates if counts(s, reference)])

    def _defining(self, reference: Symbol, text: str) -> tuple[Symbol, ...]:
        found = self._exact[reference.kind, text]
        exact = tuple(s for s in found if concerns(s.component, reference.component) and counts(s, reference))
        if exact:
            return exact
        return tuple(
            s
            for s in self._patterns[reference.kind]
            if concerns(s.component, reference.component) and s.name.matches(text) and counts(s, reference)
        )

    def details(self, kind: Kind, action: Action, detail: type[Detail]) -> Iterator[Symbol]:
        """Yield the symbols of this kind whose detail is of this type."""
        return iter(self._by_detail.get((kind, action, detail), ()))


def concerns(of: str, component: str) -> bool:
    """Tell whether a statement about component `of` counts for `component`; "" on either side means all."""
    return not of or not component or of == component


def counts(definition: Symbol, reference: Symbol) -> bool:
    """Tell whether a definition may meet a reference: what is not for production cannot meet what is, and a variable
    given at another time (to a build, by a file nothing imports) is not there."""
    if reference.role is FileRole.PROD and definition.role is not FileRole.PROD:
        return False
    return definition.kind is not Kind.ENVIRONMENT or definition.phase == reference.phase
