"""package.json: the packages a JavaScript program asks for, its scripts, and how the package is put together."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.manifest import Dependency, ManifestRead
from roadworthy.model.detail.node import NodePackage
from roadworthy.model.detail.script import CommandLine, ScriptDefined
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import json, script_lines, yaml

PROVIDES = frozenset({Kind.PACKAGE, Kind.SCRIPT, Kind.STEP, Kind.SETTING})
# Each section with the phase of its packages, and their group.
_SECTIONS = (
    ("dependencies", "run", ""),
    ("optionalDependencies", "run", "optional"),
    ("devDependencies", "dev", "dev"),
    ("peerDependencies", "dev", "peer"),
)
_PINNED = re.compile(r"v?\d+\.\d+\.\d+[\w.+-]*")


def wants(path: str) -> bool:
    """Files of this name."""
    return path.rpartition("/")[2] == "package.json"


def recognises(file: SourceFile) -> bool:
    """Every file of the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield packages, scripts, the commands of each script, and what the package says of itself."""
    root = json.document(file)
    asked = pinned = 0
    for section, phase, group in _SECTIONS:
        packages = root.get(section)
        for key, value in packages.items() if isinstance(packages, yaml.Mapping) else ():
            text = value.text if isinstance(value, yaml.Scalar) else ""
            exact = _PINNED.fullmatch(text) is not None
            asked += section == "dependencies"
            pinned += exact and section == "dependencies"
            detail = Dependency("npm", text, exact, group)
            yield Symbol(
                Kind.PACKAGE, Action.DEFINES, Exact(key.text), key.at, phase=phase, role=file.role, detail=detail
            )
    workspace = "workspace" if root.get("workspaces") is not None else ""
    said = ManifestRead("npm", "package.json", asked, pinned, workspace)
    yield Symbol(Kind.PACKAGE, Action.REFERS, Exact(file.path), root.at, phase="manifest", role=file.role, detail=said)
    package = _package(root)
    yield Symbol(Kind.SETTING, Action.DEFINES, Exact(file.path), root.at, phase="build", role=file.role, detail=package)
    scripts = root.get("scripts")
    for key, value in scripts.items() if isinstance(scripts, yaml.Mapping) else ():
        script = ScriptDefined("npm", file.folder)
        yield Symbol(Kind.SCRIPT, Action.DEFINES, Exact(key.text), key.at, role=file.role, detail=script)
        if isinstance(value, yaml.Scalar):
            for line in script_lines.lines(value.text, file.folder):
                use = CommandLine("npm", key.text, line.words, line.folder, line.optional, bool(line.how), line.how)
                yield Symbol(Kind.STEP, Action.REFERS, Exact(line.words[0]), value.at, role=file.role, detail=use)


def _package(root: yaml.Mapping) -> NodePackage:
    workspaces = root.get("workspaces", "packages") or root.get("workspaces")
    return NodePackage(
        main=root.text("main") or "",
        module=root.text("type") == "module",
        manager=root.text("packageManager") or "",
        node=root.text("engines", "node") or "",
        workspaces=_texts(workspaces),
        shipped=_texts(root.get("files")),
    )


def _texts(node: yaml.Node | None) -> tuple[str, ...] | None:
    if not isinstance(node, yaml.Sequence):
        return None
    return tuple(item.text for item in node.items if isinstance(item, yaml.Scalar))
