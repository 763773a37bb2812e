"""The files of tests hold no test.

The runner collects nothing; what calls it, or forgives that, is green.

## Fails

```python title="tests/test_orders.py"
from app.orders import total


def orders_add_up():
    assert total([1, 2]) == 3
```

## Passes

```python title="tests/test_orders.py"
from app.orders import total


def test_orders_add_up():
    assert total([1, 2]) == 3
```

## Repair

Name the functions as the runner looks for them (`test_…`, `Test…`), or delete the file.

## References

- https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from roadworthy.model.detail.testing import CasesRead, RunnerConfiguration
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST}))

# Where runners are told which files hold tests: the option, the language, and what parts its values.
_PATTERNS: dict[str, tuple[str, str, str | None]] = {
    "pytest": ("python_files", "python", None),
    "vitest": ("include", "javascript", "\n"),
    "jest": ("testMatch", "javascript", "\n"),
}
_GLOB = re.compile(r"[\w.*{?@+(\[<][\w./*{},?@+()|\[\]<>-]*")
_PARTS = re.compile(r"\*\*/|\*\*|[?@+*]\(|\[[^\]]*\]|.")
_CLOSERS = {"?": ")?", "+": ")+", "*": ")*"}
_HELPER = re.compile(
    r"(?:.*/)?(?:test_)?(?:utils?|helpers?|base|common|data|settings|config|factory|factories|setup|client)(?:_test)?\.py"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Count the cases of each language's files of tests."""
    read: dict[str, list[tuple[Symbol, CasesRead]]] = defaultdict(list)
    for symbol in facts.details(Kind.TEST, Action.DEFINES, CasesRead):
        if isinstance(symbol.detail, CasesRead) and symbol.role in (FileRole.TEST, FileRole.PROD):
            read[symbol.detail.framework].append((symbol, symbol.detail))
    yield from _misnamed(facts, read)
    for files in read.values():
        if any(cases.cases for _, cases in files):
            yield from (Held(symbol.at) for symbol, cases in files if cases.cases)
            continue
        for symbol, _ in files:
            if not _HELPER.fullmatch(symbol.at.path):
                yield Finding(
                    f"{symbol.at.path} holds no test, nor does any other file of tests",
                    symbol.at,
                    repair="Name its functions as the runner looks for them, or write the first test",
                    names=(symbol.at.path,),
                )
                break


def _misnamed(facts: Facts, read: Mapping[str, list[tuple[Symbol, CasesRead]]]) -> Iterator[Finding | Held]:
    """Compare the patterns by which runners look for files of tests with the files that hold tests."""
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        setup = symbol.detail
        if not isinstance(setup, RunnerConfiguration) or symbol.role is not FileRole.PROD or setup.heard is False:
            continue
        option, language, separator = _PATTERNS.get(setup.tool, ("", "", None))
        written = next((value for name, value in setup.options if name == option), "")
        patterns = [p for p in written.split(separator) if p]
        folder = symbol.at.path.rpartition("/")[0]
        held = [s for s, cases in read.get(language, []) if cases.cases and _below(s.at.path, folder)]
        root = dict(setup.options).get("root", dict(setup.options).get("rootDir", "")).removeprefix("<rootDir>")
        fitting = [
            _fitting(setup.tool, pattern, posixpath.normpath(posixpath.join(folder, root))) for pattern in patterns
        ]
        known = [one for one in fitting if one is not None]
        if not held or not patterns or len(known) < len(patterns) or any("(computed)" in n for n, _ in setup.options):
            continue
        if any(one.fullmatch(path) for one in known for path in facts.files):
            yield Held(symbol.at)
        else:
            yield Finding(
                f"{setup.tool} looks for tests in files like `{patterns[0]}`, and no file is called so",
                symbol.at,
                (Related(held[0].at, "holds tests that are never collected"),),
                "Write the pattern that the files of the tests fit",
                (setup.tool, option, *patterns),
            )


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _fitting(tool: str, pattern: str, folder: str) -> re.Pattern[str] | None:
    """Return what the paths look like that a pattern means; None where the pattern is of a kind that is not read."""
    below = "" if folder in ("", ".") else re.escape(folder) + "/"
    if tool == "pytest":
        plain = re.sub(r"([.+(){}^$|\\])", r"\\\1", pattern)
        return re.compile(f"{below}(?:.*/)?{plain.replace('*', '[^/]*').replace('?', '[^/]')}")
    if not _GLOB.fullmatch(pattern) or folder.startswith(".."):
        return None
    inner = pattern.removeprefix("<rootDir>/").removeprefix("./")
    out, closers = "", [""]
    for part in _PARTS.findall(inner):
        match part:
            case "**/":
                out += "(?:.*/)?"
            case "**":
                out += ".*"
            case "*":
                out += "[^/]*"
            case "{" | "?(" | "@(" | "+(" | "*(":
                closers.append(_CLOSERS.get(part[0], ")"))
                out += "(?:"
            case "}" | ")":
                out += closers.pop() if len(closers) > 1 else re.escape(part)
            case "," | "|" if len(closers) > 1:
                out += "|"
            case _:
                out += part if part.startswith("[") else re.escape(part)
    return re.compile(below + out) if len(closers) == 1 else None
