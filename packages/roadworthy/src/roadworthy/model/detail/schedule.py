"""What is said about things that run at set times, and about who runs a backup."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Something is run at set times (Kind.JOB, refers, named by its schedule as written).

    `by` is "crontab", "systemd" or "workflow"; `command` what is run ("" where the workflow's jobs are), `owner` the unit
    or workflow, `gives` the variables that are set for it, None where they cannot be seen.
    """

    by: str
    command: str
    owner: str = ""
    gives: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BackupRun:
    """Something runs the steps of a backup or of a restore (Kind.JOB, refers, named by the script or job; derived).

    `steps` is the place of the BackupSteps, `by` what starts them: "cronjob", "job", "compose", "crontab", "systemd",
    "workflow", "process", "document" or "test". `component` runs them, "" where that is no component. `schedule` is as
    written, "" where there is none; `active` tells that it really is started, and `why` why not. `image_at` names the
    image, `via` are the scripts in between.
    """

    steps: Span
    by: str
    component: str = ""
    schedule: str = ""
    active: bool = True
    why: str = ""
    gives: tuple[str, ...] | None = None
