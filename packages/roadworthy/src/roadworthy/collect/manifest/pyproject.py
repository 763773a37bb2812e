"""pyproject.toml: the packages a Python program asks for, by group, and the commands it defines."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.manifest import Dependency, ManifestRead
from roadworthy.model.detail.script import ScriptDefined
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import requirement, toml

PROVIDES = frozenset({Kind.PACKAGE, Kind.SCRIPT})
_TEST_GROUPS = ("test", "tests", "testing")


def wants(path: str) -> bool:
    """Files of this name."""
    return path.rpartition("/")[2] == "pyproject.toml"


def recognises(file: SourceFile) -> bool:
    """Every file of the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every package asked for, that the manifest was read, and the scripts of task runners."""
    read = toml.document(file)
    found = list(_project(read)) + list(_groups(read)) + list(_poetry(read)) + list(_others(read))
    main = [asked for group, asked, _ in found if not group]
    for group, asked, at in found:
        phase = "run" if not group else "test" if group.lower() in _TEST_GROUPS else "dev"
        detail = Dependency("python", asked.specifier, asked.pinned, group)
        yield Symbol(Kind.PACKAGE, Action.DEFINES, Exact(asked.name), at, phase=phase, role=file.role, detail=detail)
    if read.get("project") is not None or read.get("tool", "poetry") is not None or found:
        workspace = "workspace" if read.get("tool", "uv", "workspace") is not None else ""
        dynamic = "dynamic" if "dependencies" in read.texts("project", "dynamic") else ""
        pinned = sum(asked.pinned for asked in main)
        said = ManifestRead("python", "pyproject.toml", len(main), pinned, workspace or dynamic)
        at = read.at("project") if read.get("project") is not None else Span(file.path)
        yield Symbol(Kind.PACKAGE, Action.REFERS, Exact(file.path), at, phase="manifest", role=file.role, detail=said)
    for runner, path in _TASKS:
        for name in read.table(*path):
            script = ScriptDefined(runner, file.folder)
            at = read.at(*path, name)
            yield Symbol(Kind.SCRIPT, Action.DEFINES, Exact(name), at, role=file.role, detail=script)


_TASKS = (
    ("python", ("project", "scripts")),
    ("python", ("tool", "poetry", "scripts")),
    ("pdm", ("tool", "pdm", "scripts")),
    ("poe", ("tool", "poe", "tasks")),
    ("task", ("tool", "taskipy", "tasks")),
)
_Found = tuple[str, requirement.Requirement, Span]


def _asked(read: toml.Document, group: str, texts: tuple[str, ...], *path: str) -> Iterator[_Found]:
    for text in texts:
        asked = requirement.parse(text)
        if asked is not None:
            yield group, asked, read.word(text.split("[")[0].split("=")[0].split(">")[0].strip(), read.at(*path))


def _project(read: toml.Document) -> Iterator[_Found]:
    yield from _asked(read, "", read.texts("project", "dependencies"), "project", "dependencies")
    for group in read.table("project", "optional-dependencies"):
        path = ("project", "optional-dependencies", group)
        yield from _asked(read, group, read.texts(*path), *path)


def _groups(read: toml.Document) -> Iterator[_Found]:
    for group in read.table("dependency-groups"):
        yield from _asked(read, group, read.texts("dependency-groups", group), "dependency-groups", group)
    yield from _asked(read, "dev", read.texts("tool", "uv", "dev-dependencies"), "tool", "uv", "dev-dependencies")


def _poetry(read: toml.Document) -> Iterator[_Found]:
    tables: list[tuple[str, tuple[str, ...]]] = [
        ("", ("tool", "poetry", "dependencies")),
        ("dev", ("tool", "poetry", "dev-dependencies")),
    ]
    tables += [
        (group, ("tool", "poetry", "group", group, "dependencies")) for group in read.table("tool", "poetry", "group")
    ]
    for group, path in tables:
        for name, value in read.table(*path).items():
            if name != "python":
                version = value.get("version", "") if isinstance(value, dict) else value
                text = version if isinstance(version, str) else ""
                pinned = text[:1].isdigit() or text.startswith("==")
                extras = value.get("extras", []) if isinstance(value, dict) else []
                named = tuple(str(extra) for extra in extras) if isinstance(extras, list) else ()
                asked = requirement.Requirement(requirement.canonical(name), text, named, pinned)
                yield group, asked, read.at(*path, name)


def _others(read: toml.Document) -> Iterator[_Found]:
    for group in read.table("tool", "pdm", "dev-dependencies"):
        path = ("tool", "pdm", "dev-dependencies", group)
        yield from _asked(read, group, read.texts(*path), *path)
    for name in read.table("tool", "hatch", "envs"):
        for kind in ("dependencies", "extra-dependencies"):
            table = ("tool", "hatch", "envs", name, kind)
            yield from _asked(read, name, read.texts(*table), *table)
