"""Helm charts: recognised, not rendered. What a chart deploys cannot be told without its values."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Kind, Open
from roadworthy.syntax import yaml

PROVIDES = frozenset({Kind.SERVICE, Kind.HOST, Kind.PORT, Kind.ENVIRONMENT, Kind.VOLUME, Kind.SECRET_KEY, Kind.JOB})


def wants(path: str) -> bool:
    """A file named Chart.yaml."""
    return path.rpartition("/")[2] == "Chart.yaml"


def claims(path: str) -> bool:
    """Such a file is nothing else."""
    return wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a chart by its name and version."""
    return any(isinstance(d, yaml.Mapping) and d.text("name") and d.text("version") for d in yaml.documents(file))


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield an opening for every kind of name a chart may define."""
    for document in yaml.documents(file):
        if not isinstance(document, yaml.Mapping) or document.text("type") == "library":
            continue
        reason = f"the Helm chart {document.text('name')} is not rendered"
        for kind in sorted(PROVIDES):
            yield Open(kind, "", reason, document.at)
