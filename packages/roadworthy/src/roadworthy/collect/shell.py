"""Shell scripts: the programs they call and the variables they take from their environment."""

import re
from collections import Counter
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.metric import MetricDefinition
from roadworthy.model.detail.release import ShellValue
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Symbol, Unreadable
from roadworthy.syntax import backup_script, shell
from roadworthy.syntax.secrecy import names_secret

PROVIDES = frozenset({Kind.COMMAND, Kind.JOB, Kind.METRIC, Kind.ENVIRONMENT, Kind.SETTING})
MAXIMUM_VALUE = 200
_SHEBANG = re.compile(r"#!\s*(?:/usr/bin/env\s+(?:-S\s+)?)?(?:\S*/)?(sh|bash|ash|dash|ksh|zsh)\b")
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]*")
_GIVEN_BY_SHELL = frozenset(
    """
    HOME PATH PWD OLDPWD USER SHELL HOSTNAME UID EUID PPID RANDOM SECONDS LINENO IFS OPTARG OPTIND BASH_SOURCE
    BASH_VERSION FUNCNAME PIPESTATUS OSTYPE LANG TERM TMPDIR REPLY BASH SHLVL LOGNAME MACHTYPE HOSTTYPE
    EPOCHSECONDS DIRSTACK GROUPS BASHPID
    """.split()
)
_PUSHES = re.compile(r"/metrics/job/|pushgateway|PUSHGATEWAY|textfile|\.prom\b")
_SAMPLE = re.compile(
    r"\s*(?:(?:echo|printf)\s+(?:-\w+\s+)?[\"']?)?([a-z][a-z0-9]*_[a-z0-9_]+)(?:\\?\{[^}]*\})?\s+(?:\$|\d|%)"
)
_SUFFIXES = (".sh", ".bash")
_NAMED = re.compile(
    r"(?:[\w-]*[-_])?(?:entrypoint|start|run|serve|server|backup|restore|deploy|migrate|healthcheck|release|worker|web"
    r"|wait-for|wait-for-it|setup|bootstrap|rollback|beat|celery|tests?|lint|check|ci|cibuild|coverage)"
)


def wants(path: str) -> bool:
    """Files named as scripts, and those without an ending that are named for what scripts do."""
    name = path.rpartition("/")[2]
    return name.endswith(_SUFFIXES) or _NAMED.fullmatch(name) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise a script by its ending or its first line."""
    return file.name.endswith(_SUFFIXES) or _SHEBANG.match(file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every simple command; what cannot be read opens the set."""
    read = shell.script(file)
    found = _SHEBANG.match(file.text)
    interpreter = f"/bin/{found[1]}" if found else "/bin/sh"
    if found:
        line = file.text.partition("\n")[0]
        use = CommandUse("shebang", "exec", tuple(line[2:].split()), interpreter)
        at = Span(file.path, 1, 1, 1, max(len(line), 1))
        yield Symbol(Kind.COMMAND, Action.REFERS, Exact(use.words[0]), at, role=file.role, detail=use)
    lines = file.text.split("\n")
    for command in read.commands:
        words = read.handed(command.words)
        name: Name = Unreadable("a computed program") if "$" in words[0] else Exact(words[0])
        optional = command.optional or words[0] in read.functions
        use = CommandUse(
            "script",
            "exec",
            words,
            interpreter,
            optional=optional,
            swallowed=command.swallowed,
            piped=command.piped,
            writes=command.writes,
            reads=command.reads,
            guarded=command.fate == "handled" or command.last or _asked_for(lines, command.at),
        )
        yield Symbol(Kind.COMMAND, Action.REFERS, name, command.at, role=file.role, detail=use)
    yield from _variables(file, read)
    yield from _values(file, read)
    yield from _backups(file)
    yield from _pushed(file)
    for at in read.broken:
        yield Open(Kind.COMMAND, "", "a part of a script that cannot be read", at)


def _asked_for(lines: list[str], at: Span) -> bool:
    """Tell whether the script looks at the status of a command right behind it."""
    return any("$?" in line for line in lines[at.end_line - 1 : at.end_line + 3])


def _backups(file: SourceFile) -> Iterator[Symbol]:
    """Yield what a script does about backups."""
    if backup_script.speaks_of_backups(file.text):
        steps = backup_script.read(file.text, file.path, "script")
        yield Symbol(
            Kind.JOB, Action.REFERS, Exact(file.path), Span(file.path), "", "script", role=file.role, detail=steps
        )


def _pushed(file: SourceFile) -> Iterator[Symbol]:
    """Yield the metrics a script hands to a push gateway or writes for the node exporter."""
    if not _PUSHES.search(file.text):
        return
    for number, line in enumerate(file.text.split("\n"), start=1):
        if found := _SAMPLE.match(line[:1000]):
            at = Span(file.path, number, found.start(1) + 1, number, found.end(1))
            detail = MetricDefinition("gauge", None, "script", family=found[1])
            yield Symbol(Kind.METRIC, Action.DEFINES, Exact(found[1]), at, role=file.role, detail=detail)


def _values(file: SourceFile, read: shell.Script) -> Iterator[Symbol]:
    """Yield the variables a script sets once, to a text it holds itself."""
    counts = Counter(assignment.name for assignment in read.assignments)
    for assignment in read.assignments:
        value = assignment.value
        once = counts[assignment.name] == 1 and 0 < len(value) < MAXIMUM_VALUE
        if once and not names_secret(assignment.name) and not any(character in value for character in "`\n(*"):
            name, detail = Exact(assignment.name), ShellValue(value)
            yield Symbol(Kind.SETTING, Action.DEFINES, name, assignment.at, "", "script", file.role, detail)


def _variables(file: SourceFile, read: shell.Script) -> Iterator[Symbol]:
    """Yield the variables a script takes from its environment: those it reads and nowhere sets itself.

    Who runs the script is not known here, hence the phase "script".
    """
    own = {assignment.name for assignment in read.assignments} | _GIVEN_BY_SHELL | read.set_names
    seen: set[str] = set()
    for variable in read.variables:
        if variable.name in own or variable.name in seen or not _ENVIRONMENT.fullmatch(variable.name):
            continue
        seen.add(variable.name)
        required = {":?": True, "?": True, ":-": False, "-": False, ":+": False, "+": False}.get(variable.operator)
        default = variable.word if variable.operator in (":-", "-") and "$" not in variable.word else None
        detail = EnvironmentRead("shell", required, None if names_secret(variable.name) else default)
        yield Symbol(
            Kind.ENVIRONMENT,
            Action.REFERS,
            Exact(variable.name),
            variable.at,
            phase="script",
            role=file.role,
            detail=detail,
        )
