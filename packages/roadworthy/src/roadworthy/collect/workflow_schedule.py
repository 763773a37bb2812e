"""GitHub Actions: the times at which a workflow runs by itself."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.schedule import Scheduled
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import yaml

PROVIDES = frozenset({Kind.JOB})

_WORKFLOW = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")


def wants(path: str) -> bool:
    """Workflows."""
    return _WORKFLOW.search(path) is not None


claims = wants


def recognises(file: SourceFile) -> bool:
    """Those that have a schedule."""
    return "schedule" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each time."""
    role = FileRole.PROD if file.path.startswith(".github/workflows/") else file.role
    for root in yaml.documents(file):
        listed = root.get("on", "schedule") if isinstance(root, yaml.Mapping) else None
        for item in listed if isinstance(listed, yaml.Sequence) else ():
            cron = item.get("cron") if isinstance(item, yaml.Mapping) else None
            if isinstance(cron, yaml.Scalar):
                detail = Scheduled("workflow", "", file.path)
                yield Symbol(Kind.JOB, Action.REFERS, Exact(cron.text), cron.at, role=role, detail=detail)
