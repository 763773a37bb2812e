"""The tests need a plug-in that nothing installs.

Without it pytest refuses the option, or counts coroutines as tests without ever running them.

## Fails

```toml title="pyproject.toml"
[project]
name = "orders"
version = "1"
dependencies = ["flask"]

[dependency-groups]
dev = ["pytest"]

[tool.pytest.ini_options]
addopts = "--cov=orders"
```

## Passes

```toml title="pyproject.toml"
[project]
name = "orders"
version = "1"
dependencies = ["flask"]

[dependency-groups]
dev = ["pytest", "pytest-cov"]

[tool.pytest.ini_options]
addopts = "--cov=orders"
```

## Repair

Add the plug-in to the packages the tests are run with.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.manifest import Dependency, ManifestRead
from roadworthy.model.detail.pipeline import ActionUse
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import CaseFound, RunnerCalled, RunnerConfiguration
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST, Kind.PACKAGE}))

_OPTIONS = (
    (re.compile(r"(?:^|\s)--cov(?:=|\s|$|-)"), "--cov", ("pytest-cov", "pytest-coverage")),
    (re.compile(r"(?:^|\s)(?:-n\s*(?:auto|logical|\d+)|--numprocesses|--dist[= ])"), "-n", ("pytest-xdist",)),
    (re.compile(r"(?:^|\s)--reruns[= ]"), "--reruns", ("pytest-rerunfailures",)),
    (re.compile(r"(?:^|\s)--timeout[= ]\d"), "--timeout", ("pytest-timeout",)),
    (re.compile(r"(?:^|\s)--asyncio-mode[= ]"), "--asyncio-mode", ("pytest-asyncio",)),
    (re.compile(r"(?:^|\s)--ds[= ]|--reuse-db"), "--ds", ("pytest-django",)),
)
_COROUTINES = (
    "pytest-asyncio",
    "anyio",
    "pytest-trio",
    "pytest-aiohttp",
    "pytest-tornasync",
    "pytest-twisted",
    "alt-pytest-asyncio",
)
_WITH_ANYIO = frozenset(
    {"httpx", "starlette", "fastapi", "anyio", "trio", "litestar", "openai", "anthropic", "mcp", "watchfiles"}
)
_ELSEWHERE = re.compile(r"(?:.*/)?(?:setup\.py|setup\.cfg|Pipfile|environment\.ya?ml|conda[\w-]*\.ya?ml|pixi\.toml)")
_TRANSFORMS = re.compile(
    r"(ts-jest|babel-jest|@swc/jest|esbuild-jest|@sucrase/jest-plugin|vue-jest|@shelf/jest-mongodb)\b"
)
# Packages that component libraries and frameworks bring along.
_BROUGHT = frozenset({"jsdom", "happy-dom"})
_REQUIRED = re.compile(r"(ts-node|tsx|@babel/register|tsconfig-paths|esbuild-register|@swc-node/register|chai)\b")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what the tests and their options need with the packages that are asked for."""
    asked = {
        str(symbol.name)
        for symbol in facts.details(Kind.PACKAGE, Action.DEFINES, Dependency)
        if isinstance(symbol.detail, Dependency) and symbol.detail.ecosystem == "python"
    }
    installed = asked | set(_installed(facts))
    manifests = [
        s
        for s in facts.details(Kind.PACKAGE, Action.REFERS, ManifestRead)
        if isinstance(s.detail, ManifestRead) and s.detail.ecosystem == "python"
    ]
    yield from _scripted(facts)
    yield from _browsers(facts)
    for at, what, plugins in _needs(facts, installed):
        if set(plugins) & installed:
            yield Held(at)
        elif (doubt := _doubt(facts, manifests[0].at if manifests else None, "pytest" in installed)) is not None:
            yield Unknown(f"whether {plugins[0]} is installed: {doubt}", at)
        else:
            yield Finding(
                f"{what} needs {plugins[0]}, and no manifest asks for it",
                at,
                tuple(Related(symbol.at, "asks for packages, not for this one") for symbol in manifests[:2]),
                f"Add `{plugins[0]}` to the packages for tests",
                (plugins[0],),
            )


def _scripted(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare what the configurations of JavaScript runners name with the packages of their manifests."""
    asked: dict[str, set[str]] = defaultdict(set)
    for symbol in facts.details(Kind.PACKAGE, Action.DEFINES, Dependency):
        if isinstance(symbol.detail, Dependency) and symbol.detail.ecosystem == "npm":
            asked[symbol.at.path.rpartition("/")[0]].add(str(symbol.name))
    covered = any(
        "coverage" in " ".join(s.detail.words)
        for s in facts.details(Kind.TEST, Action.REFERS, RunnerCalled)
        if isinstance(s.detail, RunnerCalled)
    )
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        setup = symbol.detail
        if not isinstance(setup, RunnerConfiguration) or symbol.role is not FileRole.PROD:
            continue
        folder = symbol.at.path.rpartition("/")[0]
        above = [known for known in asked if not known or folder == known or folder.startswith(known + "/")]
        own = max(above, key=len, default=None)
        packages = {name for known in above for name in asked[known]}
        if own is None or setup.tool not in packages:
            continue
        for what, package in _named_packages(setup, covered=covered):
            if package in packages:
                yield Held(symbol.at)
            elif package in _BROUGHT:
                yield Unknown(f"whether {package} is installed: another package may bring it along", symbol.at)
            else:
                manifest = Span(f"{own}/package.json" if own else "package.json")
                yield Finding(
                    f"{what} needs {package}, and no manifest asks for it",
                    symbol.at,
                    (Related(manifest, "asks for packages, not for this one"),),
                    f"Add `{package}` to the development packages",
                    (package,),
                )


def _browsers(facts: Facts) -> Iterator[Finding | Held]:
    """Compare the jobs that run Playwright with what brings its browsers."""
    for symbol in facts.details(Kind.TEST, Action.REFERS, RunnerCalled):
        called = symbol.detail
        if str(symbol.name) != "playwright" or not isinstance(called, RunnerCalled) or symbol.role is not FileRole.PROD:
            continue
        if next(iter(_bringing(facts)), None) is not None:
            yield Held(symbol.at)
        else:
            yield Finding(
                "The tests run in browsers, and nothing installs them",
                symbol.at,
                repair="Run `npx playwright install --with-deps` before the tests",
                names=("playwright install",),
            )


def _bringing(facts: Facts) -> Iterator[Span]:
    for kind in (Kind.STEP, Kind.COMMAND, Kind.IMAGE):
        for symbol in facts.references(kind):
            words = symbol.detail.words if isinstance(symbol.detail, CommandLine | CommandUse) else (str(symbol.name),)
            text = " ".join(words).lower()
            fetched = (
                "install" in text or kind is Kind.IMAGE or isinstance(symbol.detail, ActionUse) or "chromium" in text
            )
            if ("playwright" in text and fetched) or "docker" in text.partition(" ")[0] or "setup-chrome" in text:
                yield symbol.at


def _named_packages(setup: RunnerConfiguration, *, covered: bool) -> Iterator[tuple[str, str]]:
    """Yield what an option of a runner asks for, with the package that brings it."""
    for name, value in setup.options:
        last = name.rpartition(".")[2]
        if setup.tool == "jest":
            if (name == "preset" or name.startswith("transform.")) and (found := _TRANSFORMS.match(value)):
                yield f"The {'preset' if name == 'preset' else 'transform'} `{value}`", found[1]
            elif last == "testEnvironment" and value in ("jsdom", "jest-environment-jsdom"):
                yield f"The test environment `{value}`", "jest-environment-jsdom"
        elif setup.tool == "vitest":
            if name == "environment" and value in ("jsdom", "happy-dom", "edge-runtime"):
                yield f"The test environment `{value}`", "@edge-runtime/vm" if value == "edge-runtime" else value
            elif name == "coverage.provider" and value in ("v8", "istanbul", "c8") and covered:
                yield f"The coverage provider `{value}`", f"@vitest/coverage-{value}"
        elif setup.tool == "mocha" and name == "require":
            for word in value.split():
                if (found := _REQUIRED.match(word)) is not None:
                    yield f"`require: {word}`", found[1]


def _needs(facts: Facts, installed: set[str]) -> Iterator[tuple[Span, str, tuple[str, ...]]]:
    for at, text in _texts(facts):
        for pattern, name, plugins in _OPTIONS:
            if pattern.search(text):
                yield at, f"The option `{name}`", plugins
    for symbol in facts.details(Kind.TEST, Action.DEFINES, CaseFound):
        case = symbol.detail
        if not isinstance(case, CaseFound) or not case.asynchronous or symbol.role is FileRole.EXAMPLE:
            continue
        own = _WITH_ANYIO if "anyio" in case.marks else frozenset[str]()
        yield symbol.at, f"The coroutine `{symbol.name}`", (*_COROUTINES, *sorted(own & installed))
        return


def _texts(facts: Facts) -> Iterator[tuple[Span, str]]:
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        detail = symbol.detail
        if isinstance(detail, RunnerConfiguration) and detail.tool == "pytest" and symbol.role is FileRole.PROD:
            for name, value in detail.options:
                if name == "addopts":
                    yield symbol.at, value.replace("\n", " ")
    for symbol in facts.details(Kind.STEP, Action.REFERS, CommandLine):
        line = symbol.detail
        if isinstance(line, CommandLine) and line.source != "document" and symbol.role is FileRole.PROD:
            words = list(line.words)
            if "pytest" in words:
                yield symbol.at, " ".join(words[words.index("pytest") :])


def _installed(facts: Facts) -> Iterator[str]:
    for symbol in facts.details(Kind.STEP, Action.REFERS, CommandLine):
        if isinstance(symbol.detail, CommandLine) and ({"install", "--with", "add", "-e"} & set(symbol.detail.words)):
            yield from (re.split(r"[=<>~!\[]", word)[0].lower() for word in symbol.detail.words)
    for symbol in facts.definitions(Kind.PACKAGE):
        yield str(symbol.name).lower()


def _doubt(facts: Facts, manifest: Span | None, has_pytest: bool) -> str | None:
    if manifest is None:
        return "no manifest of Python packages was read"
    other = next((path for path in facts.files if _ELSEWHERE.fullmatch(path)), None)
    if other is not None:
        return f"{other} may ask for it, and is not read"
    return None if has_pytest else "nothing that was read asks for pytest either"
