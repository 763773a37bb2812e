"""Which running thing an artifact is about."""

from dataclasses import dataclass
from enum import StrEnum

from roadworthy.model.place import Span
from roadworthy.model.words import FileRole


class ComponentKind(StrEnum):
    """What a component does."""

    SERVICE = "service"
    WORKER = "worker"
    JOB = "job"
    STORE = "store"
    CACHE = "cache"
    PROXY = "proxy"
    MONITORING = "monitoring"
    EXPORTER = "exporter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Component:
    """One running thing.

    `sources` are the folders its code lies in ("" is the root; empty when its code is not in this repository),
    `image` what it runs ("" when unknown), `dockerfiles` what builds it, `declared` every place that declares it,
    `languages` those of its code.
    """

    id: str
    kind: ComponentKind
    role: FileRole
    declared: tuple[Span, ...]
    image: str = ""
    dockerfiles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Tell whether this repository holds what the component is built from."""
        return bool(self.sources or self.dockerfiles)
