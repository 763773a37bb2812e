"""What `--format sarif` writes follows the published schema."""

import copy
import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from roadworthy.engine import certify
from roadworthy.engine.inspect import gather, judge
from roadworthy.report import sarif
from tools.published_schema import sarif_schema
from tools.quality import ROOT


@pytest.mark.parametrize("subject", ["examples/prototype", "lemons/base"])
def test_sarif_follows_the_published_schema(subject: str) -> None:
    facts = gather(ROOT / subject)
    log = json.loads(sarif.render(certify.report(facts, judge(facts), path=str(ROOT / subject))))

    jsonschema.validate(log, sarif_schema())


def test_the_published_schema_refuses_what_is_no_sarif() -> None:
    facts = gather(ROOT / "examples" / "prototype")
    log = json.loads(sarif.render(certify.report(facts, judge(facts), path=str(ROOT / "examples" / "prototype"))))
    wrong = copy.deepcopy(log)
    wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, sarif_schema())


def test_every_side_has_a_place_and_an_identity_that_outlives_moved_lines(tmp_path: Path) -> None:
    before = ROOT / "examples" / "prototype"
    after = shutil.copytree(before, tmp_path / "prototype", ignore=shutil.ignore_patterns(".roadworthy"))
    rules = after / "prometheus" / "alerts.yml"
    rules.write_text("# moved\n\n" + rules.read_text(encoding="utf-8"), encoding="utf-8")

    first, second = (
        json.loads(sarif.render(certify.report(facts, judge(facts), path=str(root))))["runs"][0]["results"]
        for root in (before, after)
        for facts in [gather(root)]
    )

    assert [r["partialFingerprints"] for r in first] == [r["partialFingerprints"] for r in second]
    unknown = next(r for r in first if r["ruleId"] == "monitoring/unknown-metric")
    assert len(unknown["locations"]) == 1
    assert unknown["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app/main.py"
