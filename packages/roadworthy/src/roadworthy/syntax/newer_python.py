"""Syntax of Python versions newer than the one that reads, written the way older ones know.

Lines stay where they are; on a rewritten line columns may move by a few characters. Only constructs are rewritten whose
meaning does not matter to a reader of names: type parameters and aliases (PEP 695, Python 3.12), and exceptions listed
without parentheses (PEP 758, Python 3.14).
"""

import re

_BRACKETS = r"\[(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*\]"
_REWRITES = (
    (re.compile(rf"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+){_BRACKETS}", re.MULTILINE), r"\1"),
    (re.compile(rf"^([ \t]*)type[ \t]+(\w+)(?:{_BRACKETS})?([ \t]*=[^=])", re.MULTILINE), r"\1\2\3"),
    (
        re.compile(r"^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)([ \t]*,?[ \t]*:)", re.MULTILINE),
        r"\1(\2)\3",
    ),
)


def older(text: str) -> str:
    """Return the text with what newer versions of Python allow put into older words; unchanged where there is none."""
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text
