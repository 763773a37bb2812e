"""A pipeline or script runs tests at a path that is not there.

The runner ends with an error, or, where errors are forgiven, with nothing tested at all.

## Fails

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest test/unit
```

```python title="tests/unit/test_main.py"
def test_sum():
    assert 1 + 1 == 2
```

## Passes

```yaml title=".github/workflows/ci.yml"
name: ci
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest tests/unit
```

```python title="tests/unit/test_main.py"
def test_sum():
    assert 1 + 1 == 2
```

## Repair

Name a path that exists, or leave the path out and let the runner's own configuration say where the tests are.
"""

import itertools
import posixpath
import re
from collections.abc import Iterator

from roadworthy.model.detail.script import PathUse
from roadworthy.model.detail.testing import RunnerCalled, RunnerConfiguration
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.TESTS, since="0.1", needs=frozenset({Kind.STEP, Kind.TEST}))
_SCRIPTED = frozenset({"jest", "vitest", "mocha", "playwright"})
_FOLDERS = {"jest": "roots", "playwright": "testDir"}
_LOADED = {
    "jest": ("setupFiles", "setupFilesAfterEnv", "globalSetup", "globalTeardown"),
    "vitest": ("setupFiles", "globalSetup"),
    "playwright": ("globalSetup", "globalTeardown"),
}
_PLAIN = re.compile(r"[\w./@-]+")
_ENDINGS = (".ts", ".js", ".tsx", ".mjs", ".cjs", ".json")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the test paths that commands and configurations name with the files there are."""
    for symbol in facts.details(Kind.STEP, Action.REFERS, PathUse):
        use = symbol.detail
        if not isinstance(use, PathUse) or use.form != "test path" or use.source == "document":
            continue
        if use.found:
            yield Held(symbol.at)
        elif use.found is None:
            yield Unknown(f"whether `{symbol.name}` is there: the folder it is looked for in is not known", symbol.at)
        elif symbol.role is FileRole.PROD:
            near = (Related(_place(facts, use.nearest), "the nearest there is"),) if use.nearest else ()
            yield Finding(
                f"`{use.command}` names `{symbol.name}`, which is not in the repository"
                + (f"; the nearest is `{use.nearest}`" if use.nearest else ""),
                symbol.at,
                near,
                f"Name `{use.nearest}`" if use.nearest else "Name a path that exists",
                (str(symbol.name),),
            )
    yield from _configured(facts)
    for symbol in facts.details(Kind.TEST, Action.REFERS, RunnerCalled):
        yield Held(symbol.at)
        if symbol.role is FileRole.PROD and isinstance(symbol.detail, RunnerCalled) and str(symbol.name) in _SCRIPTED:
            yield from _handed(facts, symbol, symbol.detail)


def _handed(facts: Facts, symbol: Symbol, called: RunnerCalled) -> Iterator[Finding]:
    """Look for the paths that are handed to a runner of JavaScript, which takes a path for a part of one."""
    if str(symbol.name) == "playwright" and "test" not in called.words[:3]:
        return
    for before, word in itertools.pairwise(called.words):
        plain = _PLAIN.fullmatch(word) is not None and ("/" in word or word.endswith(_ENDINGS))
        configuration = before in ("--config", "-c")
        if not plain or (before.startswith("-") and "=" not in before and not configuration and before != "--"):
            continue
        inner = posixpath.normpath(word).lstrip("./")
        if not re.search(r"[A-Za-z]", inner) or any(inner in path for path in facts.files):
            continue
        what = "a configuration" if configuration else "tests"
        yield Finding(
            f"`{' '.join(called.words)[:80]}` names {what} at `{word}`, and nothing of that name is in the repository",
            symbol.at,
            repair="Name a path that exists",
            names=(word,),
        )


def _configured(facts: Facts) -> Iterator[Finding | Held]:
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        detail = symbol.detail
        if not isinstance(detail, RunnerConfiguration) or symbol.role is not FileRole.PROD:
            continue
        if detail.tool in _FOLDERS:
            yield from _folders(facts, symbol, detail)
        if detail.tool in _LOADED:
            yield from _loaded(facts, symbol, detail)
        if detail.tool != "pytest":
            continue
        folder = symbol.at.path.rpartition("/")[0]
        for path in (p for name, value in detail.options if name == "testpaths" for p in value.split()):
            full = posixpath.normpath(posixpath.join(folder, path))
            if "*" in path or facts.has_folder(full) or facts.has_file(full):
                yield Held(symbol.at)
            else:
                yield Finding(
                    f"`testpaths` names `{path}`, which is not in the repository",
                    symbol.at,
                    repair="Name the folder that holds the tests",
                    names=(path,),
                )


def _folders(facts: Facts, symbol: Symbol, setup: RunnerConfiguration) -> Iterator[Finding | Held]:
    folder = symbol.at.path.rpartition("/")[0]
    option = _FOLDERS[setup.tool]
    root = dict(setup.options).get("rootDir", "")
    for path in (p for name, value in setup.options if name == option for p in value.split("\n")):
        inner = path.replace("<rootDir>", root or ".")
        full = posixpath.normpath(posixpath.join(folder, inner))
        if not re.fullmatch(r"[\w./@-]*", inner) or full.startswith(".."):
            continue
        if facts.has_folder("" if full == "." else full):
            yield Held(symbol.at)
        else:
            yield Finding(
                f"`{option}` of {setup.tool} names `{path}`, which is not in the repository",
                symbol.at,
                repair="Name the folder that holds the tests",
                names=(path,),
            )


def _loaded(facts: Facts, symbol: Symbol, setup: RunnerConfiguration) -> Iterator[Finding | Held]:
    """Look up the files that a runner loads before the tests."""
    folder = symbol.at.path.rpartition("/")[0]
    given = dict(setup.options)
    root = given.get("rootDir", given.get("root", "")).removeprefix("<rootDir>")
    for option in _LOADED[setup.tool]:
        for path in filter(None, given.get(option, "").split("\n")):
            inner = path.replace("<rootDir>", ".")
            full = posixpath.normpath(posixpath.join(folder, root, inner))
            # Without a dot or `<rootDir>` it may be a package's.
            certain = path.startswith((".", "<rootDir>")) or (path.endswith(_ENDINGS) and not path.startswith("@"))
            if not _PLAIN.fullmatch(inner) or full.startswith("..") or not certain or "node_modules" in full:
                continue
            if any(facts.has_file(full + ending) for ending in ("", *_ENDINGS, *(f"/index{e}" for e in _ENDINGS))):
                yield Held(symbol.at)
            else:
                yield Finding(
                    f"`{option}` of {setup.tool} names `{path}`, which is not in the repository",
                    symbol.at,
                    repair="Name the file that prepares the tests",
                    names=(option, path),
                )


def _place(facts: Facts, path: str) -> Span:
    return Span(path if facts.has_file(path) else next(f for f in facts.files if f.startswith(path)))
