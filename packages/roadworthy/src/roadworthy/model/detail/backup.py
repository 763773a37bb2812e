"""What is said about backups."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class BackupMade:
    """Something makes a backup (Kind.JOB, defines, named by the tool; derived).

    `product` is what the tool can save ("postgres", "redis" …), "" when it saves files, volumes or whole clusters.
    `hosts` are the servers it is pointed at, empty when that is not seen; `volumes` and `paths` what it is given to
    save, both empty when that is not seen. `runs` tells whether anything in the repository starts it.
    """

    tool: str
    product: str
    hosts: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    runs: bool = True


@dataclass(frozen=True, slots=True)
class BackupCoded:
    """Code that calls a program which makes backups of `product` (Kind.JOB, refers, named by the program)."""

    product: str


@dataclass(frozen=True, slots=True)
class BackupStep:
    """One command of a script that has to do with backups.

    `act` is "dump", "verify", "encrypt", "decrypt", "upload", "delete", "notify", "restore" or "drop"; `tool` and
    `product` as in BackupMade. `silent` says why nobody learns of its failure, "" where the script fails with it, and
    `silent_at` where that is decided. `targets` are the paths it writes, with the script's own constants put in.
    `asked` tells that it runs only under a condition or on somebody's word.
    """

    act: str
    tool: str
    text: str
    at: Span
    product: str = ""
    silent: str = ""
    silent_at: Span | None = None
    targets: tuple[str, ...] = ()
    asked: bool = False
    remote: bool = False


@dataclass(frozen=True, slots=True)
class VariableNeeded:
    """A variable a script needs: `how` says what makes it so."""

    name: str
    how: str
    at: Span


@dataclass(frozen=True, slots=True)
class BackupSteps:
    """What a script, or a command line that a shell reads, does about backups, in its order (Kind.JOB, refers, named by the
    script's path or by the job).

    `calls` are the scripts it calls or reads in, `reads` the variables it cannot do without, each with its place, `sets`
    those it sets. `erases` tells that it speaks of erasing persons again.
    """

    steps: tuple[BackupStep, ...]
    form: str
    calls: tuple[str, ...] = ()
    reads: tuple[VariableNeeded, ...] = ()
    sets: tuple[str, ...] = ()
    erases: bool = False

    def of(self, act: str) -> tuple[BackupStep, ...]:
        """Return the steps of one kind."""
        return tuple(step for step in self.steps if step.act == act)
