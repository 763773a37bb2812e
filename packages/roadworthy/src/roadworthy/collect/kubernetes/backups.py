"""Backups that an operator makes: Velero schedules, CloudNativePG backups, volume snapshots."""

from collections.abc import Iterator

from roadworthy.model.detail.backup import BackupMade
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.kubernetes.resource import Resource

_OPERATORS = {"velero.io": "", "postgresql.cnpg.io": "postgres", "snapshot.storage.k8s.io": "", "k8up.io": ""}


def made(resource: Resource) -> Iterator[Symbol]:
    """Yield the backup a resource stands for; a database cluster where it says how it is backed up."""
    group = (resource.node.text("apiVersion") or "").partition("/")[0]
    if group not in _OPERATORS:
        return
    if resource.kind == "Cluster" and resource.node.get("spec", "backup") is None:
        return
    detail = BackupMade(f"{group} {resource.kind}", _OPERATORS[group])
    yield Symbol(
        Kind.JOB, Action.DEFINES, Exact(resource.kind), resource.name.at, "", "run", resource.file.role, detail
    )
