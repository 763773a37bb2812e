"""The shell commands of a RUN instruction, each with its place in the Dockerfile."""

import re
from collections.abc import Iterator

from roadworthy.model.place import Span
from roadworthy.syntax import shell
from roadworthy.syntax.dockerfile import Heredoc, Instruction

_HEREDOC = re.compile(r"\d*<<-?[\"']?[A-Za-z_][\w.-]*[\"']?")
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})


def commands(instruction: Instruction) -> Iterator[tuple[shell.Command, Span]]:
    """Yield the commands of the shell form, and of a heredoc that a shell reads, in order."""
    text = instruction.text
    if instruction.heredocs:
        text = _HEREDOC.sub(lambda match: " " * len(match[0]), text)
    read = shell.parse(text)
    for command in read.commands:
        if command.program not in read.functions:
            at = command.at
            yield command, instruction.place(at.column - 1, at.end_column) if at.end_line == 1 else instruction.at
    by_shell = not text.strip() or any(c.program.rpartition("/")[2] in _SHELLS for c in read.commands)
    for heredoc in instruction.heredocs if by_shell else ():
        yield from _of_heredoc(heredoc)


def reads_all(instruction: Instruction) -> bool:
    """Tell whether every part of the script could be read."""
    text = _HEREDOC.sub("", instruction.text) if instruction.heredocs else instruction.text
    return not shell.parse(text).broken and not any(shell.parse(h.text).broken for h in instruction.heredocs)


def _of_heredoc(heredoc: Heredoc) -> Iterator[tuple[shell.Command, Span]]:
    shift = heredoc.at.line - 1
    read = shell.parse(heredoc.text)
    for command in read.commands:
        if command.program in read.functions:
            continue
        at = command.at
        yield command, Span(heredoc.at.path, at.line + shift, at.column, at.end_line + shift, at.end_column)
