"""Jobs of GitLab pipelines: what they extend, include and need."""

from repository import gathered
from roadworthy.model.detail.pipeline import PipelineJob
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Action, Kind


def jobs(facts: Facts) -> dict[str, PipelineJob]:
    """Return the jobs by name."""
    found = facts.details(Kind.PIPELINE, Action.DEFINES, PipelineJob)
    return {str(s.name): s.detail for s in found if isinstance(s.detail, PipelineJob)}


def test_extended_job_brings_stage_environment_and_script() -> None:
    text = (
        "stages: [test, deploy]\n.base:\n  script: [kubectl apply -f k8s/]\n"
        ".release:\n  extends: .base\n  stage: deploy\n  environment: {name: production}\n"
        "unit:\n  stage: test\n  script: [pytest]\ngo:\n  extends: [.release]\n"
    )
    facts = gathered({".gitlab-ci.yml": text})

    assert jobs(facts)["go"].needs == ("unit",)
    assert jobs(facts)["go"].environment == "production"
    assert not facts.openings(Kind.PIPELINE)
    words = [s.detail.words for s in facts.references(Kind.STEP) if isinstance(s.detail, CommandLine)]
    assert ("kubectl", "apply", "-f", "k8s/") in words


def test_what_is_extended_or_included_from_elsewhere_opens_the_set() -> None:
    for text in ("a:\n  extends: .unseen\n", "include:\n  - project: x/y\n    file: a.yml\na:\n  script: [b]\n"):
        assert gathered({".gitlab-ci.yml": text}).openings(Kind.PIPELINE)


def test_local_include_does_not() -> None:
    text = "include:\n  - local: .gitlab/ci/test.yml\na:\n  script: [b]\n"

    assert not gathered({".gitlab-ci.yml": text, ".gitlab/ci/test.yml": "b:\n  script: [c]\n"}).openings(Kind.PIPELINE)


def test_jobs_that_extend_one_another_in_a_circle_end() -> None:
    assert "a" in jobs(gathered({".gitlab-ci.yml": "a:\n  extends: b\nb:\n  extends: a\n"}))
