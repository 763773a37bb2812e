"""Which programs a command calls: through wrappers such as `timeout`, `exec`, `su-exec`, and through `sh -c`."""

from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.syntax import shell

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
# Each wrapper with the options that take a value, and how many words of its own stand before the command.
_WRAPPERS: dict[str, tuple[frozenset[str], int]] = {
    "exec": (frozenset({"-a"}), 0),
    "env": (frozenset({"-u", "-C", "-S"}), 0),
    "nohup": (frozenset(), 0),
    "setsid": (frozenset(), 0),
    "nice": (frozenset({"-n"}), 0),
    "ionice": (frozenset({"-c", "-n"}), 0),
    "stdbuf": (frozenset({"-i", "-o", "-e"}), 0),
    "time": (frozenset({"-f", "-o"}), 0),
    "timeout": (frozenset({"-s", "-k", "--signal", "--kill-after"}), 1),
    "sudo": (frozenset({"-u", "-g", "-C", "-h"}), 0),
    "gosu": (frozenset(), 1),
    "su-exec": (frozenset(), 1),
    "setpriv": (frozenset({"--reuid", "--regid"}), 0),
    "tini": (frozenset({"-p", "-e"}), 0),
    "dumb-init": (frozenset({"-r", "--rewrite"}), 0),
    "catatonit": (frozenset(), 0),
    "xargs": (frozenset({"-n", "-I", "-P", "-L", "-d", "-a", "-s"}), 0),
    "flock": (frozenset({"-w", "-E", "--timeout", "--wait"}), 1),
    "chpst": (frozenset({"-u", "-e"}), 0),
}
_RUNNERS: dict[str, tuple[str, frozenset[str]]] = {
    "poetry": ("run", frozenset({"-C", "--directory", "-P"})),
    "pdm": ("run", frozenset({"-p"})),
    "pipenv": ("run", frozenset()),
    "rye": ("run", frozenset()),
    "hatch": ("run", frozenset()),
    "uv": (
        "run",
        frozenset({"--with", "--extra", "--group", "--only-group", "--no-group", "-p", "--python", "--env-file"})
        | {"--project", "--directory", "--package", "--index", "--cache-dir", "--with-requirements"},
    ),
    "bundle": ("exec", frozenset()),
    "dotenv": ("run", frozenset({"-f"})),
    "doppler": ("run", frozenset({"-p", "-c"})),
    "newrelic-admin": ("run-program", frozenset()),
}
_PREFIXES = frozenset(
    {"ddtrace-run", "opentelemetry-instrument", "cross-env", "dotenvx", "sentry", "with-contenv", "npx", "bunx", "pnpx"}
)
_MAXIMUM_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Call:
    """A program with its arguments. `optional` as in shell.Command."""

    words: tuple[str, ...]
    optional: bool = False

    @property
    def program(self) -> str:
        return self.words[0]


def base(program: str) -> str:
    """Return a program's own name, without its folder."""
    return program.rpartition("/")[2]


def calls(words: tuple[str, ...], *, optional: bool = False, depth: int = 0) -> Iterator[Call]:
    """Yield the program an exec form starts, and each one it starts in turn."""
    if not words or not words[0] or depth > _MAXIMUM_DEPTH:
        return
    name = base(words[0])
    if name == "command" and words[1:2] in (("-v",), ("-V",)):
        return
    if name in ("exec", "command"):
        yield from calls(_inner(words, *_WRAPPERS["exec"]), optional=optional, depth=depth + 1)
        return
    yield Call(words, optional)
    if name in _SHELLS:
        text = script_text(words)
        if text is not None:
            yield from shell_calls(text, optional=optional, depth=depth + 1)
    elif name in _WRAPPERS:
        yield from calls(_inner(words, *_WRAPPERS[name]), optional=optional, depth=depth + 1)
    elif name in _RUNNERS and _RUNNERS[name][0] in words[1:4]:
        after = words.index(_RUNNERS[name][0], 1)
        inner = _inner(words[after:], _RUNNERS[name][1], 0)
        yield from calls(inner, optional=optional, depth=depth + 1)
    elif name in _PREFIXES:
        yield from calls(_inner(words, frozenset(), 0), optional=optional, depth=depth + 1)


def shell_calls(text: str, *, optional: bool = False, depth: int = 0) -> Iterator[Call]:
    """Yield the programs a shell text starts; builtins are left out."""
    if depth > _MAXIMUM_DEPTH:
        return
    read = shell.parse(text)
    for command in read.commands:
        if command.program in read.functions:
            continue
        skips = command.program in shell.BUILTINS and command.program not in ("exec", "command")
        if not skips:
            yield from calls(command.words, optional=optional or command.optional, depth=depth + 1)


def script_text(words: tuple[str, ...]) -> str | None:
    """Return the text after `-c` of a shell's command line, None where there is none."""
    for index, word in enumerate(words[1:], start=1):
        if not word.startswith("-") or word == "--":
            return None
        if not word.startswith("--") and "c" in word[1:]:
            return words[index + 1] if index + 1 < len(words) else None
    return None


def _inner(words: tuple[str, ...], with_value: frozenset[str], own: int) -> tuple[str, ...]:
    rest = list(words[1:])
    while rest:
        word = rest[0]
        if word == "--":
            rest.pop(0)
            if not own:
                break
        elif word.startswith("-") and len(word) > 1:
            rest.pop(0)
            if word in with_value and rest:
                rest.pop(0)
        elif "=" in word and "/" not in word.partition("=")[0] and word.partition("=")[0].isidentifier():
            rest.pop(0)
        elif own:
            rest.pop(0)
            own -= 1
        else:
            break
    return tuple(rest)
