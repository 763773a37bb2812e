"""YAML files wherever they stand: as documents of their own, or as entries of a Kubernetes ConfigMap or Secret."""

from dataclasses import dataclass
from functools import lru_cache

from roadworthy.model.source import SourceFile
from roadworthy.syntax import yaml, yaml_places
from roadworthy.syntax.problem import SyntaxProblem

_ENDINGS = (".yml", ".yaml", ".rules")
_SECTIONS = {"ConfigMap": "data", "Secret": "stringData"}


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """One YAML document. `resource` and `key` tell the ConfigMap and its entry, "" for a document of the file itself;
    `problem` why an entry does not parse, `root` is then None."""

    root: yaml.Node | None
    at: yaml.Scalar | None = None
    resource: str = ""
    key: str = ""
    problem: SyntaxProblem | None = None


@lru_cache(maxsize=16)
def held(file: SourceFile) -> tuple[Held, ...]:
    """Return every document of a file and of the ConfigMaps in it; raise SyntaxProblem where the file does not parse."""
    found: list[Held] = []
    for document in yaml.documents(file):
        found.append(Held(document))
        for resource in items(document):
            if resource is not document:
                found.append(Held(resource))
            if resource.text("kind") in _SECTIONS:
                found += _entries(file, resource, _SECTIONS[resource.text("kind") or ""])
    return tuple(found)


def items(document: yaml.Node) -> tuple[yaml.Mapping, ...]:
    """Return the resources of a document: itself, or those of a list."""
    if not isinstance(document, yaml.Mapping):
        return ()
    listed = document.get("items") if (document.text("kind") or "").endswith("List") else None
    if isinstance(listed, yaml.Sequence):
        return tuple(item for item in listed if isinstance(item, yaml.Mapping))
    return (document,)


def _entries(file: SourceFile, document: yaml.Mapping, section: str) -> list[Held]:
    data = document.get(section)
    name = document.text("metadata", "name") or ""
    found: list[Held] = []
    for key, value in data.items() if isinstance(data, yaml.Mapping) else ():
        if isinstance(value, yaml.Scalar) and key.text.endswith(_ENDINGS):
            try:
                found += [Held(node, value, name, key.text) for node in yaml_places.embedded(value, file)]
            except SyntaxProblem as problem:
                found.append(Held(None, value, name, key.text, problem))
    return found
