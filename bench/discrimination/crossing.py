"""Which rules are about two artifacts."""

import tomllib
from functools import cache

from bench.discrimination.mutant import HERE


@cache
def crossing() -> frozenset[str]:
    """Return the rules whose findings must show at least two places."""
    return frozenset(tomllib.loads((HERE / "crossing.toml").read_text(encoding="utf-8"))["rules"])
