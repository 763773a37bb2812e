"""What configures pytest and coverage: the section, the file it stands in, and whether the tool hears it there."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.testing import RunnerConfiguration
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import ini, toml

PROVIDES = frozenset({Kind.TEST})

_INI = ("pytest.ini", ".pytest.ini", "setup.cfg", "tox.ini", ".coveragerc")
# Which section of which file each tool reads.
_HEARD = {
    ("pytest.ini", "pytest"): "pytest",
    (".pytest.ini", "pytest"): "pytest",
    ("tox.ini", "pytest"): "pytest",
    ("setup.cfg", "tool:pytest"): "pytest",
}
# Headers that are meant for a tool and that it does not read in such a file.
_MEANT = re.compile(r"(?:tool[.:])?pytest(?:[.:_-]?ini[_-]?options)?")


def wants(path: str) -> bool:
    """Files of the names these tools look for."""
    name = path.rpartition("/")[2]
    return name in (*_INI, "pyproject.toml")


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name; manifests when they name a tool."""
    return file.name != "pyproject.toml" or "pytest" in file.text or "coverage" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each section that configures a test tool, and each that is meant to and is not heard."""
    if file.name == "pyproject.toml":
        yield from _pyproject(file)
    else:
        yield from _ini(file)


def _symbol(file: SourceFile, at: Span, detail: RunnerConfiguration) -> Symbol:
    return Symbol(Kind.TEST, Action.DEFINES, Exact(detail.tool), at, phase="test", role=file.role, detail=detail)


def _ini(file: SourceFile) -> Iterator[Statement]:
    found = ini.sections(file)
    own = file.name in ("pytest.ini", ".pytest.ini")
    if own and not any(section.name == "pytest" for section in found):
        # An empty pytest.ini is still the one that pytest takes.
        yield _symbol(file, Span(file.path), RunnerConfiguration("pytest", file.name, "", heard=True, wins=True))
    for section in found:
        tool = _HEARD.get((file.name, section.name))
        if tool is not None:
            detail = RunnerConfiguration(tool, file.name, section.name, heard=True, wins=own, options=section.pairs())
            yield _symbol(file, section.at, detail)
        elif file.name != ".coveragerc" and _MEANT.fullmatch(section.name):
            detail = RunnerConfiguration("pytest", file.name, section.name, heard=False, options=section.pairs())
            yield _symbol(file, section.at, detail)
    yield from _coverage(file, found)


def _coverage(file: SourceFile, found: tuple[ini.Section, ...]) -> Iterator[Statement]:
    own = file.name == ".coveragerc"
    if own and not found:
        detail = RunnerConfiguration("coverage", file.name, "", heard=True, wins=True)
        yield _symbol(file, Span(file.path), detail)
        return
    heard = [s for s in found if s.name.startswith("coverage:") or (own and not s.name.startswith("tool"))]
    if heard:
        options = tuple(
            (f"{s.name.removeprefix('coverage:')}.{name}", value) for s in heard for name, value in s.pairs()
        )
        detail = RunnerConfiguration("coverage", file.name, heard[0].name, heard=True, wins=own, options=options)
        yield _symbol(file, heard[0].at, detail)
    for section in found:
        if section.name.startswith(("tool.coverage", "tool:coverage")):
            detail = RunnerConfiguration("coverage", file.name, section.name, heard=False, options=section.pairs())
            yield _symbol(file, section.at, detail)


def _pyproject(file: SourceFile) -> Iterator[Statement]:
    read = toml.document(file)
    tool = read.table("tool")
    pytest = read.table("tool", "pytest")
    if "ini_options" in pytest:
        path = ("tool", "pytest", "ini_options")
        yield _toml(file, read, "pytest", path, heard=True)
    elif pytest and not any(isinstance(value, dict) for value in pytest.values()):
        # pytest reads this table from version 9 on.
        yield _toml(file, read, "pytest", ("tool", "pytest"), heard=None)
    for name in sorted({key for key in pytest if key != "ini_options" and _MEANT.fullmatch(f"pytest.{key}")}):
        yield _toml(file, read, "pytest", ("tool", "pytest", name), heard=False)
    for name in sorted(key for key in tool if key not in ("pytest", "pytest-asyncio") and _MEANT.fullmatch(key)):
        yield _toml(file, read, "pytest", ("tool", name), heard=False)
    for name in sorted(key for key in read.values if _MEANT.fullmatch(key)):
        yield _toml(file, read, "pytest", (name,), heard=False)
    if "coverage" in tool:
        yield _toml(file, read, "coverage", ("tool", "coverage"), heard=True)
    if "coverage" in read.values:
        yield _toml(file, read, "coverage", ("coverage",), heard=False)


def _toml(file: SourceFile, read: toml.Document, tool: str, path: tuple[str, ...], *, heard: bool | None) -> Symbol:
    options = tuple(_flat(read.get(*path)))
    detail = RunnerConfiguration(tool, file.name, ".".join(path), heard=heard, options=options)
    return _symbol(file, _header(read, path), detail)


def _header(read: toml.Document, path: tuple[str, ...]) -> Span:
    if path in read.places:
        return read.places[path]
    below = sorted(at for key, at in read.places.items() if key[: len(path)] == path)
    return below[0] if below else read.at(*path)


def _flat(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        yield name, "\n".join(str(item) for item in value)
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, str(value)
