"""What a shell text does about backups, step by step, and what becomes of the failure of each step."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from roadworthy.model.detail.backup import BackupStep, BackupSteps, VariableNeeded
from roadworthy.model.place import Span
from roadworthy.syntax import shell
from roadworthy.syntax.backup_acts import acts_of
from roadworthy.syntax.command_line import base, calls, script_text
from roadworthy.syntax.secrecy import blotted

_SPEAKS = re.compile(
    r"dump|backup|restic|borg|rsync|rclone|restore|\btar\b|s3|gsutil|velero|duplicity|kopia|litestream|wal-|barman|"
    r"redis-cli|sqlite3|dropdb|snapshot|mongo|clickhouse|etcdctl|xtrabackup|influx|\bmc\b",
    re.IGNORECASE,
)
_FILES = re.compile(r"back[-_]?up|snapshot|archive", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?:\s-f(?:[ =]|(?=[/$]))|\s--file[ =]|\s--out[ =]|\s-out\s|\s-o(?:[ =]|(?=[/$]))|\s--output[ =]|--archive=|\.backup\s)"
    r"[\"']?([^\s\"']+)"
)
_WRITING = frozenset({"dump", "encrypt", "write"})
_NAME = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")
_ASKED = re.compile(r"\bread\s+(?:-\w+\s+)*|--force\b|--yes\b|--replace\b|CONFIRM|confirm|\bFORCE\b")
_SCRIPT = re.compile(r"[\w.-]+\.(?:sh|bash|py|ts|js)$")
_SHELL_OWN = frozenset(
    """
    HOME PATH PWD OLDPWD USER SHELL HOSTNAME UID EUID PPID RANDOM SECONDS LINENO IFS OPTARG OPTIND BASH_SOURCE TMPDIR
    BASH_VERSION FUNCNAME PIPESTATUS LANG TERM REPLY BASH SHLVL LOGNAME PGCONNECT_TIMEOUT TZ BASH_REMATCH
    """.split()
)
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_NESTED = 3
# Comments, what is only said, and the messages of variables that must be set.
_SPOKEN = re.compile(r"^\s*(?:echo|printf)\b[^\n;|&]*|(?<![\w$\"'])#[^\n]*|\$\{\w+:?\?[^}]*\}", re.MULTILINE)
_ERASES = re.compile(
    r"eras|tombstone|forget|gdpr|anonymi[sz]|pseudonymi[sz]|deleted_(?:users|subjects|accounts|persons)|\bDELETE\s+FROM\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _State:
    errexit: bool
    pipefail: bool
    looks: bool
    traps: bool
    set_at: Span | None = None
    unset: bool = False
    steps: list[BackupStep] = field(default_factory=list)
    called: list[str] = field(default_factory=list)


def speaks_of_backups(text: str) -> bool:
    """Tell, at little cost, whether reading a text in full may show anything."""
    return _SPEAKS.search(text) is not None


def read(
    text: str,
    path: str,
    form: str,
    at: Span | None = None,
    *,
    errexit: bool = False,
    pipefail: bool = False,
    depth: int = 0,
) -> BackupSteps:
    """Return the steps of a text. `at` is the place of all of them where the text is a part of another file."""
    parsed = shell.parse(text, path)
    first = text.partition("\n")[0]
    strict = errexit or (first.startswith("#!") and re.search(r"\s-\w*e", first) is not None)
    looks = "$?" in text or "PIPESTATUS" in text
    traps = any(c.program == "trap" and {"ERR", "err"} & set(c.words) for c in parsed.commands)
    state = _State(strict, pipefail, looks, traps)
    values = _values(parsed)
    written: dict[int, tuple[str, ...]] = {}
    for command in parsed.commands:
        if command.pipe:
            written[command.pipe] = (*written.get(command.pipe, ()), *command.writes)
    files = _FILES.search(path) is not None or (form == "script" and _FILES.search(text) is not None)
    asked = any(_ASKED.search(" ".join(c.words)[:300]) for c in parsed.commands if c.program == "read")
    callers = {c.program: c for c in parsed.commands if c.program in parsed.functions}
    for command in parsed.commands:
        if command.program == "set":
            _options(command, state)
            continue
        if command.program in ("source", "."):
            state.called += [base(word.strip("\"'")) for word in command.words[1:2]]
        if command.program in parsed.functions:
            continue
        if command.pipe:
            command = replace(command, writes=written[command.pipe])
        _steps(command, state, values, callers, path, files, asked, at, depth)
    needed = tuple(need for need in _needed(parsed, state, at) if not _provided_for(need, text))
    sets = tuple(sorted({a.name for a in parsed.assignments} | parsed.set_names))
    return BackupSteps(
        tuple(state.steps),
        form,
        tuple(dict.fromkeys(state.called)),
        needed,
        sets,
        _ERASES.search(_SPOKEN.sub("", text)) is not None,
    )


def _inner(words: tuple[str, ...]) -> str | None:
    """Return the text that a shell reads, wherever among the words it is called (`docker exec db sh -c "…"`)."""
    for index, word in enumerate(words[:40]):
        if base(word) in _SHELLS and (text := script_text(words[index:])) is not None:
            return text
    return None


def _options(command: shell.Command, state: _State) -> None:
    words = command.words[1:]
    text = " ".join(words)
    if command.optional:
        return
    if any(re.fullmatch(r"-[A-Za-z]*e[A-Za-z]*", word) for word in words) or "-o errexit" in text:
        state.errexit, state.set_at = True, command.at
    if "+e" in words or "+o errexit" in text:
        state.errexit, state.set_at = False, command.at
    if "pipefail" in words:
        state.pipefail = "+o" not in words
    if any(re.fullmatch(r"-[A-Za-z]*u[A-Za-z]*", word) for word in words) or "nounset" in words:
        state.unset = True


def _steps(
    command: shell.Command,
    state: _State,
    values: dict[str, str],
    callers: dict[str, shell.Command],
    path: str,
    files: bool,
    asked: bool,
    at: Span | None,
    depth: int,
) -> None:
    for call in calls(command.words):
        inner = _inner(call.words)
        if inner is not None and depth < _NESTED:
            nested = read(inner, path, "inline", at or command.at, depth=depth + 1)
            outer = _silent(command, state, callers)
            for step in nested.steps:
                silent, where = (step.silent, step.silent_at) if step.silent else outer
                state.steps.append(replace(step, silent=silent, silent_at=where))
            if nested.steps:
                return
        name = base(call.program)
        script = name if _SCRIPT.fullmatch(name) else next((base(w) for w in call.words[1:2] if _SCRIPT.search(w)), "")
        if script and (name == script or name in ("sh", "bash", "python", "python3", "source", ".", "node")):
            state.called.append(script)
    fed = bool(command.pipe and not command.piped)
    silent, where = _silent(command, state, callers)
    for act in acts_of(command.words, files=files, reads_file=fed):
        place = at or command.at
        state.steps.append(
            BackupStep(
                act.act,
                act.tool,
                _shown(command.words),
                place,
                act.product,
                silent,
                at or where,
                tuple(_targets(command, values, act.act)),
                asked or command.optional,
                act.remote,
            )
        )


def _silent(
    command: shell.Command, state: _State, callers: dict[str, shell.Command], deep: int = 0
) -> tuple[str, Span | None]:
    """Return why nobody learns that a command failed, "" where somebody does, and the place that decides it."""
    if command.fate == "ignored":
        said = "`||` goes on behind it" if command.swallowed else "the `if` around it goes on when it fails"
        return said, command.at
    if command.fate == "handled":
        return "", None
    if command.piped and not state.pipefail and not state.looks:
        return "it feeds a pipe, of which only the last program counts without `pipefail`", command.at
    if state.traps or state.looks or (command.last and command.fate != "chained"):
        if command.last and command.function and deep < 3 and not (state.traps or state.looks or state.errexit):
            caller = callers.get(command.function)
            return _silent(caller, state, callers, deep + 1) if caller is not None else ("", None)
        return "", None
    if command.fate == "chained":
        return "", None
    if state.errexit:
        return "", None
    return "the script goes on after it: there is no `set -e`", state.set_at or command.at


def _values(parsed: shell.Script) -> dict[str, str]:
    """Return the values of the variables that are set once."""
    seen: dict[str, str] = {}
    twice: set[str] = set()
    for assignment in parsed.assignments:
        if assignment.name in seen:
            twice.add(assignment.name)
        seen[assignment.name] = assignment.value.strip("\"'")[:300]
    for name in twice:
        paths = {a.value.strip("\"'")[:300] for a in parsed.assignments if a.name == name and "/" in a.value}
        if len(paths) == 1 and f"${name}" not in next(iter(paths)):
            seen[name] = paths.pop()
        else:
            del seen[name]
    return seen


def _targets(command: shell.Command, values: dict[str, str], act: str) -> Iterator[str]:
    text = " " + " ".join(command.words)[:2000]
    found = [*command.writes, *((match[1] for match in _WRITTEN.finditer(text)) if act in _WRITING else ())]
    program = base(command.program)
    plain = [word for word in command.words[1:] if not word.startswith("-")]
    if program in ("mv", "cp", "tar", "rsync", "tee", "pg_basebackup", "find", "mkdir") and plain:
        found += plain[:1] if program in ("tee", "find") else plain[-1:]
    if program == "tar":
        found += plain[:1]
    if program == "pg_basebackup":
        found += [b for a, b in zip(command.words, command.words[1:], strict=False) if a in ("-D", "--pgdata")]
    for target in dict.fromkeys(found):
        if target not in ("/dev/null", "-", "/dev/stdout", "/dev/stderr"):
            yield expanded(target, values)


def expanded(text: str, values: dict[str, str]) -> str:
    """Put the values of a script's own variables into a text; others stay as they are written."""
    for _ in range(5):
        replaced = _NAME.sub(lambda match: values.get(match[1], match[0]), text)
        if replaced == text or len(replaced) > 1000:
            break
        text = replaced
    return text.replace('"', "").replace("'", "")


def _needed(parsed: shell.Script, state: _State, at: Span | None) -> Iterator[VariableNeeded]:
    """Yield the variables that must come from outside: those read before the script sets them, without a default."""
    own = {assignment.name for assignment in parsed.assignments} | parsed.set_names | _SHELL_OWN
    provided = {v.name for v in parsed.variables if v.operator in (":-", "-", ":+", "+", ":=", "=")}
    seen: set[str] = set()
    for variable in parsed.variables:
        name = variable.name
        if name in seen or not _VARIABLE.fullmatch(name) or name in provided:
            continue
        demanded = variable.operator in (":?", "?")
        if name in own and not demanded:
            continue
        seen.add(name)
        how = "`${…:?}`" if demanded else "`set -u`" if state.unset else "no default"
        yield VariableNeeded(name, how, at or variable.at)


def _provided_for(need: VariableNeeded, text: str) -> bool:
    """Tell whether a script asks for the absence of a variable that it can do without."""
    return need.how == "no default" and re.search(rf"-[nz]\s+\"?\$\{{?{need.name}\b", text) is not None


def _shown(words: tuple[str, ...]) -> str:
    text = " ".join(blotted(words))
    return text if len(text) <= 300 else text[:299] + "…"
