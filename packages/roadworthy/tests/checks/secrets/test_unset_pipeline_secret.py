"""secrets/unset-pipeline-secret."""

import pytest

from repository import inspected
from roadworthy.model.words import Outcome

RULE = "secrets/unset-pipeline-secret"
CI = """on: [push]
env: {IMAGE: acme/api}
jobs:
  build:
    outputs: {tag: "${{ steps.meta.outputs.tag }}"}
    strategy: {matrix: {python: ["3.12"]}}
    steps:
      - id: meta
        run: |
          echo "tag=$GITHUB_SHA" >> "$GITHUB_OUTPUT"
      - run: docker build --tag "$IMAGE:${{ steps.meta.outputs.tag }}" --build-arg P=${{ matrix.python }} .
  deploy:
    needs: [build]
    uses: ./.github/workflows/deploy.yml
    with: {tag: "${{ needs.build.outputs.tag }}"}
    secrets: {KUBE_CONFIG: "${{ secrets.KUBE_CONFIG }}"}
"""
DEPLOY = """on:
  workflow_call:
    inputs: {tag: {required: true, type: string}}
    secrets: {KUBE_CONFIG: {required: true}}
jobs:
  apply:
    steps:
      - env: {CONFIG: "${{ secrets.KUBE_CONFIG }}"}
        run: deploy.sh "$CONFIG" ${{ inputs.tag }}
"""
FILES = {".github/workflows/ci.yml": CI, ".github/workflows/deploy.yml": DEPLOY}


def changed(old: str, new: str) -> dict[str, str]:
    """Return the workflows with one text replaced."""
    assert any(old in text for text in FILES.values())
    return {path: text.replace(old, new) for path, text in FILES.items()}


def test_values_that_are_set_hold() -> None:
    assert inspected(FILES, RULE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("needs.build.outputs.tag", "needs.build.outputs.tags", "`tag`"),
        ("needs.build.outputs.tag", "needs.biuld.outputs.tag", "does not need"),
        ("needs: [build]", "needs: []", "does not need"),
        ("steps.meta.outputs.tag", "steps.met.outputs.tag", "no step with the id"),
        ("steps.meta.outputs.tag", "steps.meta.outputs.version", "writes `tag`"),
        ("outputs: {tag:", "outputs: {image:", "declares `image`"),
        ("matrix.python", "matrix.pythons", "the matrix holds"),
        ("inputs.tag }}", "inputs.tags }}", "declares `tag`"),
        ("{tag: \"${{ needs", "{tgas: \"${{ needs", "input"),
        ("    secrets: {KUBE_CONFIG: \"${{ secrets.KUBE_CONFIG }}\"}\n", "", "does not pass the secret"),
        ("secrets: {KUBE_CONFIG: \"${{", "secrets: {KUBECONFIG: \"${{", "does not pass the secret"),
        ("{CONFIG: \"${{ secrets.KUBE_CONFIG", "{CONFIG: \"${{ secrets.KUBECONFIG", "KUBECONFIG"),
        ("\"$IMAGE:", "\"$IMGAE:", "`IMAGE`"),
        ("\"$CONFIG\"", "\"$CONFIGS\"", "`CONFIG`"),
        ("on: [push]\nenv: {IMAGE:", "on: [push]\nenv: {IMAGES:", "`IMAGES`"),
    ],
)  # fmt: skip
def test_name_that_nothing_sets_fails(old: str, new: str, says: str) -> None:
    result = inspected(changed(old, new), RULE)

    assert result.outcome is Outcome.FAILED
    assert any(says in finding.message for finding in result.findings), result.findings
    assert all(finding.related for finding in result.findings if "no step" not in finding.message)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    secrets: {KUBE_CONFIG: \"${{ secrets.KUBE_CONFIG }}\"}\n", "    secrets: inherit\n"),
        ("KUBE_CONFIG: {required: true}", "KUBE_CONFIG: {required: true}, OTHER: {required: false}"),
        ("run: |\n          echo \"tag=$GITHUB_SHA\" >> \"$GITHUB_OUTPUT\"", "uses: docker/metadata-action@v5"),
        ("echo \"tag=$GITHUB_SHA\" >> \"$GITHUB_OUTPUT\"", "./version.sh >> $GITHUB_OUTPUT"),
        ("echo \"tag=$GITHUB_SHA\" >> \"$GITHUB_OUTPUT\"", "python tag.py"),
        ("matrix: {python: [\"3.12\"]}", "matrix: \"${{ fromJSON(vars.MATRIX) }}\""),
        ("matrix: {python: [\"3.12\"]}", "matrix: {include: [{python: 1}]}"),
        ("deploy.sh \"$CONFIG\"", "export TARGET=x; deploy.sh \"$TARGET\" \"$CONFIG\" \"$HOME\" \"${{ github.sha }}\""),
    ],
)  # fmt: skip
def test_what_may_be_set_in_another_way_is_let_be(old: str, new: str) -> None:
    assert inspected(changed(old, new), RULE).outcome is Outcome.PASSED


def test_step_that_runs_later_is_empty_here() -> None:
    ci = "on: push\njobs:\n  a:\n    steps:\n    - run: echo ${{ steps.b.outputs.c }}\n    - id: b\n      run: echo c=1 >> $GITHUB_OUTPUT\n"

    result = inspected({".github/workflows/ci.yml": ci}, RULE)

    assert [f.message for f in result.findings] == ["`steps.b.outputs.c` is empty: the step `b` comes later"]


def test_empty_output_that_no_job_takes_does_no_harm() -> None:
    idle = changed("outputs: {tag:", 'outputs: {idle: "${{ steps.meta.outputs.nothing }}", tag:')

    assert inspected(idle, RULE).outcome is Outcome.PASSED
