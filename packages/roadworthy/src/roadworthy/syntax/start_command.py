"""Which port a start command makes its server listen on."""

import re
import shlex
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^{}$]*))?\}|(\w+))")
_BIND = re.compile(r"(?:.*:)?(?P<port>\d+|\0\d+\0)")
_PORT_OPTIONS = {
    "uvicorn": ("--port",),
    "hypercorn": (),
    "daphne": ("-p", "--port"),
    "granian": ("--port",),
    "flask": ("-p", "--port"),
    "fastapi": ("--port",),
    "streamlit": ("--server.port",),
    "next": ("-p", "--port"),
    "serve": ("-l", "-p", "--listen"),
    "waitress-serve": ("--port",),
    "http.server": (),
    "mlflow": ("-p", "--port"),
    "litestar": ("-p", "--port"),
    "robyn": ("--port",),
    "nginx": (),
}
_BIND_OPTIONS = {
    "gunicorn": ("-b", "--bind"),
    "hypercorn": ("-b", "--bind"),
    "waitress-serve": ("--listen",),
    "uwsgi": ("--http", "--http-socket", "--socket"),
}
_DEFAULTS = {
    "uvicorn": 8000,
    "fastapi": 8000,
    "gunicorn": 8000,
    "hypercorn": 8000,
    "daphne": 8000,
    "granian": 8000,
    "litestar": 8000,
    "flask": 5000,
    "streamlit": 8501,
    "next": 3000,
    "waitress-serve": 8080,
}
# Where the same is said by a variable: the server's own, and for gunicorn the platform's.
_VARIABLES = {
    "uvicorn": ("UVICORN_PORT",),
    "flask": ("FLASK_RUN_PORT",),
    "streamlit": ("STREAMLIT_SERVER_PORT",),
    "granian": ("GRANIAN_PORT",),
    "next": ("PORT",),
    "gunicorn": ("PORT",),
}
_STARTING = {
    "flask": ("run",),
    "fastapi": ("run", "dev"),
    "streamlit": ("run",),
    "next": ("start", "dev"),
    "litestar": ("run",),
}
_PREFIXES = frozenset({"exec", "uv", "poetry", "pipenv", "pdm", "rye", "run", "tini", "dumb-init", "python", "python3"})
_PREFIXES_ALSO = frozenset(
    {"-m", "--", "opentelemetry-instrument", "ddtrace-run", "newrelic-admin", "run-program", "npx"}
)
_WRAPPERS = frozenset({"exec", "uv", "poetry", "pipenv", "pdm", "run", "tini", "dumb-init", "--"})
READS_CONFIGURATION = "reads a configuration file"
_SEPARATORS = re.compile(r"&&|\|\||[;&|\n]")


@dataclass(frozen=True, slots=True)
class Listening:
    """What a command says of the port.

    `port` is the number it names, `variable` the variable it takes it from (with `port` as its default, if any), `why`
    is set where it cannot be read; `stated` is False for the server's own default, which `overriding` variables change.
    """

    program: str
    port: int | None
    variable: str = ""
    why: str = ""
    stated: bool = True
    overriding: tuple[str, ...] = ()


def listening(form: str, words: tuple[str, ...]) -> tuple[Listening, ...]:
    """Return what each known server started by a command listens on; nothing where no server is known."""
    found: list[Listening] = []
    for command in _commands(form, words):
        read = _server(command)
        if read is not None:
            found.append(read)
    return tuple(found)


def scripts(form: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the Python files a command starts itself: `python app.py`, `python -m shop.api`."""
    found: list[str] = []
    for command in _commands(form, words):
        rest = [word for word in command if not _assigns(word)]
        while rest and rest[0].rpartition("/")[2] in _WRAPPERS:
            rest.pop(0)
        if not rest or not re.fullmatch(r"python[\d.]*", rest[0].rpartition("/")[2]):
            continue
        arguments = [word for word in rest[1:] if word not in ("-u", "-O", "-OO", "-I", "-B")]
        if arguments[:1] == ["-m"] and len(arguments) > 1:
            if arguments[1] not in _PORT_OPTIONS and arguments[1] not in _BIND_OPTIONS:
                found.append(arguments[1].replace(".", "/") + ".py")
        elif arguments and arguments[0].endswith(".py") and not arguments[0].endswith("manage.py"):
            found.append(arguments[0].removeprefix("./").lstrip("/"))
    return tuple(found)


def gunicorn_configuration(form: str, words: tuple[str, ...]) -> str | None:
    """Return the file that gunicorn reads as its configuration, None where a command does not start gunicorn."""
    for command in _commands(form, words):
        names = [word.rpartition("/")[2] for word in command]
        if "gunicorn" not in names:
            continue
        arguments = command[names.index("gunicorn") + 1 :]
        for index, word in enumerate(arguments):
            if word in ("-c", "--config") and index + 1 < len(arguments):
                return _configuration(arguments[index + 1])
            if word.startswith("-c") and len(word) > 2:
                return _configuration(word[2:])
            if word.startswith("--config="):
                return _configuration(word.removeprefix("--config="))
        return "gunicorn.conf.py"
    return None


def _configuration(written: str) -> str:
    if written.startswith("python:"):
        return written.removeprefix("python:").replace(".", "/") + ".py"
    return written.removeprefix("file:").removeprefix("./").lstrip("/")


def shell_scripts(form: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the shell scripts a command starts: `./entrypoint.sh`, `bash scripts/start.sh`."""
    found: list[str] = []
    for command in _commands(form, words):
        rest = [word for word in command if not _assigns(word)]
        while rest and rest[0].rpartition("/")[2] in _WRAPPERS | {"sh", "bash", "-e"}:
            rest.pop(0)
        if rest and rest[0].endswith(".sh"):
            found.append(rest[0].removeprefix("./").lstrip("/"))
    return tuple(found)


def _commands(form: str, words: tuple[str, ...]) -> list[list[str]]:
    texts: list[str] = []
    if form == "shell":
        texts = list(words)
    elif len(words) >= 3 and words[0].rpartition("/")[2] in ("sh", "bash", "ash", "dash") and words[1].endswith("c"):
        texts = [words[2]]
    if not texts:
        return [list(words)]
    out: list[list[str]] = []
    for text in texts:
        for part in _SEPARATORS.split(text.replace("\\\n", " ")):
            try:
                out.append(shlex.split(part))
            except ValueError:
                out.append(part.split())
    return out


def _server(words: list[str]) -> Listening | None:
    words = list(words)
    while words and (words[0].rpartition("/")[2] in _PREFIXES or words[0] in _PREFIXES_ALSO or _assigns(words[0])):
        words.pop(0)
    if not words:
        return None
    program = words[0].rpartition("/")[2]
    arguments = words[1:]
    if program == "manage.py":
        return _django(arguments)
    if program not in _PORT_OPTIONS and program not in _BIND_OPTIONS:
        return None
    if program in _STARTING and not any(word in _STARTING[program] for word in arguments):
        return None
    if program in ("nginx", "serve", "uwsgi", "mlflow", "robyn") and not _values(arguments, program):
        return None
    if any(word.startswith(("unix:", "--uds", "--fd", "fd://")) for word in arguments):
        return Listening(program, None, why=f"{program} listens on a socket that is no port")
    values = _values(arguments, program)
    if values:
        return _read(program, values[0])
    configured = any(word.startswith(("-c", "--config")) for word in arguments)
    if configured and (program == "hypercorn" or (program == "gunicorn" and not _values(arguments, program))):
        return Listening(program, None, why=f"{program} {READS_CONFIGURATION}")
    return Listening(program, _DEFAULTS.get(program), stated=False, overriding=_VARIABLES.get(program, ()))


def _assigns(word: str) -> bool:
    return re.match(r"[A-Za-z_]\w*=", word) is not None


def _values(arguments: list[str], program: str) -> list[str]:
    options = (*_PORT_OPTIONS.get(program, ()), *_BIND_OPTIONS.get(program, ()))
    found: list[str] = []
    for index, word in enumerate(arguments):
        for option in options:
            if word == option and index + 1 < len(arguments):
                found.append(arguments[index + 1])
            elif word.startswith(option + "="):
                found.append(word[len(option) + 1 :])
            elif not option.startswith("--") and word.startswith(option) and word[len(option) :][:1].isdigit():
                found.append(word[len(option) :])
    return found


def _django(arguments: list[str]) -> Listening | None:
    if arguments[:1] != ["runserver"]:
        return None
    values = [word for word in arguments[1:] if not word.startswith("-")]
    return _read("runserver", values[0]) if values else Listening("runserver", 8000, stated=False)


def _read(program: str, value: str) -> Listening:
    variable = _VARIABLE.search(value)
    if variable is None:
        match = _BIND.fullmatch(value)
        if match and match["port"].isdecimal():
            return Listening(program, int(match["port"]))
        if program in ("gunicorn", "hypercorn", "runserver") and re.fullmatch(r"[\w.]+", value):
            return Listening(program, 8000)
        return Listening(program, None, why=f"{program} is told to listen on `{value[:40]}`")
    name, default = variable[1] or variable[3], variable[2]
    whole = value.rpartition(":")[2]
    if _VARIABLE.fullmatch(whole) is None and _VARIABLE.fullmatch(value) is None and not value.endswith(variable[0]):
        return Listening(program, None, why=f"{program} is told to listen on `{value[:40]}`")
    port = int(default) if default and default.isdecimal() else None
    return Listening(program, port, name)
