"""Pipelines of platforms whose files are known by their names, but whose steps are not read."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.pipeline import PlatformPipeline
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol

PROVIDES = frozenset({Kind.PIPELINE})

_PLATFORMS = (
    (re.compile(r"(?:^|.*/)\.circleci/config\.ya?ml"), "CircleCI"),
    (re.compile(r"\.travis\.ya?ml"), "Travis CI"),
    (re.compile(r"(?:.*/)?azure-pipelines[\w.-]*\.ya?ml"), "Azure Pipelines"),
    (re.compile(r"(?:.*/)?Jenkinsfile[\w.-]*"), "Jenkins"),
    (re.compile(r"bitbucket-pipelines\.ya?ml"), "Bitbucket Pipelines"),
    (re.compile(r"\.drone\.ya?ml"), "Drone"),
    (re.compile(r"\.woodpecker(?:/[^/]+)?\.ya?ml"), "Woodpecker"),
    (re.compile(r"\.buildkite/[^/]+\.ya?ml"), "Buildkite"),
    (re.compile(r"\.?appveyor\.ya?ml"), "AppVeyor"),
    (re.compile(r"\.cirrus\.ya?ml"), "Cirrus CI"),
    (re.compile(r"(?:.*/)?cloudbuild\.ya?ml"), "Cloud Build"),
    (re.compile(r"(?:.*/)?buildspec\.ya?ml"), "CodeBuild"),
    (re.compile(r"\.teamcity/[^/]+\.kts"), "TeamCity"),
    (re.compile(r"\.ci/[^/]+"), "a script in .ci"),
    (re.compile(r"\.(?:forgejo|gitea)/workflows/[^/]+\.ya?ml"), "Forgejo Actions"),
)


def wants(path: str) -> bool:
    """Files of the names these platforms look for."""
    return any(pattern.fullmatch(path) for pattern, _ in _PLATFORMS)


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield that there is a pipeline, and that its jobs are not known."""
    platform = next(name for pattern, name in _PLATFORMS if pattern.fullmatch(file.path))
    at = Span(file.path)
    detail = PlatformPipeline(platform)
    yield Symbol(Kind.PIPELINE, Action.DEFINES, Exact(platform), at, phase="test", role=file.role, detail=detail)
    yield Open(Kind.PIPELINE, "", f"what {platform} runs is not read", at)
