"""The score as a property: fixed denominator, caps, monotone."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.certify import catalogue
from roadworthy.model.entry import Entry
from roadworthy.model.report import Unread
from roadworthy.model.result import Result, TrialKind
from roadworthy.model.shape import Shape
from roadworthy.model.words import Criterion, Family, Outcome, Severity, Verdict
from roadworthy.score.policy import policy
from roadworthy.score.score import score
from roadworthy.score.verdict import verdict

EVERYTHING = Shape(store=True, user_interface=True, personal_data=True, outgoing_calls=True)
FAMILIES = [family for family in Family if not policy().optional(family)]


def _catalogue() -> tuple[Entry, ...]:
    entries = []
    for number, criterion in enumerate(Criterion):
        family = FAMILIES[number % len(FAMILIES)]
        entries.append(Entry(f"{criterion}/a", TrialKind.CHECK, criterion, Severity.MAJOR, family, presence=True))
        entries.append(Entry(f"{criterion}/b", TrialKind.CHECK, criterion, Severity.MINOR, family))
        entries.append(Entry(f"{criterion}/c", TrialKind.DRILL, criterion, Severity.DANGEROUS, family))
        entries.append(Entry(f"{criterion}/o", TrialKind.CHECK, criterion, Severity.MAJOR, Family.KUBERNETES))
    return tuple(entries)


ENTRIES = _catalogue()


def _result(entry: Entry, outcome: Outcome) -> Result:
    return Result(
        entry.rule, entry.criterion, entry.severity, entry.family, entry.kind, outcome, "", presence=entry.presence
    )


def _results(outcomes: list[Outcome]) -> list[Result]:
    return [_result(entry, outcome) for entry, outcome in zip(ENTRIES, outcomes, strict=True)]


outcomes = st.lists(st.sampled_from(list(Outcome)), min_size=len(ENTRIES), max_size=len(ENTRIES))


def test_points_of_the_policy_add_up_to_a_hundred() -> None:
    assert sum(policy().points.values()) == 100


def test_all_passed_scores_a_hundred_and_is_roadworthy() -> None:
    results = _results([Outcome.PASSED] * len(ENTRIES))

    points = score(results, ENTRIES, EVERYTHING, policy())

    assert points.total == 100
    assert verdict(points, results, ENTRIES, EVERYTHING, policy()) is Verdict.ROADWORTHY


@given(outcomes)
def test_denominator_does_not_depend_on_the_results(drawn: list[Outcome]) -> None:
    points = score(_results(drawn), ENTRIES, EVERYTHING, policy())

    assert [c.possible for c in points.criteria] == [policy().points[c.id] for c in points.criteria]
    assert all(0 <= c.earned <= c.possible for c in points.criteria)
    assert all(c.inspected + c.driven == c.earned for c in points.criteria)


@given(outcomes, st.integers(0, len(ENTRIES) - 1), st.sampled_from(list(Outcome)))
def test_one_more_defect_never_raises_the_total(drawn: list[Outcome], place: int, before: Outcome) -> None:
    whole = list(drawn)
    whole[place] = before
    broken = list(whole)
    broken[place] = Outcome.FAILED

    assert (
        score(_results(broken), ENTRIES, EVERYTHING, policy()).total
        <= score(_results(whole), ENTRIES, EVERYTHING, policy()).total
    )


@given(outcomes, st.integers(0, len(ENTRIES) - 1))
def test_leaving_a_rule_untried_never_beats_passing_it(drawn: list[Outcome], place: int) -> None:
    passed = list(drawn)
    passed[place] = Outcome.PASSED
    left_out = [r for number, r in enumerate(_results(drawn)) if number != place]

    assert (
        score(left_out, ENTRIES, EVERYTHING, policy()).total
        <= score(_results(passed), ENTRIES, EVERYTHING, policy()).total
    )


@given(outcomes)
def test_open_findings_cap_the_total_and_forbid_the_verdict(drawn: list[Outcome]) -> None:
    results = _results(drawn)
    points = score(results, ENTRIES, EVERYTHING, policy())
    failed = {r.severity for r in results if r.outcome is Outcome.FAILED}

    if Severity.DANGEROUS in failed:
        assert points.total <= 49
    if Severity.MAJOR in failed:
        assert points.total <= 74
    if failed & {Severity.DANGEROUS, Severity.MAJOR}:
        assert verdict(points, results, ENTRIES, EVERYTHING, policy()) is Verdict.NOT_ROADWORTHY


@given(outcomes)
def test_optional_artifacts_never_earn(drawn: list[Outcome]) -> None:
    results = _results(drawn)
    without = [r for r in results if r.family is not Family.KUBERNETES]
    passed = [replace(r, outcome=Outcome.PASSED) if r.family is Family.KUBERNETES else r for r in results]

    assert score(passed, ENTRIES, EVERYTHING, policy()).total == score(without, ENTRIES, EVERYTHING, policy()).total


def test_nothing_driven_caps_at_55_and_proves_nothing() -> None:
    results = [_result(entry, Outcome.PASSED) for entry in ENTRIES if entry.kind is TrialKind.CHECK]

    points = score(results, ENTRIES, EVERYTHING, policy())

    assert points.total <= 55
    assert points.cap is not None
    assert verdict(points, results, ENTRIES, EVERYTHING, policy()) is Verdict.NOT_PROVED


def test_no_component_scores_nothing() -> None:
    results = _results([Outcome.PASSED] * len(ENTRIES))

    assert score(results, ENTRIES, EVERYTHING, policy(), components=0).total == 0


def test_unread_production_file_caps_as_the_worst_rule_it_silences() -> None:
    results = _results([Outcome.PASSED] * len(ENTRIES))
    unread = [Unread("compose.yaml", 3, "broken", production=True, silences=Severity.DANGEROUS)]

    points = score(results, ENTRIES, EVERYTHING, policy(), unread=unread)

    assert points.total == 49
    assert verdict(points, results, ENTRIES, EVERYTHING, policy(), unread=unread) is Verdict.NOT_ROADWORTHY


def test_drill_that_decided_wins_over_the_check_of_the_same_rule() -> None:
    entries = (
        Entry("monitoring/x", TrialKind.CHECK, Criterion.MONITORING, Severity.MAJOR, Family.PROBES),
        Entry("monitoring/x", TrialKind.DRILL, Criterion.MONITORING, Severity.MAJOR, Family.PROBES),
    )
    results = [_result(entries[0], Outcome.FAILED), _result(entries[1], Outcome.PASSED)]

    points = score(results, entries, EVERYTHING, policy())

    assert points.cap is None
    assert points.total == 100


def test_absent_family_earns_nothing_by_reading() -> None:
    entries = (
        Entry("tests/missing", TrialKind.CHECK, Criterion.TESTS, Severity.MAJOR, Family.TESTS, presence=True),
        Entry("tests/other", TrialKind.CHECK, Criterion.TESTS, Severity.MAJOR, Family.TESTS),
    )
    results = [_result(entries[0], Outcome.FAILED), _result(entries[1], Outcome.PASSED)]

    assert score(results, entries, EVERYTHING, policy()).criteria[0].earned == Fraction(0)


def test_every_criterion_can_be_earned_by_every_shape_that_has_it() -> None:
    for criterion in Criterion:
        families = {e.family for e in catalogue() if e.criterion is criterion}
        assert any(policy().expected(family, EVERYTHING) for family in families), criterion


@given(outcomes, st.integers(0, len(ENTRIES) - 1))
def test_passing_is_worth_no_less_than_having_nothing_to_examine_and_that_no_less_than_failing(
    drawn: list[Outcome], place: int
) -> None:
    totals = []
    for outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE, Outcome.FAILED):
        changed = list(drawn)
        changed[place] = outcome
        points = score(_results(changed), ENTRIES, EVERYTHING, policy())
        totals.append((points.total, points.inspected + points.driven))

    assert totals == sorted(totals, reverse=True)


def test_a_column_in_which_nothing_was_examined_earns_nothing() -> None:
    entry = Entry("tests/a", TrialKind.CHECK, Criterion.TESTS, Severity.MAJOR, Family.SOURCE)

    points = score([_result(entry, Outcome.NOT_APPLICABLE)], [entry], EVERYTHING, policy())

    assert points.criteria[0].earned == 0
    assert points.criteria[0].possible == policy().points[Criterion.TESTS]
