"""Which versions of languages a repository asks for: `.python-version`, `.nvmrc`, `.tool-versions`, manifests."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.version import VersionStated
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import json, toml, yaml

PROVIDES = frozenset({Kind.SETTING})

_FILES = {".python-version": "python", ".nvmrc": "node", ".node-version": "node", ".go-version": "go"}
_TOOLS = {"python": "python", "nodejs": "node", "node": "node", "golang": "go", "go": "go", "postgres": "postgres"}
_TOOLS |= {"redis": "redis", "ruby": "ruby"}
_NAMES = frozenset({*_FILES, ".tool-versions", "runtime.txt", "pyproject.toml", "package.json"})
_VERSION = re.compile(r"\d+(?:\.\d+)*")


def wants(path: str) -> bool:
    """Files of these names."""
    return path.rpartition("/")[2] in _NAMES


def recognises(file: SourceFile) -> bool:
    """Every such file."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every version that is stated."""
    match file.name:
        case "pyproject.toml":
            yield from _pyproject(file)
        case "package.json":
            asked = json.document(file).get("engines", "node")
            if isinstance(asked, yaml.Scalar):
                yield _stated(file, "node", asked.text, asked.at, "range")
        case _:
            yield from _lines(file)


def _stated(file: SourceFile, product: str, version: str, at: Span, by: str) -> Symbol:
    detail = VersionStated(by, (version,))
    return Symbol(Kind.SETTING, Action.REFERS, Exact(product), at, "", "version", file.role, detail)


def _pyproject(file: SourceFile) -> Iterator[Symbol]:
    read = toml.document(file)
    for path in (("project", "requires-python"), ("tool", "poetry", "dependencies", "python")):
        asked = read.get(*path)
        if isinstance(asked, str):
            yield _stated(file, "python", asked, read.at(*path), "range")


def _lines(file: SourceFile) -> Iterator[Symbol]:
    for number, line in enumerate(file.text.split("\n"), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        product, text = _FILES.get(file.name, ""), words[0]
        if file.name == ".tool-versions":
            product, text = _TOOLS.get(words[0], ""), words[1] if len(words) > 1 else ""
        elif file.name == "runtime.txt":
            product, _, text = words[0].partition("-")
        text = text.removeprefix("v")
        if product and _VERSION.match(text) and len(line) < 200:
            column = line.find(text) + 1
            at = Span(file.path, number, column, number, column + len(text) - 1)
            yield _stated(file, product, text, at, "file")
        if file.name in _FILES:
            return
