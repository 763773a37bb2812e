"""Makefiles: targets, their recipes, and what keeps the set of targets from being known."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile

_RULE = re.compile(r"^([^\s#:=?+!&][^:=#]*?)\s*(?:&?::?)(?!=)\s*([^;#]*)(?:;(.*))?")
_INCLUDE = re.compile(r"^[-s]?include\b")
_VARIABLE = re.compile(r"^\s*(?:export\s+|override\s+)*([\w.-]+)\s*(?::{0,3}|\?|\+|!)=\s*(.*)")
_USE = re.compile(r"\$[({]([\w.-]+)[)}]")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A line of a recipe, without `@`, `-` and `+`; `ignores` tells that its failure is (`-`)."""

    text: str
    at: Span
    ignores: bool


@dataclass(slots=True, eq=False)
class Target:
    """A name that can be made."""

    name: str
    at: Span
    needs: tuple[str, ...]
    recipes: list[Recipe] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Makefile:
    """Every target of a file; `open` says why there may be more, at a place."""

    targets: tuple[Target, ...]
    open: tuple[tuple[str, Span], ...]


@lru_cache(maxsize=8)
def read(file: SourceFile) -> Makefile:
    """Read a file. What is no rule is skipped."""
    targets: list[Target] = []
    unknown: list[tuple[str, Span]] = []
    variables = {"MAKE": "make"}
    current: list[Target] = []
    define = False
    for number, line in _logical(file.text):
        at = Span(file.path, number, 1, number, max(len(line.partition("\n")[0]), 1))
        bare = line.strip()
        if define or bare.startswith("define "):
            define = not bare.startswith("endef")
            continue
        if line.startswith("\t"):
            for target in current:
                _recipe(target, line[1:], file.path, number, variables)
            continue
        if not bare or bare.startswith("#"):
            continue
        if _INCLUDE.match(bare):
            unknown.append(("another file is included", at))
        elif found := _VARIABLE.match(line):
            variables[found[1]] = found[2].strip()
        elif rule := _RULE.match(line):
            current = _targets(rule, file.path, number, variables, unknown, at)
            targets += current
        elif bare.startswith("$("):
            unknown.append(("rules are computed", at))
    return Makefile(tuple(targets), tuple(unknown))


def _targets(
    rule: re.Match[str],
    path: str,
    number: int,
    variables: dict[str, str],
    unknown: list[tuple[str, Span]],
    at: Span,
) -> list[Target]:
    found: list[Target] = []
    needs = tuple(word for word in _expanded(rule[2], variables).split() if "$" not in word)
    for name in _expanded(rule[1], variables).split():
        if "%" in name or "$" in name or name.startswith("."):
            if not name.startswith("."):
                unknown.append((f"the rule for {name} makes more than one name", at))
            continue
        column = max(rule.string.find(name), 0) + 1
        target = Target(name, Span(path, number, column, number, column + len(name) - 1), needs)
        if rule[3]:
            _recipe(target, rule[3], path, number, variables)
        found.append(target)
    return found


def _recipe(target: Target, text: str, path: str, number: int, variables: dict[str, str]) -> None:
    bare = text.lstrip(" \t@-+")
    prefix = text[: len(text) - len(bare)]
    first = bare.partition("\n")[0]
    if first.strip() and not bare.startswith("#"):
        column = len(prefix) + 2 if number else 1
        at = Span(path, number, column, number, max(column + len(first) - 1, column))
        target.recipes.append(Recipe(_expanded(bare, variables).replace("$$", "$"), at, "-" in prefix))


def _expanded(text: str, variables: dict[str, str]) -> str:
    for _ in range(4):
        changed = _USE.sub(lambda found: variables.get(found[1], found[0]), text)
        if changed == text or len(changed) > 20_000:
            break
        text = changed
    return text


def _logical(text: str) -> list[tuple[int, str]]:
    """Return the lines with their numbers, those that end in a backslash joined with the next."""
    found: list[tuple[int, str]] = []
    pending, first = "", 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        first = first or number
        if line.endswith("\\") and len(pending) < 50_000:
            pending += line[:-1] + " "
            continue
        found.append((first, pending + line))
        pending, first = "", 0
    if pending:
        found.append((first, pending))
    return found
