"""Every drill fails its lemon, passes the sound base, and proves nothing when nothing was done."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from roadworthy.engine.catalogue import drills
from roadworthy.engine.drive import Driven, drive
from roadworthy.model.event import Event, EventKind
from roadworthy.model.words import Outcome
from tools.lemon import LEMONS, description, materialise, names

BASE = LEMONS / "base"
SEED = 11


async def driven(root: Path, run_folder: Path, *, only: str | None = None, faults_off: bool = False) -> Driven:
    run_folder.mkdir()  # noqa: ASYNC240 - nothing else runs yet
    return await drive(
        root,
        only=only,
        smoke=False,
        seed=SEED,
        run_folder=run_folder,
        on_event=lambda event: None,
        faults_off=faults_off,
    )


def told(result: Driven) -> dict[str, str]:
    return {each.rule: f"{each.outcome}: {each.reason}" for each in result.results}


async def test_sound_service_passes_every_drill(tmp_path: Path) -> None:
    result = await driven(BASE, tmp_path / "run")

    assert [rule for rule, said in told(result).items() if not said.startswith("passed")] == [], told(result)
    assert {each.rule for each in result.results} == {drill.id for drill in drills()}


async def test_no_drill_proves_anything_when_its_intervention_does_nothing(tmp_path: Path) -> None:
    result = await driven(BASE, tmp_path / "run", faults_off=True)

    assert {each.outcome for each in result.results} == {Outcome.INCONCLUSIVE}, told(result)
    assert all(each.reason.startswith("the intervention did not bite") for each in result.results), told(result)


@pytest.mark.parametrize("name", names())
async def test_lemon_fails_its_drill(name: str, tmp_path: Path) -> None:
    root = materialise(name, tmp_path / name)
    for rule in description(name)["fails"]:
        result = await driven(root, tmp_path / "run", only=rule)

        assert result.results[0].outcome is Outcome.FAILED, told(result)
        assert result.results[0].findings
        assert result.results[0].findings[0].repair


def test_every_drill_has_a_lemon() -> None:
    failing = {rule for name in names() for rule in description(name)["fails"]}

    assert failing == {drill.id for drill in drills()}


async def test_run_leaves_journal_and_evidence_without_secrets(tmp_path: Path) -> None:
    root = materialise("leaked-secret", tmp_path / "lemon")

    result = await driven(root, tmp_path / "run", only="secrets/leaked-secret")

    events = [json.loads(line) for line in (tmp_path / "run" / "journal.jsonl").read_text().splitlines()]
    assert [event["phase"] for event in events if event["kind"] == EventKind.PHASE] == [
        "control",
        "disruption",
        "recovery",
    ]
    assert Event(**{**events[0], "kind": EventKind(events[0]["kind"])}).says.startswith("notes: 1 drills")
    for evidence in result.results[0].evidence:
        data = (tmp_path / "run" / evidence.path).read_bytes()
        assert sha256(data).hexdigest() == evidence.sha256
        assert b"cnry" not in data
    assert "[canary in the query string]" in (tmp_path / "run" / result.results[0].evidence[1].path).read_text()
    assert result.results[0].repeat == f"roadworthy drive {root} --only secrets/leaked-secret --seed {SEED}"
