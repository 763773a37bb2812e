"""Certificates that a controller issues into secrets."""

from collections.abc import Iterator

from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource


def issued(resource: Resource) -> Iterator[Symbol]:
    """Yield the secret a Certificate is written to."""
    name = resource.node.get("spec", "secretName")
    if isinstance(name, yaml.Scalar):
        yield Symbol(Kind.SETTING, Action.DEFINES, Exact(name.text), name.at, phase="issue", role=resource.file.role)
