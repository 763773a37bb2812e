"""A lemon is the sound service with one overlay laid over it."""

from pathlib import Path

from tools.lemon import description, materialise, names


def test_overlay_replaces_and_adds_files(tmp_path: Path) -> None:
    for path, text in {
        "base/app.py": "sound",
        "base/roadworthy.toml": "kept",
        "base/.venv/pyvenv.cfg": "",
        "hangs/app.py": "hangs",
        "hangs/extra/new.py": "new",
        "hangs/lemon.toml": 'must_fail = ["errors/dependency-hangs"]',
    }.items():
        (tmp_path / "lemons" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lemons" / path).write_text(text)

    subject = materialise("hangs", tmp_path / "subject", tmp_path / "lemons")

    files = {file.relative_to(subject).as_posix(): file.read_text() for file in subject.rglob("*") if file.is_file()}
    assert files == {"app.py": "hangs", "extra/new.py": "new", "roadworthy.toml": "kept"}
    assert (subject / ".venv" / "pyvenv.cfg").exists()
    assert names(tmp_path / "lemons") == ["hangs"]
    assert description("hangs", tmp_path / "lemons") == {"must_fail": ["errors/dependency-hangs"]}
