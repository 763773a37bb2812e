"""`roadworthy`: finds the commands, and turns whatever goes wrong into one clear line and the right exit code."""

import importlib
import os
import pkgutil
import sys
import tempfile
import traceback
from importlib.metadata import version
from pathlib import Path

import click

import roadworthy.cli
from roadworthy.cli.exit_code import ExitCode
from roadworthy.model.error import RoadworthyError


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
    sys.exit(run(sys.argv[1:]))


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
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.BROKEN_PIPE
    except OSError as problem:
        if problem.errno is None or not problem.filename:
            return _crash(arguments)
        return _say(f"{problem.filename}: {problem.strerror}", ExitCode.USAGE)
    except Exception:
        return _crash(arguments)
    return code if isinstance(code, int) else ExitCode.OK


def _say(message: str, code: ExitCode) -> int:
    click.echo(f"roadworthy: {message}", err=True)
    return code


def _crash(arguments: list[str]) -> int:
    text = f"roadworthy {version('roadworthy')} on Python {sys.version}\narguments: {arguments}\n\n{traceback.format_exc()}"
    descriptor, name = tempfile.mkstemp(prefix="roadworthy-crash-", suffix=".txt")
    os.close(descriptor)
    Path(name).write_text(text, encoding="utf-8")
    return _say(f"this is a defect of roadworthy, not of your service; please report it with {name}", ExitCode.DEFECT)
