"""YAML: exact places, YAML 1.2 core, and limits that no text can exceed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import yaml, yaml_places
from roadworthy.syntax.problem import SyntaxProblem


def _one(text: str) -> yaml.Mapping:
    (node,) = yaml.parse(text, "x.yaml")
    assert isinstance(node, yaml.Mapping)
    return node


def test_places_count_code_points_and_include_the_end() -> None:
    node = _one("é: 'läuft'\nb:\n  - 12\n").get("é")

    assert node is not None
    assert node.at == Span("x.yaml", 1, 4, 1, 10)


def test_plain_words_of_yaml_1_1_are_text() -> None:
    mapping = _one("on: yes\nno: off\nt: true\nn: ~\ni: 0o17\nq: '5'")

    assert mapping.text("on") == "yes"
    assert mapping.text("no") == "off"
    assert mapping.text("n") is None
    t, i, q = mapping.get("t"), mapping.get("i"), mapping.get("q")
    assert isinstance(t, yaml.Scalar)
    assert isinstance(i, yaml.Scalar)
    assert isinstance(q, yaml.Scalar)
    assert (t.boolean(), i.integer(), q.integer()) == (True, 15, None)


def test_merge_keys_are_followed_and_own_keys_win() -> None:
    mapping = _one("base: &b {a: 1, c: 2}\nuse:\n  <<: *b\n  a: 3\n")

    assert (mapping.text("use", "a"), mapping.text("use", "c")) == ("3", "2")


def test_duplicate_key_is_kept_and_named() -> None:
    mapping = _one("a: 1\na: 2\n")

    assert mapping.text("a") == "2"
    assert [key.at.line for key in mapping.duplicates] == [2]


def test_alias_bomb_is_refused() -> None:
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )

    with pytest.raises(SyntaxProblem, match="aliases"):
        yaml.parse(text, "x.yaml")


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(SyntaxProblem, match="nested"):
        yaml.parse("[" * 100_000, "x.yaml")


def test_self_containing_alias_is_refused() -> None:
    with pytest.raises(SyntaxProblem):
        yaml.parse("a: &a [*a]\n", "x.yaml")


def test_broken_text_has_its_place() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        yaml.parse("a: 1\nb: [1,\n", "x.yaml")

    assert caught.value.line >= 2


def test_word_inside_a_block_scalar_is_located() -> None:
    text = "expr: |\n  sum(rate(a_total[5m]))\n  / b_total\n"
    node = _one(text).get("expr")
    assert isinstance(node, yaml.Scalar)

    at = yaml_places.inside(node, SourceFile("x.yaml", text, FileRole.PROD), "b_total")

    assert at == Span("x.yaml", 3, 5, 3, 11)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_parses_or_is_a_located_problem(text: str) -> None:
    lines = text.count("\n") + text.count("\r") + text.count("\x85") + text.count("\u2028") + text.count("\u2029") + 2
    try:
        nodes = yaml.parse(text, "x.yaml")
    except SyntaxProblem as problem:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
    else:
        assert all(1 <= node.at.line <= lines for node in nodes)
