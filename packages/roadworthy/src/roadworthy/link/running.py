"""Running things while components are put together from several artifacts."""

from dataclasses import dataclass, field

from roadworthy.link.known_images import basename, known, repository
from roadworthy.model.detail.workload import Workload
from roadworthy.model.place import Span
from roadworthy.model.symbol import Symbol
from roadworthy.model.words import FileRole

_SILENT_FOLDERS = frozenset(
    {"docker", ".docker", "dockerfiles", "build", "deploy", "deployment", "infra", "infrastructure", "src", "ci", ".ci"}
    | {"container", "containers", "image", "images", "packages", "services", "apps", "production", "prod", "compose"}
)


@dataclass(slots=True, eq=False)
class Running:
    """One running thing, growing: the declarations that are about it, and what it is built from.

    `locals` are the pairs of path and local name under which artifacts speak of it. `ends` tells that others wait for its
    end.
    """

    name: str
    folder: str
    declarations: list[Symbol] = field(default_factory=list)
    locals: set[tuple[str, str]] = field(default_factory=set)
    dockerfiles: set[str] = field(default_factory=set)
    contexts: dict[str, str] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    starts: list[str] = field(default_factory=list)
    bases: set[str] = field(default_factory=set)
    ends: bool = False

    def workloads(self, artifact: str = "") -> list[Workload]:
        """Return what declares it, production first."""
        ordered = sorted(self.declarations, key=lambda s: (s.role is not FileRole.PROD, s.at))
        return [s.detail for s in ordered if isinstance(s.detail, Workload) and artifact in ("", s.detail.artifact)]

    @property
    def image(self) -> str:
        """The first image named; "" where none is."""
        return next((workload.image for workload in self.workloads() if workload.image), "")

    @property
    def built(self) -> bool:
        """Tell whether it is built from this repository."""
        return bool(self.dockerfiles) or any(workload.context is not None for workload in self.workloads())

    @property
    def artifacts(self) -> set[str]:
        """The kinds of artifact that declare it."""
        return {workload.artifact for workload in self.workloads()}

    @property
    def role(self) -> FileRole:
        """Production where any declaration is, otherwise that of the first."""
        roles = [symbol.role for symbol in self.declarations]
        return FileRole.PROD if not roles or FileRole.PROD in roles else roles[0]

    @property
    def places(self) -> tuple[Span, ...]:
        """Where it is declared, production first."""
        ordered = sorted(self.declarations, key=lambda s: (s.role is not FileRole.PROD, _is_process(s), s.at))
        return tuple(dict.fromkeys(symbol.at for symbol in ordered))

    def images(self) -> set[str]:
        """Return the names of its images without registry and tag, unreadable ones left out."""
        return {repository(w.image) for w in self.workloads() if w.image and "*" not in repository(w.image)}

    def product(self) -> str:
        """Return the product an image known by name holds, for what is not built here; "" where none."""
        if self.built:
            return ""
        found = known(self.image) if self.image else None
        return found.product if found else ""

    def names(self) -> set[str]:
        """Return the names by which other artifacts may mean it, in one spelling."""
        found = {plain(self.name)}
        found |= {plain(basename(image)) for image in self.images()} if not self.product() else set()
        for path in self.dockerfiles:
            found |= {plain(folder) for folder in telling_folder(path)}
        return found

    def absorb(self, other: "Running") -> None:
        """Take over all that is known of the same thing."""
        self.declarations += other.declarations
        self.locals |= other.locals
        self.dockerfiles |= other.dockerfiles
        self.contexts |= other.contexts
        self.sources |= other.sources
        self.starts += other.starts
        self.bases |= other.bases


def telling_folder(path: str) -> set[str]:
    """Return the innermost folder of a file whose name tells what lies in it, if any."""
    folders = path.split("/")[:-1]
    return {next((f for f in reversed(folders) if f.lower() not in _SILENT_FOLDERS), "")} - {""}


def plain(name: str) -> str:
    """Return a name in one spelling: lower case, dashes, without what only says that it is a deployment."""
    text = name.lower().replace("_", "-").replace(".", "-")
    for ending in ("-deployment", "-deploy", "-svc", "-service", "-statefulset", "-app", "-server", "-container"):
        if text.endswith(ending) and len(text) > len(ending):
            return text.removesuffix(ending)
    return text


def _is_process(symbol: Symbol) -> bool:
    return isinstance(symbol.detail, Workload) and symbol.detail.artifact == "procfile"
