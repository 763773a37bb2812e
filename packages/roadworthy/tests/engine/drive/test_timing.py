"""What a duration proves."""

import pytest

from roadworthy.engine.drive.timing import Timing, Verdict


@pytest.mark.parametrize(
    ("timing", "verdict"),
    [
        (Timing(limit=4, measured=3.9, delay=0.0, control=0.1), Verdict.HOLDS),
        (Timing(limit=4, measured=5.0, delay=0.0, control=0.1), Verdict.UNCLEAR),
        (Timing(limit=4, measured=8.1, delay=0.0, control=0.1), Verdict.BROKEN),
        (Timing(limit=4, measured=None, delay=0.0, control=0.1), Verdict.BROKEN),
        (Timing(limit=4, measured=None, delay=1.5, control=0.1), Verdict.UNCLEAR),
        (Timing(limit=4, measured=None, delay=0.0, control=2.5), Verdict.UNCLEAR),
        (Timing(limit=4, measured=0.1, delay=9.0, control=9.0), Verdict.HOLDS),
    ],
)
def test_only_a_duration_past_its_margin_on_a_quiet_host_is_broken(timing: Timing, verdict: Verdict) -> None:
    assert timing.verdict is verdict
    assert timing.why or verdict is not Verdict.UNCLEAR
