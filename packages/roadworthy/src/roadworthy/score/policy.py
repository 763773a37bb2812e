"""Reads the policy."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from importlib.resources import files

from roadworthy.model.shape import Shape
from roadworthy.model.words import Criterion, Family, Severity


@dataclass(frozen=True)
class Policy:
    """`weights.toml`, typed. Points and shares are exact fractions."""

    points: Mapping[Criterion, Fraction]
    share: Mapping[Severity, Fraction]
    subtract: Mapping[Severity, Fraction]
    inspected: Fraction
    driven: Fraction
    always: frozenset[Family]
    by_trait: Mapping[str, frozenset[Family]]
    cap_dangerous: int
    cap_major: int
    cap_nothing_driven: int
    cap_no_component: int
    roadworthy_from: int

    def expected(self, family: Family, shape: Shape) -> bool:
        """Tell whether a service of this shape must have this family."""
        return family in self.always or any(
            getattr(shape, trait) and family in families for trait, families in self.by_trait.items()
        )

    def optional(self, family: Family) -> bool:
        """Tell whether no shape must have this family."""
        return family not in self.always and not any(family in families for families in self.by_trait.values())


@cache
def policy() -> Policy:
    """Return the policy that ships with this version."""
    return read(files("roadworthy.score").joinpath("weights.toml").read_text(encoding="utf-8"))


def read(text: str) -> Policy:
    """Read a policy; raise KeyError or ValueError where it is not whole."""
    data = tomllib.loads(text)
    return Policy(
        points={criterion: Fraction(data["points"][criterion]) for criterion in Criterion},
        share={severity: Fraction(data["share"][severity]) for severity in Severity},
        subtract={severity: Fraction(data["subtract"][severity]) for severity in Severity},
        inspected=Fraction(data["columns"]["inspected"]),
        driven=Fraction(data["columns"]["driven"]),
        always=frozenset(Family(name) for name in data["expected"]["always"]),
        by_trait={
            trait.name: frozenset(Family(name) for name in data["expected"].get(trait.name, ()))
            for trait in fields(Shape)
        },
        cap_dangerous=data["cap"]["dangerous"],
        cap_major=data["cap"]["major"],
        cap_nothing_driven=data["cap"]["nothing_driven"],
        cap_no_component=data["cap"]["no_component"],
        roadworthy_from=data["verdict"]["roadworthy_from"],
    )
