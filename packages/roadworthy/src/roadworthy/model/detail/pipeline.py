"""What pipelines say: their jobs, what each needs, and what each may do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PipelineJob:
    """A job (Kind.PIPELINE, defines, named by its id). `platform` is "github" or "gitlab".

    `needs` are the jobs it waits for, `triggers` the events of its workflow, `calls` the reusable workflow it stands for.
    `condition` is its `if`, `environment` what it deploys to, `steps` how many steps it has, `runner` the machine it asks for. `may_fail` tells that its
    failure does not fail the pipeline.
    """

    platform: str
    workflow: str
    needs: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    calls: str = ""
    condition: str = ""
    environment: str = ""
    steps: int = 0
    may_fail: bool = False
    runner: str = ""

    @property
    def switched_off(self) -> bool:
        """Whether its condition says that it never runs."""
        return self.condition.strip("${} ") == "false"


@dataclass(frozen=True, slots=True)
class ActionUse:
    """A step uses an action (Kind.STEP, refers, named by the action without its version).

    `form` is "hash", "tag", "branch", "local", "docker", "none" or "unreadable"; `given` are its plain inputs, `id` the name
    by which other steps refer to what it gives, `condition` its `if`.
    """

    job: str
    form: str
    version: str = ""
    given: tuple[tuple[str, str], ...] = ()
    may_fail: bool = False
    id: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class PermissionsGiven:
    """What the token of a workflow may do (Kind.PIPELINE, refers, named by the job, "" for the whole workflow).

    `granted` are the scopes with their level; `scope` is "write-all", "read-all", "listed" or "" where nothing is said.
    """

    scope: str
    granted: tuple[tuple[str, str], ...] = ()
    event: str = ""


@dataclass(frozen=True, slots=True)
class PlatformPipeline:
    """A pipeline of a platform whose files are known by name alone (Kind.PIPELINE, defines, named by the platform)."""

    platform: str
