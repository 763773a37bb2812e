"""What one process may use: the ceilings a drill sets on it."""

import resource
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings for one process and what it starts; None leaves the host's own."""

    open_files: int | None = None
    memory_bytes: int | None = None
    file_bytes: int | None = None
    processor_seconds: int | None = None

    def as_json(self) -> dict[str, int | None]:
        """Return the ceilings by name, as the guardian reads them."""
        return asdict(self)

    def apply(self) -> None:
        """Set the ceilings on the calling process; never above what it may already use."""
        for kind, ceiling in (
            (resource.RLIMIT_NOFILE, self.open_files),
            (resource.RLIMIT_AS, self.memory_bytes),
            (resource.RLIMIT_FSIZE, self.file_bytes),
            (resource.RLIMIT_CPU, self.processor_seconds),
        ):
            if ceiling is None:
                continue
            _, hard = resource.getrlimit(kind)
            allowed = ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard)
            resource.setrlimit(kind, (allowed, allowed))
