"""What is said about backups."""

from dataclasses import dataclass


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
