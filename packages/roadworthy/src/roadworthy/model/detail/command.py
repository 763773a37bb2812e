"""What is said about commands: who calls which program, how, and in which image."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class CommandUse:
    """A command as one artifact states it (Kind.COMMAND, refers).

    `purpose` is one of "healthcheck", "probe", "hook" (a container's lifecycle hook), "entrypoint", "command"
    (arguments of the entrypoint where the image has one: a Dockerfile's CMD, compose `command`, Kubernetes `args`),
    "run" (a build step), "job" (what a CronJob, crontab or pipeline step runs), "script" (a line of a shell script) and
    "shebang" (what reads that script).

    `form` is "exec" (`words` are the program and its arguments as they are handed to the system: no shell reads them)
    or "shell" (`words` is one text that a shell reads). `shell` is what reads it. `stage` is the index of the stage of
    the Dockerfile it stands in, None elsewhere. `optional` tells that its failure or absence is provided for
    (`command -v x && x`, `x || y`), `swallowed` that its failure is thrown away (`x || true`), `piped` that its output
    feeds another command, `writes` the files its output goes to, `reads` those its
    input comes from. `entered` is the folder a build step went to by `cd`
    before it, "" where it did not, None where that cannot be told; `given` the variables set for it that steer what
    package managers install; `guarded` tells that the script asks whether it failed, or ends with it. Secrets among the words are blotted out when the facts
    are linked.
    """

    purpose: str
    form: str
    words: tuple[str, ...]
    shell: str = "/bin/sh"
    stage: int | None = None
    optional: bool = False
    swallowed: bool = False
    piped: bool = False
    writes: tuple[str, ...] = ()
    entered: str | None = ""
    given: tuple[tuple[str, str], ...] = ()
    guarded: bool = False
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgramUse:
    """One program that a command calls in a known image (Kind.PROGRAM, refers; derived).

    The symbol's `component` is the id of the image or stage (`Dockerfile#2`, `image:postgres:16`), `user` that of the
    running thing. `words` is the whole call, `image` the image it starts from, `image_at` the place that names it.
    """

    purpose: str
    words: tuple[str, ...]
    image: str
    image_at: Span
    user: str = ""


@dataclass(frozen=True, slots=True)
class ProgramPresent:
    """A program an image holds (Kind.PROGRAM, defines; derived): `source` put it there."""

    source: str
