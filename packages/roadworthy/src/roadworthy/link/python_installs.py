"""What the package managers of Python install in an image, and which groups of packages they leave out."""

import re
from dataclasses import dataclass

from roadworthy.model.place import Span
from roadworthy.syntax.command_line import base

_EXTRAS = re.compile(r"^(?:\.|-e\.?|file:.*|/[\w./-]+|\./?[\w./-]*)\[([\w,\s-]+)\]$")


@dataclass(frozen=True, slots=True)
class PythonInstall:
    """One call. `form` is "project" (pyproject.toml), "files" (requirements files) or "names"; `groups` are the groups it
    takes in besides the main one, None where it takes all; `how` says what leaves the others out."""

    at: Span
    form: str
    groups: frozenset[str] | None
    how: str
    files: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def install(words: tuple[str, ...], at: Span, variables: dict[str, str | None]) -> PythonInstall | None:
    """Return what a command installs; None where it installs nothing, or what cannot be told."""
    program, rest = base(words[0]), list(words[1:])
    if program.startswith("python") and rest[:2] == ["-m", "pip"]:
        program, rest = "pip", rest[2:]
    if program == "uv" and rest[:1] == ["pip"]:
        program, rest = "pip", rest[1:]
    match program, rest[:1]:
        case "uv", ["sync"]:
            return _uv(rest, at, variables)
        case "poetry", ["install" | "sync"]:
            return _poetry(rest, at, variables)
        case (("pip" | "pip3"), ["install"]):
            return _pip(rest, at)
        case (("pipenv"), ["install" | "sync"]):
            return None
    return None


def _values(rest: list[str], *names: str) -> list[str]:
    found: list[str] = []
    for index, word in enumerate(rest):
        name, equals, value = word.partition("=")
        if name in names:
            text = value if equals else rest[index + 1] if index + 1 < len(rest) else ""
            found += [part.strip() for part in text.split(",")]
    return found


def _uv(rest: list[str], at: Span, variables: dict[str, str | None]) -> PythonInstall | None:
    if "--all-groups" in rest or "--all-extras" in rest or any(word.startswith("--only-") for word in rest):
        return None
    groups = set(_values(rest, "--group", "--extra"))
    if "--no-dev" in rest or "--no-default-groups" in rest or variables.get("UV_NO_DEV") in ("1", "true"):
        how = next((word for word in rest if word in ("--no-dev", "--no-default-groups")), "UV_NO_DEV")
        return PythonInstall(at, "project", frozenset(groups), how)
    without = _values(rest, "--no-group")
    if "dev" in without:
        return PythonInstall(at, "project", frozenset(groups), "--no-group dev")
    return PythonInstall(at, "project", frozenset({*groups, "dev"}), "the default groups")


def _poetry(rest: list[str], at: Span, variables: dict[str, str | None]) -> PythonInstall | None:
    only, without = _values(rest, "--only"), _values(rest, "--without")
    extra = set(_values(rest, "--with", "--extras", "-E"))
    if "--no-dev" in rest or only == ["main"] or "--only-main" in rest:
        return PythonInstall(at, "project", frozenset(extra), "--no-dev" if "--no-dev" in rest else "--only main")
    if only or variables.get("POETRY_ONLY") or variables.get("POETRY_WITHOUT"):
        return None
    if without:
        return PythonInstall(
            at, "project", None, f"--without {','.join(without)}", names=tuple(f"-{g}" for g in without)
        )
    return PythonInstall(at, "project", None, "")


def _pip(rest: list[str], at: Span) -> PythonInstall | None:
    files = tuple(word for word in _values(rest, "-r", "--requirement") if word)
    names: list[str] = []
    for index, word in enumerate(rest[1:], 1):
        if word.startswith("-") or rest[index - 1] in ("-r", "--requirement", "-c", "--constraint", "-t", "--target"):
            continue
        if found := _EXTRAS.match(word):
            return PythonInstall(
                at, "project", frozenset(p.strip() for p in found[1].split(",")), "the extras it names"
            )
        if word in (".", "./") or rest[index - 1] in ("-e", "--editable"):
            return PythonInstall(at, "project", frozenset(), "pip, which takes no extra that is not named,")
        names.append(re.split(r"[\[<>=!~ ]", word)[0].lower().replace("_", "-"))
    if files:
        return PythonInstall(at, "files", frozenset(), "", files)
    return PythonInstall(at, "names", frozenset(), "", (), tuple(names)) if names else None
