"""The demonstration tells a subject that ended as it must from one that did not."""

import json
from pathlib import Path

import pytest

from tools.demo import Expected, judged

LEMON = Expected(1, "not roadworthy", "errors/dependency-hangs")


@pytest.mark.parametrize(
    ("code", "verdict", "failed", "wrong"),
    [
        (1, "not roadworthy", ["errors/dependency-hangs"], 0),
        (1, "not roadworthy", ["scalability/lost-write"], 1),
        (1, "not proved", ["errors/dependency-hangs"], 1),
        (70, "not proved", [], 2),
    ],
)
def test_lemon_must_fail_by_its_own_drill(
    tmp_path: Path, code: int, verdict: str, failed: list[str], wrong: int
) -> None:
    results = [{"rule": rule, "outcome": "failed", "kind": "drill"} for rule in failed]
    results += [{"rule": "x/y", "outcome": "passed", "kind": "check"}]
    results += [{"rule": str(LEMON.failed), "outcome": "failed", "kind": "check"}]
    (tmp_path / "report.json").write_text(json.dumps({"verdict": verdict, "score": {"total": 49}, "results": results}))

    lines = judged("lemon", code, tmp_path, LEMON)

    assert sum("WRONG" in line for line in lines) == wrong
