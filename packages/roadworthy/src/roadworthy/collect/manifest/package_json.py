"""package.json: the packages a JavaScript program asks for, and its scripts."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.manifest import Dependency, ManifestRead
from roadworthy.model.detail.script import CommandLine, ScriptDefined
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import json, script_lines, yaml

PROVIDES = frozenset({Kind.PACKAGE, Kind.SCRIPT, Kind.STEP})
_SECTIONS = (("dependencies", "run"), ("devDependencies", "dev"), ("peerDependencies", "dev"))
_PINNED = re.compile(r"v?\d+\.\d+\.\d+[\w.+-]*")


def wants(path: str) -> bool:
    """Files of this name."""
    return path.rpartition("/")[2] == "package.json"


def recognises(file: SourceFile) -> bool:
    """Every file of the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield packages, scripts, and the commands of each script."""
    root = json.document(file)
    asked = pinned = 0
    for section, phase in _SECTIONS:
        packages = root.get(section)
        for key, value in packages.items() if isinstance(packages, yaml.Mapping) else ():
            text = value.text if isinstance(value, yaml.Scalar) else ""
            exact = _PINNED.fullmatch(text) is not None
            asked += phase == "run"
            pinned += exact and phase == "run"
            detail = Dependency("npm", text, exact, "" if phase == "run" else phase)
            yield Symbol(
                Kind.PACKAGE, Action.DEFINES, Exact(key.text), key.at, phase=phase, role=file.role, detail=detail
            )
    workspace = "workspace" if root.get("workspaces") is not None else ""
    said = ManifestRead("npm", "package.json", asked, pinned, workspace)
    yield Symbol(Kind.PACKAGE, Action.REFERS, Exact(file.path), root.at, phase="manifest", role=file.role, detail=said)
    scripts = root.get("scripts")
    for key, value in scripts.items() if isinstance(scripts, yaml.Mapping) else ():
        script = ScriptDefined("npm", file.folder)
        yield Symbol(Kind.SCRIPT, Action.DEFINES, Exact(key.text), key.at, role=file.role, detail=script)
        if isinstance(value, yaml.Scalar):
            for line in script_lines.lines(value.text, file.folder):
                use = CommandLine("npm", key.text, line.words, line.folder, line.optional, bool(line.how), line.how)
                yield Symbol(Kind.STEP, Action.REFERS, Exact(line.words[0]), value.at, role=file.role, detail=use)
