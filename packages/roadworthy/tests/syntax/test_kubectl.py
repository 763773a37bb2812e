"""What kubectl command lines say."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.syntax import kubectl
from roadworthy.syntax.release_command import acts


def read(text: str) -> kubectl.Command:
    """Read a command line that is one of kubectl."""
    found = kubectl.read(tuple(shlex.split(text)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "verb", "named"),
    [
        ("kubectl rollout status deploy/shop", "rollout status", (("deployment", "shop"),)),
        ("kubectl -n a rollout undo deployment shop --to-revision 2", "rollout undo", (("deployment", "shop"),)),
        ("kubectl set image deployment/shop a=b:1", "set", (("deployment", "shop"),)),
        ("kubectl exec -it deploy/shop -- ls -n x", "exec", (("deployment", "shop"),)),
        ("kubectl wait --for=condition=complete job/migrate", "wait", (("job", "migrate"),)),
        ("kubectl get pods -A", "get", ()),
    ],
)
def test_verb_and_what_it_is_about_are_read(text: str, verb: str, named: tuple[tuple[str, str], ...]) -> None:
    found = read(text)

    assert (found.verb, found.named) == (verb, named)


def test_files_namespace_and_context_are_read_in_every_spelling() -> None:
    found = read("kubectl --context=prod apply -f a.yaml --filename b.yaml -k overlay --namespace shop")

    assert (found.files, found.folders, found.namespace, found.context) == (
        ("a.yaml", "b.yaml"),
        ("overlay",),
        "shop",
        "prod",
    )


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [("app=a", True), ("app!=a", False), ("app in (a, b)", True), ("app notin (a)", False), ("tier=x", True)],
)
def test_selector_is_held_against_labels(selector: str, *, chosen: bool) -> None:
    assert read(f"kubectl apply -k . -l '{selector}'").selects((("app", "a"),)) is chosen


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6).map(tuple))
def test_any_words_are_read(words: tuple[str, ...]) -> None:
    list(acts(words))
    list(acts(("kubectl", *words)))
