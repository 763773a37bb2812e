"""A finding explains itself by the facts it rests on and by what was looked for."""

from pathlib import Path

import pytest

from roadworthy.engine import certify
from roadworthy.engine.explain import explanation, found
from roadworthy.engine.inspect import gather, judge
from roadworthy.model.error import RoadworthyError

PROTOTYPE = Path(__file__).resolve().parents[4] / "examples" / "prototype"


def test_the_missing_definition_and_the_nearest_one_are_named() -> None:
    facts = gather(PROTOTYPE)
    report = certify.report(facts, judge(facts), path=str(PROTOTYPE))
    identity = next(r for r in report.ranked() if r.rule == "monitoring/unknown-metric").findings[0].fingerprint

    text = "\n".join(explanation(facts, report, *found(report, identity[:8])))

    assert "fact: refers metric `http_request_duration_seconds_bucket`" in text
    assert "metric `http_request_duration_seconds_bucket`: not among the" in text
    assert "nearest: `shop_request_duration_seconds_bucket` (other spelling) at app/main.py:13:22" in text


@pytest.mark.parametrize("identity", ["ffffffffffffffff", "", "0", "zzzz"])
def test_an_id_of_no_finding_is_a_clear_error(identity: str) -> None:
    facts = gather(PROTOTYPE)
    report = certify.report(facts, judge(facts), path=str(PROTOTYPE))

    with pytest.raises(RoadworthyError, match="no finding of the last run"):
        found(report, identity)
