"""The package manifests of JavaScript, and where the scripts in them lead."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.link.draft import Draft
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.detail.node import NodePackage
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.syntax import shell
from roadworthy.syntax.command_line import base, calls

_DEPTH = 8
_VERBS = frozenset(
    """
    install i ci clean-install add remove uninstall rm up update upgrade prune rebuild cache config set audit dedupe link
    unlink pack publish version outdated list ls why info init create dlx node store fetch import deploy workspaces
    workspace global policies plugin bin root self-update setup env patch exec x run run-script test start stop restart
    pkg login logout whoami licenses dist-tag doctor explain fund help root view
    """.split()
)
_ELSEWHERE = ("-w", "--workspace", "--filter", "-F", "-r", "--recursive", "--workspaces", "--scope")
_IN_FOLDER = ("--prefix", "-C", "--cwd", "--dir")
_LISTS = frozenset({"run-s", "run-p", "npm-run-all", "npm-run-all2"})
MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})


@dataclass(slots=True)
class Package:
    """One manifest. `asked` are the packages it asks for, by name; `scripts` the commands of each script."""

    folder: str
    at: Span
    setup: NodePackage
    asked: dict[str, list[Symbol]] = field(default_factory=dict)
    scripts: dict[str, list[Symbol]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A program at the end of a chain of scripts. `folder` is relative to the repository, None where it cannot be told;
    `scripts` are the lines that lead to it, `by_npx` tells that it is fetched where it is not installed."""

    words: tuple[str, ...]
    folder: str | None
    scripts: tuple[Symbol, ...] = ()
    by_npx: bool = False
    optional: bool = False
    hidden: bool = False


def packages(draft: Draft) -> dict[str, Package]:
    """Return every package manifest, by its folder."""
    found: dict[str, Package] = {}
    for symbol in draft.of(Kind.SETTING, Action.DEFINES):
        if isinstance(symbol.detail, NodePackage):
            folder = symbol.at.path.rpartition("/")[0]
            found[folder] = Package(folder, symbol.at, symbol.detail)
    for symbol in draft.symbols:
        if not symbol.at.path.endswith("package.json"):
            continue
        package = found.get(symbol.at.path.rpartition("/")[0])
        if package is None:
            continue
        match symbol.detail:
            case Dependency():
                package.asked.setdefault(str(symbol.name), []).append(symbol)
            case CommandLine(source="npm", owner=owner):
                package.scripts.setdefault(owner, []).append(symbol)
    return found


def leaves(
    words: tuple[str, ...], folder: str | None, known: dict[str, Package], passed: tuple[Symbol, ...] = ()
) -> Iterator[Leaf]:
    """Yield the programs a command calls in the end, through package managers and the scripts of manifests."""
    if len(passed) > _DEPTH:
        yield Leaf(words, folder, passed, hidden=True)
        return
    fetched = False
    for call in calls(words):
        program = base(call.program)
        if program in ("npx", "bunx", "pnpx"):
            fetched = True
        elif program in MANAGERS:
            yield from _managed(program, call.words, folder, known, passed)
            return
        elif program in _LISTS:
            yield from _listed(call.words, folder, known, passed)
            return
        elif program == "concurrently":
            for word in call.words[1:]:
                if not word.startswith("-"):
                    inner = ("npm", "run", word[4:]) if word.startswith("npm:") else ()
                    for command in [inner] if inner else [c.words for c in shell.parse(word).commands]:
                        yield from leaves(command, folder, known, passed)
            return
        elif program not in (
            "cross-env",
            "cross-env-shell",
            "env-cmd",
            "exec",
            "env",
            "dotenv",
            "dotenvx",
            "sh",
            "bash",
        ):
            yield Leaf(call.words, folder, passed, fetched, call.optional)
            fetched = False
        elif program in ("cross-env", "cross-env-shell", "env-cmd", "dotenv"):
            yield Leaf(call.words[:1], folder, passed, fetched, call.optional)
            fetched = False


def run(
    name: str, folder: str | None, known: dict[str, Package], passed: tuple[Symbol, ...] = ()
) -> Iterator[Leaf] | None:
    """Return the programs a script calls, None where no such script is known."""
    package = known.get(folder) if folder is not None else None
    if package is None or name not in package.scripts:
        return None
    return _script(name, package, known, passed)


def _script(name: str, package: Package, known: dict[str, Package], passed: tuple[Symbol, ...]) -> Iterator[Leaf]:
    for owner in (f"pre{name}", name, f"post{name}"):
        for symbol in package.scripts.get(owner, ()):
            line = symbol.detail
            if isinstance(line, CommandLine) and symbol not in passed:
                for leaf in leaves(line.words, line.folder, known, (*passed, symbol)):
                    skipped = leaf.optional or line.optional or line.swallowed
                    yield Leaf(leaf.words, leaf.folder, leaf.scripts, leaf.by_npx, skipped, leaf.hidden)


def _managed(
    program: str, words: tuple[str, ...], folder: str | None, known: dict[str, Package], passed: tuple[Symbol, ...]
) -> Iterator[Leaf]:
    rest = list(words[1:])
    place = folder
    plain: list[str] = []
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            plain += rest if plain[:1] in (["exec"], ["x"]) else []
            break
        if name in _IN_FOLDER:
            target = value if equals else rest.pop(0) if rest else ""
            place = _inside(place, target)
        elif name in _ELSEWHERE:
            yield Leaf(words, None, passed, hidden=True)
            return
        elif not word.startswith("-") or (plain and plain[0] not in ("run", "run-script") and plain[0] not in _VERBS):
            plain.append(word)
    match plain:
        case ["run" | "run-script", name, *_]:
            yield from _named(program, name, plain[1:], words, place, known, passed)
        case ["test" | "t" | "start" | "stop" as name, *_]:
            yield from _named(program, "test" if name == "t" else name, plain, words, place, known, passed)
        case ["exec" | "x", *inner] if inner:
            yield Leaf(tuple(inner), place, passed, program in ("npm", "bun"))
        case ["dlx", *inner] if inner:
            yield Leaf(tuple(inner), place, passed, by_npx=True)
        case ["workspace" | "workspaces", *_] if program == "yarn" and plain[1:2] != ["focus"]:
            yield Leaf(words, None, passed, hidden=True)
        case [name, *_] if program in ("yarn", "pnpm", "bun") and name not in _VERBS:
            yield from _named(program, name, plain, words, place, known, passed)
        case _:
            yield Leaf(words, place, passed)


def _named(
    program: str,
    name: str,
    plain: list[str],
    words: tuple[str, ...],
    folder: str | None,
    known: dict[str, Package],
    passed: tuple[Symbol, ...],
) -> Iterator[Leaf]:
    inner = run(name, folder, known, passed)
    if inner is not None:
        yield from inner
    elif program != "npm" and folder in known and name not in ("test", "start", "stop", "run"):
        yield Leaf(tuple(plain), folder, passed)
    else:
        yield Leaf(words, folder, passed, hidden=True, optional="--if-present" in words)


def _listed(
    words: tuple[str, ...], folder: str | None, known: dict[str, Package], passed: tuple[Symbol, ...]
) -> Iterator[Leaf]:
    yield Leaf(words[:1], folder, passed)
    package = known.get(folder) if folder is not None else None
    for word in words[1:]:
        if word.startswith("-"):
            continue
        pattern = re.compile(re.escape(word.partition(" ")[0]).replace(r"\*\*", ".*").replace(r"\*", "[^:]*"))
        for name in sorted(package.scripts) if package else ():
            if pattern.fullmatch(name):
                yield from run(name, folder, known, passed) or ()


def _inside(folder: str | None, target: str) -> str | None:
    if folder is None or not target or "$" in target or target.startswith(("/", "~")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, target))
    return None if joined.startswith("..") else "" if joined == "." else joined
