"""TypeScript configurations: which files a build takes, and where it puts what it makes of them."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.node import CompilerSetup
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import jsonc, yaml

PROVIDES = frozenset({Kind.SETTING})

_NAME = re.compile(r"[tj]sconfig(?:[._-][\w.-]+)?\.json|[\w.-]+\.tsconfig\.json")


def wants(path: str) -> bool:
    """tsconfig.json, tsconfig.build.json, tsconfig-base.json and the like."""
    return _NAME.fullmatch(path.rpartition("/")[2]) is not None


def recognises(file: SourceFile) -> bool:
    """Every file of such a name that says anything."""
    return bool(file.text.strip())


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what the file says, as written."""
    root = jsonc.document(file)
    options = root.get("compilerOptions")
    given = options if isinstance(options, yaml.Mapping) else yaml.Mapping([], root.at)
    references = [r for r in _items(root.get("references")) if isinstance(r, yaml.Mapping)]
    setup = CompilerSetup(
        extends=_texts(root.get("extends")) or (),
        out_folder=given.text("outDir"),
        root_folder=given.text("rootDir"),
        out_file=given.text("outFile"),
        include=_texts(root.get("include")),
        exclude=_texts(root.get("exclude")),
        files=_texts(root.get("files")),
        emits=None if (silent := _flag(given, "noEmit")) is None else not silent,
        declarations_only=_flag(given, "emitDeclarationOnly"),
        scripts=_flag(given, "allowJs"),
        composite=_flag(given, "composite"),
        references=tuple(text for r in references if (text := r.text("path"))),
        base_folder=given.text("baseUrl"),
        paths=_paths(given.get("paths")),
        include_at=_place(root, "include"),
        exclude_at=_place(root, "exclude"),
        out_at=_place(given, "outDir"),
        root_at=_place(given, "rootDir"),
        emits_at=_place(given, "noEmit"),
    )
    at = Span(file.path)
    yield Symbol(Kind.SETTING, Action.DEFINES, Exact(file.path), at, phase="build", role=file.role, detail=setup)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.items if isinstance(node, yaml.Sequence) else []


def _texts(node: yaml.Node | None) -> tuple[str, ...] | None:
    if isinstance(node, yaml.Scalar) and not node.is_null():
        return (node.text,)
    if not isinstance(node, yaml.Sequence):
        return None
    return tuple(item.text for item in node.items if isinstance(item, yaml.Scalar))


def _flag(options: yaml.Mapping, name: str) -> bool | None:
    value = options.get(name)
    return value.boolean() if isinstance(value, yaml.Scalar) else None


def _paths(node: yaml.Node | None) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(node, yaml.Mapping):
        return None
    return tuple((key.text, text) for key, value in node.items() for text in _texts(value) or ())


def _place(mapping: yaml.Mapping, name: str) -> Span | None:
    key = mapping.key(name)
    return key.at if key is not None else None
