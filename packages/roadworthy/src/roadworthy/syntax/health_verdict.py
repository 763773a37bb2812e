"""Whether a health command can fail at all when the service it asks refuses."""

import re
from dataclasses import dataclass

from roadworthy.syntax import shell
from roadworthy.syntax.command_line import base, calls, script_text

_FAILS = re.compile(r"^(?:-[a-zA-Z]*f[a-zA-Z]*|--fail|--fail-with-body|--fail-early)$")
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_URL = re.compile(r"https?://|localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0")
_ALIVE = frozenset({"pgrep", "pidof", "ps", "supervisorctl"})
_ALWAYS = frozenset({"true", ":", "echo", "printf", "sleep", "ls", "pwd", "hostname", "date", "uptime"})
# A status that is only printed decides nothing: it must be compared, asserted, or be what the command ends with.
_RAISES = re.compile(r"raise_for_status|\b(?:assert|raise|if)\b|exit\((?![)0]\))|[=!]=|[<>]")
_PRINTED = re.compile(r"\b(?:print|console\.(?:log|info|error))\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_QUIET_PYTHON = re.compile(r"\b(?:requests|httpx)\.(?:get|head|post|request)\(|HTTPConnection\(")
_SWALLOWS_PYTHON = re.compile(r"except[^:]*:\s*(?:pass\b|exit\(0\)|sys\.exit\(0\))")
_NODE = re.compile(r"\bfetch\(|\bhttps?['\"]?\)?\.(?:get|request)\(|axios")
_NODE_JUDGES = re.compile(r"status(?:Code)?\b|\.ok\b|axios")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is "sound", "blind" (it passes while the service refuses), "alive" (it only sees that a process exists) or
    "" where nothing can be said; `why` and `instead` explain it."""

    state: str
    why: str = ""
    instead: str = ""


def verdict(form: str, words: tuple[str, ...]) -> Verdict:
    """Judge a health command in exec form (`words` are the program and its arguments) or shell form (one text)."""
    if not words:
        return Verdict("")
    if "/dev/tcp/" in " ".join(words):
        return Verdict("sound")
    if form == "exec" and base(words[0]) in _SHELLS:
        text = script_text(words)
        return _text(text) if text is not None else Verdict("")
    return _text(words[0]) if form == "shell" else _program(words, swallowed=False, last=True)


def _text(text: str) -> Verdict:
    read = shell.parse(text)
    commands = [command for command in read.commands if command.program not in ("set", "exit", "cd", "export")]
    asking = [c for c in commands if not (c.program in _ALWAYS and len(commands) > 1)]
    if not asking:
        if read.commands:
            return Verdict("blind", f"`{text.strip()[:40]}` cannot fail", "ask the service for its health")
        return Verdict("")
    if any(c.swallowed for c in asking):
        return Verdict("blind", "`||` throws its failure away", "end it with `|| exit 1`")
    ends = re.search(r"(?:(?<!&)[;\n]|(?<!&)&(?!&))\s*(exit 0|true|:)\s*;?\s*$", text.strip())
    if ends and not re.search(r"exit [1-9]", text):
        return Verdict("blind", f"it ends with `{ends[1]}`, whatever came before", "take that away")
    if "$(" in text or "`" in text or "[ " in text or "test " in text:
        return Verdict("sound") if re.search(r"\[|test |grep|exit [1-9]", text) else Verdict("")
    for index, command in enumerate(asking):
        piped = command.piped
        if piped:
            tail = asking[-1]
            if base(tail.program) in ("cat", "tee", "head", "tail", "wc", "jq") and "-e" not in tail.words:
                return Verdict("blind", f"only `{tail.program}` at the end of the pipe decides", "take the pipe away")
            if base(command.program) == "ps" and base(tail.program) in ("grep", "egrep"):
                return Verdict("alive", "`ps | grep` finds a process (often itself) and asks the service nothing")
            return Verdict("sound")
        found = _program(command.words, swallowed=command.swallowed, last=index == len(asking) - 1)
        if found.state:
            return found
    return Verdict("")


def _program(words: tuple[str, ...], *, swallowed: bool, last: bool) -> Verdict:
    reached = list(calls(words))
    words = reached[-1].words if reached else words
    program = base(words[0])
    rest = words[1:]
    match program:
        case "curl":
            return _curl(rest)
        case "wget":
            return Verdict("sound")
        case "http" | "https":
            if "--check-status" in rest:
                return Verdict("sound")
            return Verdict("blind", f"`{program}` ends well whatever the answer", "add `--check-status`")
        case "python" | "python3":
            return _python(" ".join(rest))
        case "node" | "bun" | "deno":
            return _node(" ".join(rest))
        case (
            "pg_isready"
            | "redis-cli"
            | "valkey-cli"
            | "mysqladmin"
            | "mariadb-admin"
            | "mongosh"
            | "rabbitmq-diagnostics"
        ):
            return Verdict("sound")
        case "nc" | "ncat" | "netcat" | "grpc_health_probe" | "healthcheck.sh" | "celery" | "traefik" | "psql":
            return Verdict("sound")
        case "kill" if "-0" in rest:
            return Verdict("alive", "`kill -0` finds a process and asks the service nothing")
    if program in _ALIVE:
        return Verdict("alive", f"`{program}` finds a process and asks the service nothing")
    if program in ("test", "[") and any(word.endswith(".pid") or word.startswith("/proc/") for word in rest):
        return Verdict("alive", "it looks for a file of the process and asks the service nothing")
    if program in _ALWAYS or (program == "exit" and rest[:1] == ("0",)):
        return Verdict("blind", f"`{program}` cannot fail", "ask the service for its health")
    return Verdict("")


def _curl(rest: tuple[str, ...]) -> Verdict:
    if any(_FAILS.fullmatch(word) for word in rest if not word.startswith("--") or word.startswith("--fail")):
        return Verdict("sound")
    if any("http_code" in word or "response_code" in word for word in rest):
        return Verdict("blind", "`curl -w` prints the status and nothing looks at it", "use `curl --fail`")
    if not any(_URL.search(word) for word in rest):
        return Verdict("")
    return Verdict("blind", "`curl` without `--fail` ends well on a 500 answer", "add `--fail`")


def _python(text: str) -> Verdict:
    if _SWALLOWS_PYTHON.search(text) and not re.search(r"exit\([1-9]|raise\b", text):
        return Verdict("blind", "its `except` throws the failure away", "let it raise")
    if "urlopen(" in text:
        return Verdict("sound")
    if _QUIET_PYTHON.search(text):
        if _RAISES.search(_PRINTED.sub("", text)):
            return Verdict("sound")
        return Verdict("blind", "it does not look at the status of the answer", "add `.raise_for_status()`")
    return Verdict("")


def _node(text: str) -> Verdict:
    if not _NODE.search(text):
        return Verdict("")
    if _NODE_JUDGES.search(_PRINTED.sub("", text)):
        if re.search(r"catch\(\s*\(?\w*\)?\s*=>\s*process\.exit\(0\)", text):
            return Verdict("blind", "its `catch` ends well", "end with `process.exit(1)`")
        return Verdict("sound")
    return Verdict("blind", "it does not look at the status of the answer", "exit with 1 unless the answer is `ok`")
