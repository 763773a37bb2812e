"""Prose, comments, badges, dead code and unused files change no score."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from roadworthy.engine import certify
from roadworthy.engine.inspect import gather, judge
from roadworthy.model.report import Score

PROTOTYPE = Path(__file__).resolve().parents[4] / "examples" / "prototype"


def score(root: Path) -> Score:
    """Return the score of reading a tree."""
    facts = gather(root)
    return certify.report(facts, judge(facts), path=".").score


def _append(path: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        target.write_text(before + text, encoding="utf-8")

    return change


CHANGES = {
    "claim": _append(
        "docs/readiness.md", "# Readiness\n\nScore: 100/100. Backups run nightly and were restored. Ready.\n"
    ),
    "prose": _append("README.md", "\nThe service is monitored, backed up, load tested, secure and production ready.\n"),
    "badge": _append("README.md", "\n![tests](https://img.shields.io/badge/tests-passing-green)\n"),
    "comment in code": _append("app/main.py", "\n# metrics, alerts, backups, request_id, timeout=3, json logs\n"),
    "comment in compose": _append("compose.yaml", "\n# healthcheck: pg_dump every night, restic backup\n"),
    "comment in an image": _append("Dockerfile", "\n# USER 1000\n# HEALTHCHECK CMD python -c ''\n"),
    "comment in rules": _append("prometheus/alerts.yml", "\n# - alert: EverythingIsWatched\n"),
    "notes": _append("notes.txt", "pg_dump -Fc app > backup\npytest\nLICENSE: Apache-2.0\n"),
    "empty licence": _append("LICENSE", ""),
    "dump nobody starts": _append("scripts/backup.sh", "#!/bin/sh\nset -eu\npg_dump -Fc shop > /backups/shop.dump\n"),
    "suspended job": _append(
        "k8s/backup.yaml",
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: b}\nspec:\n  schedule: '0 3 * * *'\n  suspend: true\n"
        "  jobTemplate: {spec: {template: {spec: {containers: [{name: b, image: 'postgres:16', command: [pg_dump, shop]}]}}}}\n",
    ),
    "workflow that is switched off": _append(
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  test:\n    if: false\n    runs-on: ubuntu-24.04\n    steps:\n      - run: pytest\n",
    ),
    "example": _append("examples/compose.yaml", "services:\n  backup:\n    image: offen/docker-volume-backup:v2\n"),
    "dead code": _append("app/unused.py", "def never_called() -> None:\n    return None\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_words_and_unused_files_raise_no_score(change: str, tmp_path: Path) -> None:
    root = Path(shutil.copytree(PROTOTYPE, tmp_path / "prototype", ignore=shutil.ignore_patterns(".roadworthy")))
    before = score(root)

    CHANGES[change](root)

    after = score(root)
    assert after.inspected <= before.inspected
    assert after.total <= before.total
