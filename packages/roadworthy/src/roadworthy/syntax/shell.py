"""Shell scripts and one-liners: the simple commands in them, where they stand and whether they must succeed.

tree-sitter's grammar recovers from what it does not know, so that a script is read as far as it can be; what could not
be read is told by `Script.broken`.
"""

from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax.shell_parts import Assignment, Command, Script, Variable
from roadworthy.syntax.shell_reader import Reader

__all__ = ["BUILTINS", "MAXIMUM_CHARACTERS", "Assignment", "Command", "Script", "Variable", "parse", "script"]

BUILTINS = frozenset(
    {".", ":", "[", "[[", "alias", "bg", "break", "cd", "command", "continue", "declare", "echo", "eval", "exec"}
    | {"exit", "export", "false", "fg", "getopts", "hash", "jobs", "let", "local", "printf", "pwd", "read", "readonly"}
    | {"return", "set", "shift", "shopt", "source", "test", "times", "trap", "true", "type", "typeset", "ulimit"}
    | {"umask", "unalias", "unset", "wait", "mapfile", "readarray", "kill", "builtin", "caller", "dirs", "disown"}
    | {"enable", "fc", "help", "history", "logout", "popd", "pushd", "suspend", "compgen", "complete", "compopt"}
)
MAXIMUM_CHARACTERS = 300_000


@lru_cache(maxsize=16)
def script(file: SourceFile) -> Script:
    """Read a file."""
    return parse(file.text, file.path)


@lru_cache(maxsize=512)
def parse(text: str, path: str = "") -> Script:
    """Read a text. One that is larger than any script a person writes is broken from its first line: the grammar's native
    parser is neither quick nor safe on it."""
    if len(text) > MAXIMUM_CHARACTERS:
        return Script((), (), (), frozenset(), (Span(path),))
    return Reader(text, path).read()
