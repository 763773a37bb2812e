"""A scaffolded rule is found by the catalogue, and fails until it is written."""

import importlib.util
import sys
from pathlib import Path

import pytest

from roadworthy.model.drill import DrillRule
from roadworthy.model.rule import Rule
from tools import new


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(new, "ROOT", tmp_path)
    monkeypatch.setattr(new, "PACKAGE", tmp_path / "package")
    return tmp_path


@pytest.mark.parametrize(("kind", "rule"), [("check", Rule), ("drill", DrillRule)])
def test_scaffold_is_a_module_of_its_kind(
    package: Path, monkeypatch: pytest.MonkeyPatch, kind: str, rule: type
) -> None:
    monkeypatch.setattr(sys, "argv", ["new.py", kind, "monitoring/silent-thing"])

    assert new.main() == 0

    path = package / "package" / "src" / "roadworthy" / f"{kind}s" / "monitoring" / "silent_thing.py"
    spec = importlib.util.spec_from_file_location("scaffold", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert isinstance(module.RULE, rule)
    assert callable(getattr(module, kind))


def test_nothing_is_overwritten(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["new.py", "check", "errors/thing"])

    assert new.main() == 0
    assert new.main() == 2
    assert package.exists()


@pytest.mark.parametrize("wrong", ["thing", "nonsense/thing", "errors/", "errors/No Thing", "errors/../x"])
def test_wrong_id_is_refused(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["new.py", "check", wrong])

    assert new.main() == 2
    assert wrong in capsys.readouterr().out
    assert list(package.iterdir()) == []
