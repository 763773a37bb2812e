"""`roadworthy`: finds the commands, and turns whatever goes wrong into one clear line and the right exit code."""

import errno
import importlib
import os
import pkgutil
import sys
import tempfile
import traceback
from contextlib import suppress
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click

import roadworthy.cli
from roadworthy.cli.exit_code import ExitCode
from roadworthy.model.error import RoadworthyError
from roadworthy.model.foreign_text import visible

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("roadworthy"), prog_name="roadworthy")
def group() -> None:
    """The roadworthiness test for web services: inspect the repository, drive the service, certify the result."""


def commands() -> click.Group:
    """Return the group with every command of this package added."""
    for info in pkgutil.iter_modules(roadworthy.cli.__path__):
        command = getattr(importlib.import_module(f"roadworthy.cli.{info.name}"), "command", None)
        if isinstance(command, click.Command):
            group.add_command(command)
    return group


def main() -> None:
    """Run the command line and exit with the code of `ExitCode`."""
    _open_streams()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _silence(stream)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code. Nothing a user does ends in a traceback."""
    try:
        code = commands().main(arguments, standalone_mode=False)
        sys.stdout.flush()
    except RoadworthyError as problem:
        return _say(str(problem), ExitCode.USAGE)
    except click.exceptions.Exit as problem:
        return problem.exit_code
    except click.ClickException as problem:
        problem.show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted; everything that was started has been ended", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        _silence(sys.stdout)
        return ExitCode.BROKEN_PIPE
    except OSError as problem:
        if problem.filename and problem.errno is not None:
            return _say(f"{problem.filename}: {problem.strerror}", ExitCode.USAGE)
        if problem.errno in _FULL:
            _silence(sys.stdout)
            return _say(f"the output cannot be written ({problem.strerror})", ExitCode.USAGE)
        if problem.errno == errno.ENOENT:
            return _say("the current folder is gone; change to one that exists", ExitCode.USAGE)
        return _crash(arguments)
    except Exception:
        return _crash(arguments)
    return code if isinstance(code, int) else ExitCode.OK


def _open_streams() -> None:
    """Give a closed standard stream the null device, so that no file takes its number; let none choke on a character."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end
        elif mode == "w" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _silence(stream: TextIO) -> None:
    """Drop what a stream still holds: nobody can take it, and the interpreter would try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(message: str, code: ExitCode) -> int:
    with suppress(OSError):
        click.echo("roadworthy: " + "\n".join(visible(line) for line in message.split("\n")), err=True)
    return code


def _crash(arguments: list[str]) -> int:
    text = f"roadworthy {version('roadworthy')} on Python {sys.version}\narguments: {arguments}\n\n{traceback.format_exc()}"
    try:
        descriptor, name = tempfile.mkstemp(prefix="roadworthy-crash-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        name = text.strip().rpartition("\n")[2]
    return _say(f"this is a defect of roadworthy, not of your service; please report it with {name}", ExitCode.DEFECT)
