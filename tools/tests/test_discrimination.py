"""The benchmark of mutants: it describes what it says, its table is of these rules, and what it says is caught is caught."""

import random
from pathlib import Path

import pytest

from bench.discrimination import page, stored
from bench.discrimination.judge import copy_of, planted, tried
from bench.discrimination.mutant import Mutant, mutants, twins

SEED = 20260101
SLICE = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutants")


def test_there_are_enough_mutants_of_every_twin() -> None:
    all_of_them = mutants()

    assert len(all_of_them) >= 150
    assert len({mutant.rule for mutant in all_of_them}) >= 70
    assert all(sum(mutant.twin == twin for mutant in all_of_them) >= 40 for twin in twins())


@pytest.mark.parametrize("twin", twins())
def test_every_edit_fits_its_twin_and_is_mended(twin: str, folder: Path) -> None:
    root = copy_of(twin, folder)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    for mutant in mutants():
        if mutant.twin == twin:
            with planted(mutant, root):
                pass

    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_a_text_that_is_not_there_once_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("twice twice", encoding="utf-8")

    with pytest.raises(ValueError, match="stands 2 times in file, not once"):
        Mutant("tests/idle-test", "x", "fastapi", "file", old="twice").apply(tmp_path)


def test_the_table_is_of_these_rules_and_mutants() -> None:
    assert stored.read().fresh, "run: python -m bench discrimination"


def test_the_page_shows_what_is_stored() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.NOTE + page.text()


def test_what_the_table_says_is_caught_is_caught(folder: Path) -> None:
    kept = {judgement.id: judgement for judgement in stored.read().judged}
    some = random.Random(SEED).sample(mutants(), SLICE)  # noqa: S311 - a slice that can be repeated

    for mutant in sorted(some, key=lambda mutant: mutant.twin):
        now = tried(mutant, folder)
        before = kept[mutant.id]
        assert now.complete or not before.complete, f"{mutant.id} is no longer caught"
        assert set(now.flipped) <= set(before.flipped), f"{mutant.id} flips {now.flipped}"
