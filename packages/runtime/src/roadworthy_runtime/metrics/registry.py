"""Every metric this process declares, by name."""

import threading

from roadworthy_runtime import contract
from roadworthy_runtime.metrics.family import Family, Reading

_SUFFIXES = ("_bucket", "_sum", "_count")


class Registry:
    """Names are unique; declaring the same metric again gives the same numbers."""

    def __init__(self) -> None:
        self._families: dict[str, Family] = {}
        self._lock = threading.Lock()

    def declare(
        self,
        kind: str,
        name: str,
        help_text: str,
        labels: tuple[str, ...],
        max_series: int,
        buckets: tuple[float, ...] = (),
    ) -> Family:
        """Given a declaration, return its family; raise ValueError when the name is taken or the form is wrong."""
        if name in contract.METRICS:
            raise ValueError(f"metric {name!r}: the runtime exports this one already")
        family = Family(kind, name, help_text, labels, max_series, buckets)
        with self._lock:
            known = self._families.get(name)
            if known is None:
                clash = self._clash(kind, name)
                if clash:
                    raise ValueError(f"metric {name!r}: its series collide with those of {clash!r}")
                self._families[name] = family
                return family
        if (known.kind, known.labels, known.buckets) != (kind, labels, buckets):
            raise ValueError(
                f"metric {name!r}: declared before as {known.kind} with labels {known.labels}, "
                f"here as {kind} with labels {labels}"
            )
        return known

    def _clash(self, kind: str, name: str) -> str | None:
        taken = {
            f"{other.name}{s}": other.name for other in self._families.values() if other.buckets for s in _SUFFIXES
        }
        taken |= {
            f"{own}{s}": own for own, (k, _, _) in contract.METRICS.items() if k == "histogram" for s in _SUFFIXES
        }
        if name in taken:
            return taken[name]
        if kind == "histogram":
            names = set(self._families) | set(contract.METRICS)
            return next((f"{name}{s}" for s in _SUFFIXES if f"{name}{s}" in names), None)
        return None

    def read(self) -> list[Reading]:
        """Every family at this moment, in the order of declaration."""
        with self._lock:
            families = list(self._families.values())
        return [family.read() for family in families]


REGISTRY = Registry()
