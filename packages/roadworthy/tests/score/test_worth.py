"""What rules are worth adds up to the hundred points, and orders the findings."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.certify import catalogue
from roadworthy.model.shape import Shape
from roadworthy.score.policy import policy
from roadworthy.score.worth import worth


@given(st.builds(Shape))
def test_expected_rules_add_up_to_a_hundred_points(shape: Shape) -> None:
    entries = catalogue()
    found = worth(entries, shape, policy())

    whole = sum(
        (
            found.get((e.rule, e.kind), Fraction(0))
            for e in entries
            if not e.presence and policy().expected(e.family, shape)
        ),
        Fraction(0),
    )

    assert whole <= 100
    without_presence = [e for e in entries if not e.presence]
    assert sum(
        points
        for (rule, kind), points in worth(without_presence, shape, policy()).items()
        for e in without_presence
        if (e.rule, e.kind) == (rule, kind) and policy().expected(e.family, shape)
    ) == Fraction(100)


def test_a_presence_rule_is_worth_its_family() -> None:
    entries = catalogue()
    found = worth(entries, Shape(), policy())
    presence = next(e for e in entries if e.rule == "monitoring/missing-alerts")
    family = [e for e in entries if e.family is presence.family and not e.presence and e.kind is presence.kind]

    assert found[presence.rule, presence.kind] >= sum(found[e.rule, e.kind] for e in family)
