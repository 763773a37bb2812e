"""What a command names of the repository: scripts of a runner, files, folders, modules, test paths, services."""

import itertools
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.syntax.command_line import base, calls

_MAKE_VALUES = frozenset({"-C", "--directory", "-f", "--file", "--makefile", "-I", "-o", "-W", "-l"})
_PYTEST_VALUES = frozenset(
    """
    -k -m -n -c -p -o -W -r --rootdir --maxfail --durations --junitxml --junit-xml --cov-report --cov-config
    --timeout --dist --reruns --log-level --log-cli-level --tb --color --ignore --ignore-glob --deselect
    --confcutdir --basetemp --import-mode --numprocesses --cov --splits --group --random-order-seed --ds --env
    --browser --html --count
    """.split()
)
_NPM_OWN = frozenset({"test", "t", "start", "stop", "restart"})
_SHELLS = frozenset({"sh", "bash", "zsh", "source", "."})
_MADE = re.compile(r"(?:^|/)(?:\.?venv|env|node_modules|dist|build|target|bin|htmlcov|coverage|\.git|tmp)(?:/|$)")
_PLAIN = re.compile(r"[\w./@+-]+")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "granian", "daphne"})
_COMPOSE_VERBS = frozenset(
    {"up", "start", "stop", "restart", "logs", "exec", "run", "build", "pull", "kill", "rm", "push", "create"}
)


@dataclass(frozen=True, slots=True)
class Use:
    """A name a command gives. `form` is "make", "npm", "test path", "script", "file", "folder", "module", "service";
    `folder` is where it is looked for, None where that cannot be told; `sure` tells that nothing else can be meant."""

    form: str
    name: str
    folder: str | None
    sure: bool = True


def uses(words: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    """Yield what a command names, through wrappers such as `uv run` and `sudo`."""
    contained = False
    for call in calls(words):
        program = base(call.program)
        place = None if contained else folder
        if program in ("docker", "docker-compose", "podman", "kubectl", "ssh", "vagrant", "nerdctl"):
            contained = True
        yield from _of_program(program, call.words, place)


def _of_program(program: str, words: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    rest = words[1:]
    match program:
        case "make" | "gmake":
            yield from _make(rest, folder)
        case "npm" | "yarn" | "pnpm" | "bun":
            yield from _npm(program, rest, folder)
        case "pytest" | "py.test":
            yield from _pytest(rest, folder)
        case "python" | "python3":
            yield from _python(rest, folder)
        case "coverage" if rest[:1] == ("run",):
            yield from _python(tuple(word for word in rest[1:] if not word.startswith("--")), folder)
        case "pip" | "pip3" | "uv" if "install" in rest or rest[:1] == ("install",):
            yield from _after(rest, ("-r", "--requirement", "--requirements"), "file", folder)
        case "docker" | "docker-compose" | "podman":
            yield from _docker(program, rest, folder)
        case "kubectl" | "oc" if "create" in rest:
            for word in rest:
                if found := re.fullmatch(r"--from=cronjobs?/([a-z0-9][a-z0-9.-]*)", word):
                    yield Use("cronjob", found[1], None)
        case "cp" if len(rest) == 2 and _plain(rest[0]) and re.search(r"example|sample|template|dist", rest[0]):
            yield Use("file", rest[0], folder)
        case _ if program in _SERVERS:
            yield from _server(rest, folder)
        case _ if program in _SHELLS or (words[0] in _SHELLS):
            script = next((word for word in rest if not word.startswith(("-", "+"))), "")
            if rest[:1] != ("-c",) and _plain(script) and ("/" in script or "." in script):
                yield Use("script", script, folder)
        case _ if "/" in words[0] and _plain(words[0]) and not words[0].startswith("/"):
            yield Use("script", words[0], folder, sure=words[0].endswith((".sh", ".py", ".bash")))


def _plain(word: str) -> bool:
    return _PLAIN.fullmatch(word) is not None and not word.startswith(("/", "-", "@")) and not _MADE.search(word)


def _within(folder: str | None, inner: str) -> str | None:
    if folder is None or "$" in inner or inner.startswith(("/", "~")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, inner))
    return None if joined.startswith("..") else "" if joined == "." else joined


def _make(rest: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    skip, sure, targets = "", True, []
    for word in rest:
        if skip:
            if skip in ("-C", "--directory"):
                folder = _within(folder, word)
            elif skip in ("-f", "--file", "--makefile"):
                sure = False
            skip = ""
        elif word in _MAKE_VALUES:
            skip = word
        elif word.startswith(("-C", "--directory=")):
            folder = _within(folder, word.removeprefix("--directory=").removeprefix("-C"))
        elif word.startswith(("-f", "--file=")):
            sure = False
        elif not word.startswith("-") and "=" not in word and not word.isdigit():
            targets.append(word)
    for target in targets:
        if re.fullmatch(r"[\w./-]*\w[\w./-]*", target):
            yield Use("make", target, folder, sure)


def _npm(program: str, rest: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    words: list[str] = []
    skip = ""
    sure = True
    for word in rest:
        if word == "--":
            break
        if skip:
            folder = _within(folder, word) if skip in ("--prefix", "-C", "--cwd", "--dir") else None
            skip = ""
        elif word in ("--prefix", "-C", "--cwd", "--dir", "-w", "--workspace", "--filter", "-F"):
            skip = word
        elif word.startswith(("--prefix=", "--cwd=", "--dir=")):
            folder = _within(folder, word.partition("=")[2])
        elif word.startswith(("--workspace", "--filter", "--workspaces", "-r", "--recursive", "--if-present")):
            folder, sure = None, False
        elif not word.startswith("-"):
            words.append(word)
    if words[:1] in (["run"], ["run-script"]) and len(words) > 1 and "$" not in words[1]:
        yield Use("npm", words[1], folder, sure and program in ("npm", "pnpm"))
    elif words and program in ("pnpm", "yarn") and re.fullmatch(r"[\w-]+(:[\w-]+)+", words[0]):
        # No command of the package manager itself has a colon in its name: it is a script.
        yield Use("npm", words[0], folder, sure)
    elif words and words[0] in _NPM_OWN and program in ("npm", "yarn", "pnpm"):
        yield Use("npm", "test" if words[0] == "t" else words[0], folder, sure)


def _pytest(rest: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    skip = False
    for word in rest:
        if skip:
            skip = False
        elif word in _PYTEST_VALUES:
            skip = True
        elif not word.startswith("-"):
            path = word.partition("::")[0]
            if _plain(path) and ("/" in path or path.endswith(".py") or path in ("tests", "test")):
                yield Use("test path", path, folder)


def _python(rest: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    words = list(rest)
    while words and words[0] in ("-u", "-B", "-O", "-I", "-s", "-E", "-Wd"):
        words.pop(0)
    match words:
        case ["-m", "pytest", *others]:
            yield from _pytest(tuple(others), folder)
        case ["-m", "coverage", "run", *others]:
            yield from _python(tuple(word for word in others if not word.startswith("--")), folder)
        case ["-m", name, *_] if _MODULE.fullmatch(name):
            yield Use("module", name, folder)
        case [path, *_] if path.endswith(".py") and _plain(path):
            yield Use("file", path, folder)


def _after(rest: tuple[str, ...], options: tuple[str, ...], form: str, folder: str | None) -> Iterator[Use]:
    for option, value in itertools.pairwise(rest):
        if option in options and _plain(value):
            yield Use(form, value, folder)


def _server(rest: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    for option, value in itertools.pairwise(rest):
        if option in ("--app-dir", "--chdir"):
            folder = _within(folder, value)
    for word in rest:
        module, colon, _ = word.partition(":")
        if colon and not word.startswith("-") and _MODULE.fullmatch(module):
            yield Use("module", module, folder)
            return


def _docker(program: str, rest: tuple[str, ...], folder: str | None) -> Iterator[Use]:
    compose = program == "docker-compose" or rest[:1] == ("compose",)
    words = rest[1:] if rest[:1] == ("compose",) else rest
    if not compose:
        if words[:1] in (("build",), ("buildx",)):
            yield from _after(words, ("-f", "--file"), "file", folder)
        return
    yield from _after(words, ("-f", "--file"), "file", folder)
    own = "-f" in words or "--file" in words or "--profile" in words or "--project-directory" in words
    verb = next((index for index, word in enumerate(words) if word in _COMPOSE_VERBS), None)
    if verb is None:
        return
    single = words[verb] in ("exec", "run")
    skip = False
    for word in words[verb + 1 :]:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in (
                "-e",
                "--env",
                "-u",
                "--user",
                "-w",
                "--workdir",
                "-p",
                "--publish",
                "-v",
                "--volume",
                "--name",
            )
            skip = skip or word in (
                "--scale",
                "-t",
                "--timeout",
                "--tail",
                "-n",
                "--entrypoint",
                "--index",
                "--build-arg",
            )
        elif re.fullmatch(r"[\w.-]+", word):
            yield Use("service", word, folder, not own)
            if single:
                return
        else:
            return
