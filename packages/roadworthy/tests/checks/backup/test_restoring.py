"""Whether backups are ever restored, and whether the way back destroys what is left."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

FILES = {
    "scripts/backup.sh": "#!/bin/bash\nset -e\npg_dump x --file=/b/x\n",
    "scripts/restore.sh": "#!/bin/bash\nset -e\npg_restore --dbname=scratch /b/x\n",
    "crontab": "0 3 * * * /srv/backup.sh\n",
}


def test_a_restore_that_nothing_runs_is_found_and_one_on_a_schedule_is_not() -> None:
    scheduled = FILES | {"crontab": FILES["crontab"] + "0 5 * * 0 /srv/restore.sh\n"}
    alone = {path: text for path, text in FILES.items() if "restore" not in path}

    assert inspected(FILES, "backup/never-restored").outcome is Outcome.FAILED
    assert inspected(alone, "backup/never-restored").outcome is Outcome.FAILED
    assert inspected(scheduled, "backup/never-restored").outcome is Outcome.PASSED


def page(commands: str, heading: str = "Restore the database") -> dict[str, str]:
    return {"docs/runbook.md": f"# {heading}\n\n```sh\n{commands}\npg_restore --dbname=orders x.dump\n```\n"}


@pytest.mark.parametrize(
    "commands",
    [
        "dropdb orders",
        'psql -c "DROP DATABASE orders"',
        "docker compose down -v",
        "kubectl delete pvc data-db-0",
        "rm -rf /var/lib/postgresql/data",
    ],
)
def test_a_page_that_destroys_first_is_found(commands: str) -> None:
    assert inspected(page(commands), "backup/destructive-runbook").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "commands",
    [
        "pg_dump orders --file=before.dump\ndropdb orders",
        "pg_restore --list x.dump\ndropdb orders",
        "dropdb scratch_test",
    ],
)
def test_saving_or_checking_first_is_sound(commands: str) -> None:
    assert inspected(page(commands), "backup/destructive-runbook").outcome is Outcome.PASSED


def test_starting_afresh_while_developing_is_no_restore() -> None:
    files = {"README.md": "# Development\n\n```sh\ndocker compose down -v\ndropdb orders\n```\n"}

    assert inspected(files, "backup/destructive-runbook").outcome is Outcome.NOT_APPLICABLE
