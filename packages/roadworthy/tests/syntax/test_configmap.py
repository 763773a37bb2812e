"""YAML files inside ConfigMaps keep their places."""

from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import yaml
from roadworthy.syntax.configmap import held

TEXT = """\
kind: ConfigMap
metadata: {name: rules}
data:
  a.yml: |
    groups:
      - name: first

        rules: []
  b.txt: "groups: []"
  c.yml: "x: 1"
  d.yml: |
    a: [
"""


def test_block_has_the_places_of_the_file_it_stands_in() -> None:
    file = SourceFile("k8s/rules.yaml", TEXT, FileRole.PROD)

    entry = next(h for h in held(file) if h.key == "a.yml")
    assert isinstance(entry.root, yaml.Mapping)
    groups = entry.root.get("groups")
    assert isinstance(groups, yaml.Sequence)
    (group,) = groups.items
    assert isinstance(group, yaml.Mapping)
    name = group.get("name")

    assert entry.resource == "rules"
    assert name is not None
    assert (name.at.line, name.at.column, name.at.end_column) == (6, 15, 19)


def test_quoted_entry_has_the_place_of_the_whole_text() -> None:
    entry = next(h for h in held(SourceFile("a.yaml", TEXT, FileRole.PROD)) if h.key == "c.yml")

    assert entry.root is not None
    assert entry.root.at.line == 10


def test_broken_entry_is_a_located_problem_and_the_others_are_read() -> None:
    entries = {h.key: h for h in held(SourceFile("a.yaml", TEXT, FileRole.PROD))}

    assert entries["d.yml"].problem is not None
    assert "b.txt" not in entries
    assert entries["a.yml"].root is not None
