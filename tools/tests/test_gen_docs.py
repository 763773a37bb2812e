"""The reference is written from the code, and a stale page is noticed."""

import sys
from pathlib import Path

import pytest

from tools import gen_docs


def test_reference_is_as_the_code_says(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["gen_docs.py", "--check"])

    assert gen_docs.main() == 0, capsys.readouterr().out


def test_stale_and_orphaned_pages_are_named_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = tmp_path / "docs" / "reference"
    (reference / "rules").mkdir(parents=True)
    (tmp_path / "README.md").write_text("no output here\n")
    (reference / "rules" / "gone.md").write_text("of a rule that is no more")
    monkeypatch.setattr(gen_docs, "ROOT", tmp_path)
    monkeypatch.setattr(gen_docs, "REFERENCE", reference)
    monkeypatch.setattr(sys, "argv", ["gen_docs.py", "--check"])

    assert gen_docs.main() == 1
    said = capsys.readouterr().out
    assert "docs/reference/rules/gone.md is stale" in said
    assert "docs/reference/score.md is stale" in said

    monkeypatch.setattr(sys, "argv", ["gen_docs.py"])
    assert gen_docs.main() == 0
    assert not (reference / "rules" / "gone.md").exists()
    monkeypatch.setattr(sys, "argv", ["gen_docs.py", "--check"])
    assert gen_docs.main() == 0
