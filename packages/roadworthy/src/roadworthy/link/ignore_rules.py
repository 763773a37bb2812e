"""Whether a .dockerignore keeps a path out of the build context, as moby's pattern matcher decides it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from roadworthy.model.detail.image import IgnoreRule
from roadworthy.model.symbol import Symbol

Rules = Sequence[tuple[Symbol, IgnoreRule]]


def ignoring(path: str, rules: Rules) -> Symbol | None:
    """Return the rule that keeps a path out, None where it stays: the last rule that matches it or a folder above it."""
    decided: Symbol | None = None
    for symbol, rule in rules:
        if rule.keeps is (decided is None):
            continue
        if _matches(rule.pattern, path):
            decided = None if rule.keeps else symbol
    return decided


def _matches(pattern: str, path: str) -> bool:
    compiled = _compiled(pattern)
    parts = path.split("/")
    return any(compiled.fullmatch("/".join(parts[: index + 1])) for index in range(len(parts)))


def glob(pattern: str, path: str) -> bool:
    """Tell whether a pattern of COPY matches a whole path."""
    return _compiled(pattern).fullmatch(path) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    out: list[str] = []
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if pattern.startswith("**/", index):
            out.append("(?:.*/)?")
            index += 3
            continue
        if pattern.startswith("**", index):
            out.append(".*")
            index += 2
            continue
        if character == "*":
            out.append("[^/]*")
        elif character == "?":
            out.append("[^/]")
        elif character == "[" and (end := pattern.find("]", index + 1)) > 0:
            inside = pattern[index + 1 : end].replace("\\", "\\\\")
            out.append("[" + ("^" + inside[1:] if inside[:1] in ("!", "^") else inside) + "]")
            index = end
        elif character == "\\" and index + 1 < len(pattern):
            index += 1
            out.append(re.escape(pattern[index]))
        else:
            out.append(re.escape(character))
        index += 1
    try:
        return re.compile("".join(out), re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))
