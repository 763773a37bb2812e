"""What a shell script consists of."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value`; `exported` by `export`, or given to one command only."""

    name: str
    value: str
    exported: bool
    at: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that is read; `operator` is that of `${name:-word}`, "" where there is none."""

    name: str
    operator: str
    word: str
    at: Span


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. Words keep their expansions (`$HOST`) and lose their quotes.

    `optional` tells that the script goes on or takes another way when it is missing or fails; `piped` that its
    output feeds another command; `swallowed` that its failure is thrown away (`|| true`, `|| echo …`); `writes` are the
    files its output goes to, `reads` those its input comes from.

    `fate` tells what looks at its status: "" nothing but the shell itself, "handled" what stands behind `||` or in an
    `if`, "ignored" the same where it only says something and goes on, "chained" an `&&` behind it. `last` tells that
    nothing follows it in the script or in the function (`function`) it stands in; `pipe` is the number of its pipeline.
    """

    words: tuple[str, ...]
    at: Span
    optional: bool = False
    piped: bool = False
    swallowed: bool = False
    writes: tuple[str, ...] = ()
    fate: str = ""
    last: bool = False
    function: str = ""
    pipe: int = 0
    reads: tuple[str, ...] = ()

    @property
    def program(self) -> str:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Script:
    """What a script does, in the order it stands there; `broken` are the places that could not be read, `set_names` the
    variables that loops, `read` and declarations without a value set. `wrappers` are the functions that only hand their
    arguments to one command, and the arrays that hold the start of one, with the words of that command."""

    commands: tuple[Command, ...]
    assignments: tuple[Assignment, ...]
    variables: tuple[Variable, ...]
    functions: frozenset[str]
    broken: tuple[Span, ...]
    set_names: frozenset[str] = frozenset()
    wrappers: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def handed(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words of a command; those of the command behind it where its program is a wrapper."""
        inner = dict(self.wrappers).get(words[0])
        return (*inner, *words[1:]) if inner else words
