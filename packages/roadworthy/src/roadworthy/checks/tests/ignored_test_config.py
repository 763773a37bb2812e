"""The test runner ignores the section that configures it.

Of several files a runner takes one, and a section under the wrong header it does not see at all. Test paths, coverage
floors and strictness then stand in the repository and count for nothing, and the run is green.

## Fails

```ini title="pytest.ini"
[pytest]
testpaths = tests
```

```toml title="pyproject.toml"
[tool.pytest.ini_options]
addopts = "--cov=app --cov-fail-under=90 --strict-markers"
```

## Passes

```toml title="pyproject.toml"
[tool.pytest.ini_options]
testpaths = ["tests"]
addopts = "--cov=app --cov-fail-under=90 --strict-markers"
```

## Repair

Keep one file for each tool, move the options of the others into it, and use the header it asks for: `[pytest]` in
pytest.ini and tox.ini, `[tool:pytest]` in setup.cfg, `[tool.pytest.ini_options]` in pyproject.toml.

## References

- https://docs.pytest.org/en/stable/reference/customize.html#configuration-file-formats
- https://coverage.readthedocs.io/en/latest/config.html
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.testing import RunnerConfiguration
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}))

_ORDER = {
    "pytest": ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"),
    "coverage": (".coveragerc", "setup.cfg", "tox.ini", "pyproject.toml"),
    "jest": ("package.json",),
    "vitest": ("vitest.config.ts", "vitest.config.mts", "vitest.config.js", "vitest.config.mjs", "vite.config.ts"),
    "mocha": (".mocharc.js", ".mocharc.cjs", ".mocharc.yaml", ".mocharc.yml", ".mocharc.jsonc", ".mocharc.json"),
}
_HEADERS = {
    ("pytest", "setup.cfg"): "tool:pytest",
    ("pytest", "pyproject.toml"): "tool.pytest.ini_options",
    ("coverage", "pyproject.toml"): "tool.coverage.run",
}
_CHOSEN = {
    "pytest": re.compile(r"(?:-c|--config-file)(?:=|\s+)(\S+)"),
    "coverage": re.compile(r"(?:--rcfile|--cov-config)(?:=|\s+)(\S+)"),
    "jest": re.compile(r"(?:-c|--config)(?:=|\s+)(\S+)"),
    "vitest": re.compile(r"(?:-c|--config)(?:=|\s+)(\S+)"),
    "mocha": re.compile(r"--config(?:=|\s+)(\S+)"),
}
_CALLED = {"pytest": ("pytest", "py.test"), "coverage": ("coverage", "pytest", "py.test")}
_Found = tuple[Span, RunnerConfiguration]


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the sections of each tool in each folder with the one the tool takes."""
    groups: dict[tuple[str, str], dict[Span, RunnerConfiguration]] = defaultdict(dict)
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        setup = symbol.detail
        if isinstance(setup, RunnerConfiguration) and symbol.role is FileRole.PROD and setup.tool in _ORDER:
            groups[symbol.at.path.rpartition("/")[0], setup.tool][symbol.at] = setup
    for (_, tool), found in sorted(groups.items()):
        ordered = sorted(found.items(), key=lambda pair: (_rank(tool, pair[1].form), pair[0]))
        if tool == "jest":
            yield from _jest(facts, ordered)
        else:
            yield from _tool(facts, tool, ordered)


def _rank(tool: str, form: str) -> int:
    order = _ORDER[tool]
    return order.index(form) if form in order else len(order)


def _tool(facts: Facts, tool: str, ordered: list[_Found]) -> Iterator[Finding | Unknown | Held]:
    chosen = _named(facts, tool, ordered)
    heard = [(at, detail) for at, detail in ordered if detail.heard is not False]
    winner = next(((at, d) for at, d in heard if chosen in ("", d.form)), None)
    for at, detail in ordered:
        if winner is not None and at == winner[0]:
            if detail.heard is None and not _from_nine(facts):
                yield Unknown(f"whether pytest reads `[{detail.section}]`: only versions from 9 on do", at)
            else:
                yield Held(at)
        elif chosen and winner is None:
            yield Unknown(f"which file {tool} takes: it is told to read {chosen}", at)
        elif detail.heard is False:
            yield _unheard(at, detail, winner)
        elif winner is not None and set(detail.options) <= set(winner[1].options):
            yield Held(at)
        elif winner is not None:
            yield _outranked(at, detail, winner)


def _from_nine(facts: Facts) -> bool:
    """Tell whether a manifest asks for a version of pytest that reads `[tool.pytest]`."""
    asked = [s.detail for s in facts.details(Kind.PACKAGE, Action.DEFINES, Dependency) if str(s.name) == "pytest"]
    found = [re.search(r"(?:>=|~=|==|\^|^)\s*(\d+)", d.specifier) for d in asked if isinstance(d, Dependency)]
    return any(match is not None and int(match[1]) >= 9 for match in found)


def _named(facts: Facts, tool: str, ordered: list[_Found]) -> str:
    """Return the name of the file that a command or an option tells the tool to read, "" where none does."""
    texts = [value for _, detail in ordered for name, value in detail.options if name.endswith("addopts")]
    if tool == "coverage":
        texts += [
            value
            for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration)
            if isinstance(symbol.detail, RunnerConfiguration) and symbol.detail.tool == "pytest"
            for name, value in symbol.detail.options
            if name == "addopts"
        ]
    for symbol in facts.details(Kind.STEP, Action.REFERS, CommandLine):
        if isinstance(symbol.detail, CommandLine) and symbol.detail.source != "document":
            line = " ".join(symbol.detail.words)
            if any(name in line for name in _CALLED.get(tool, (tool,))):
                texts.append(line)
    for text in texts:
        if found := _CHOSEN[tool].search(text):
            return found[1].strip("\"'").rpartition("/")[2]
    return ""


def _unheard(at: Span, detail: RunnerConfiguration, winner: _Found | None) -> Finding:
    proper = _HEADERS.get((detail.tool, detail.form), detail.tool)
    what = f"`[{detail.section}]` in {detail.form}"
    why = (
        f"{detail.tool} does not read it"
        if (detail.form, detail.section) != ("setup.cfg", "pytest")
        else ("pytest refuses this header there")
    )
    related = () if winner is None else (Related(winner[0], f"{detail.tool} takes this instead"),)
    return Finding(
        f"{what} configures nothing: {why}; the header is `[{proper}]`",
        at,
        related,
        f"Write `[{proper}]`" if winner is None else f"Move the options to {winner[0].path} and remove this section",
        (detail.tool, detail.section),
    )


def _outranked(at: Span, detail: RunnerConfiguration, winner: _Found) -> Finding:
    place, taken = winner
    empty = "even though it is empty" if not taken.options else "in the same folder"
    lost = sorted({name for name, _ in detail.options} - {name for name, _ in taken.options})
    names = ", ".join(f"`{name}`" for name in lost[:4]) or "other values of the same options"
    return Finding(
        f"{detail.tool} ignores `[{detail.section}]` of {at.path}: it takes {place.path} {empty}; lost: {names}",
        at,
        (Related(place, f"{detail.tool} reads this file and no other"),),
        f"Move the options into {place.path}, or delete {place.path}",
        (detail.tool, detail.section, taken.form),
    )


def _jest(facts: Facts, ordered: list[_Found]) -> Iterator[Finding | Unknown | Held]:
    (at, detail), *others = ordered
    chosen = _named(facts, "jest", ordered) if others else ""
    if chosen:
        yield Unknown(f"which file jest takes: it is told to read {chosen}", at)
        return
    yield Held(at)
    for other, found in others:
        yield Finding(
            f"jest refuses to start: {detail.form} and {found.form} both configure it",
            other,
            (Related(at, "the other configuration"),),
            "Keep one of them",
            (detail.form, found.form),
        )
