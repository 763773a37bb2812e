"""What is said about volumes and mounts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume in a container (Kind.VOLUME, refers; for files of the repository also Kind.FILE, refers).

    `form` is "volume", "bind", "anonymous", "tmpfs", "claim", "claim-template", "configmap", "secret", "emptydir",
    "hostpath", "other"; `target` is its path in the container, `sub_path` the part of the volume that is mounted.
    """

    form: str
    target: str
    source: str = ""
    read_only: bool = False
    sub_path: str = ""


@dataclass(frozen=True, slots=True)
class VolumeDeclared:
    """A volume an artifact declares (Kind.VOLUME, defines). `by` is "compose", "PersistentVolumeClaim", …"""

    by: str
    external: bool = False
    driver: str = ""


@dataclass(frozen=True, slots=True)
class FileUse:
    """A file of the repository something names (Kind.FILE, refers): `by` is "env_file", "build context",
    "dockerfile", "config", "secret", "extends", "include", "resource", "patch", or "merged patch" where what it
    changes already says so."""

    by: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class DataKept:
    """A component keeps data that must not be lost (Kind.VOLUME, defines, named by the product; derived).

    `folders` are those in which its image keeps them; `deployed` tells that the repository starts it (and not only uses
    it).
    """

    product: str
    folders: tuple[str, ...]
    deployed: bool = True
