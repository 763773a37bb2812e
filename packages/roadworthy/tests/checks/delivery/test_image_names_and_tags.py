"""Images that are deployed: built, pushed, under the same name and tag."""

import pytest

from releasing import DOCKERFILE, deployment, kustomization, runs, workflow
from repository import inspected
from roadworthy.model.words import Outcome

BUILT, PUSHED, NAMED = "delivery/unbuilt-image", "delivery/unpushed-image", "delivery/image-name-mismatch"
APPLY = "kubectl -n shop apply -f deploy/"
MANIFEST = DOCKERFILE | deployment()


def build(tags: str, push: str = "push: true", more: str = "") -> str:
    """Return a step that builds an image with the action."""
    return (
        f"uses: docker/build-push-action@v6\n        with:\n          {push}\n          tags: {tags}\n{more}".rstrip()
    )


@pytest.mark.parametrize(
    "steps",
    [
        (build("ghcr.io/acme/shop-api:1.4.2"),),
        (build("ghcr.io/acme-inc/shop:1.4.2"),),
        (build("docker.io/acme/shop:1.4.2"),),
        runs("docker build -t ghcr.io/acme/shop-web:1.4.2 .", "docker push ghcr.io/acme/shop-web:1.4.2"),
        runs("docker buildx build --push --tag=ghcr.io/acme/shops:1.4.2 ."),
    ],
)
def test_other_name_is_found_with_both_sides(steps: tuple[str, ...]) -> None:
    (finding,) = inspected(workflow(*steps, *runs(APPLY)) | MANIFEST, NAMED).findings

    assert finding.at is not None
    assert finding.at.path == "deploy/shop.yaml"
    assert [related.at.path for related in finding.related] == [".github/workflows/release.yml"]
    assert inspected(workflow(*steps, *runs(APPLY)) | MANIFEST, BUILT).outcome is not Outcome.FAILED


@pytest.mark.parametrize("tag", ["sha-${{ github.sha }}", "${{ github.sha }}", "$GITHUB_SHA", "latest", "1.4.1"])
def test_tag_nobody_pushes_is_found(tag: str) -> None:
    (finding,) = inspected(workflow(build(f"ghcr.io/acme/shop:{tag}"), *runs(APPLY)) | MANIFEST, NAMED).findings

    assert "`1.4.2`" in finding.message


@pytest.mark.parametrize(
    "steps",
    [
        (build("ghcr.io/acme/shop:1.4.2"),),
        (build("ghcr.io/acme/shop:${{ github.ref_name }}"),),
        (build("ghcr.io/${{ github.repository }}:1.4.2"),),
        (build("${{ env.REGISTRY }}/acme/shop:1.4.2"),),
        runs("docker build -t ghcr.io/acme/shop:1.4.2 .", "docker push ghcr.io/acme/shop:1.4.2"),
        (build("ghcr.io/acme/shop:${{ github.sha }}"), "run: sed -i s/1.4.2/$GITHUB_SHA/ deploy/shop.yaml"),
        (build("ghcr.io/acme/shop:${{ github.sha }}"), "run: envsubst < deploy/shop.yaml | kubectl apply -f -"),
    ],
)
def test_same_image_holds(steps: tuple[str, ...]) -> None:
    files = workflow(*steps, *runs(APPLY), env="env:\n  REGISTRY: ghcr.io\n") | MANIFEST

    for rule in (BUILT, PUSHED, NAMED):
        assert inspected(files, rule).outcome is Outcome.PASSED, rule


def test_tag_of_the_metadata_action_is_compared_with_the_one_that_is_set() -> None:
    metadata = (
        "id: meta\n        uses: docker/metadata-action@v5\n        with:\n"
        "          images: ghcr.io/acme/shop\n          tags: type=sha"
    )
    pushed = build("${{ steps.meta.outputs.tags }}")
    set_image = "run: kubectl -n shop set image deployment/shop shop=ghcr.io/acme/shop:sha-${{ github.sha }}"

    assert inspected(workflow(metadata, pushed, set_image) | MANIFEST, NAMED).outcome is Outcome.FAILED
    long = metadata + ",format=long"
    assert inspected(workflow(long, pushed, set_image) | MANIFEST, NAMED).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "steps",
    [
        (build("ghcr.io/acme/shop:1.4.2", "push: false"),),
        (build("ghcr.io/acme/shop:1.4.2", "load: true"),),
        runs("docker build -t ghcr.io/acme/shop:1.4.2 ."),
        runs("docker buildx build --load -t ghcr.io/acme/shop:1.4.2 ."),
    ],
)
def test_image_that_is_never_pushed_is_found(steps: tuple[str, ...]) -> None:
    (finding,) = inspected(workflow(*steps, *runs(APPLY)) | MANIFEST, PUSHED).findings

    assert [related.at.path for related in finding.related] == [".github/workflows/release.yml"]


@pytest.mark.parametrize(
    "load", ["kind load docker-image ghcr.io/acme/shop:1.4.2", "docker save ghcr.io/acme/shop:1.4.2"]
)
def test_image_that_reaches_the_cluster_otherwise_is_left_open(load: str) -> None:
    files = workflow(*runs("docker build -t ghcr.io/acme/shop:1.4.2 .", load, APPLY)) | MANIFEST

    assert inspected(files, PUSHED).outcome is Outcome.INCONCLUSIVE


def test_push_that_depends_on_the_event_counts() -> None:
    step = build("ghcr.io/acme/shop:1.4.2", "push: ${{ github.event_name != 'pull_request' }}")

    assert inspected(workflow(step, *runs(APPLY)) | MANIFEST, PUSHED).outcome is Outcome.PASSED


def test_image_of_the_same_owner_that_nothing_builds_is_found() -> None:
    worker = deployment("worker", "ghcr.io/acme/mailer:1.4.2")

    (finding,) = inspected(workflow(build("ghcr.io/acme/shop:1.4.2"), *runs(APPLY)) | MANIFEST | worker, BUILT).findings

    assert finding.at is not None
    assert finding.at.path == "deploy/worker.yaml"


@pytest.mark.parametrize("image", ["postgres:16", "ghcr.io/other/tool:1", "quay.io/prometheus/prometheus:v3", "$IMAGE"])
def test_image_of_others_is_not_ours_to_build(image: str) -> None:
    files = workflow(build("ghcr.io/acme/shop:1.4.2"), *runs(APPLY)) | MANIFEST | deployment("other", image)

    assert not inspected(files, BUILT).findings
    assert not inspected(files, NAMED).findings


@pytest.mark.parametrize("step", ["run: docker buildx bake --push", "run: skaffold build", "run: ko build ./cmd"])
def test_what_builds_unseen_leaves_it_open(step: str) -> None:
    files = workflow(build("ghcr.io/acme/shop-api:1.4.2"), step, *runs(APPLY)) | MANIFEST

    assert inspected(files, NAMED).outcome is Outcome.INCONCLUSIVE


def test_matrix_is_spread() -> None:
    text = (
        "on: push\njobs:\n  image:\n    strategy:\n      matrix:\n        app: [shop, mailer]\n    steps:\n"
        "      - uses: docker/build-push-action@v6\n        with:\n          push: true\n"
        "          tags: ghcr.io/acme/${{ matrix.app }}:1.4.2\n"
    )
    files = {".github/workflows/ci.yml": text} | MANIFEST | deployment("worker", "ghcr.io/acme/mailer:1.4.2")

    assert inspected(files, BUILT).outcome is Outcome.PASSED
    assert inspected(files | deployment("x", "ghcr.io/acme/printer:1"), BUILT).outcome is Outcome.FAILED


def test_name_a_kustomization_looks_for_must_be_in_a_manifest() -> None:
    images = "images:\n  - name: ghcr.io/acme/{}\n    newTag: 1.4.2\n"
    files = workflow(build("ghcr.io/acme/shop:1.4.2")) | MANIFEST

    wrong = kustomization("shop.yaml", more=images.format("shop-api"))
    (finding,) = inspected(files | wrong, NAMED).findings

    assert [related.at.path for related in finding.related] == ["deploy/shop.yaml"]
    assert not inspected(files | kustomization("shop.yaml", more=images.format("shop")), NAMED).findings


def test_without_a_pipeline_that_builds_nothing_is_examined() -> None:
    assert inspected(workflow(*runs("pytest")) | MANIFEST, BUILT).outcome is Outcome.NOT_APPLICABLE
