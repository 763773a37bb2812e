"""A secret stands on a command line.

Everyone who may list processes reads it, and so does every tool that records command lines: `ps`, `docker inspect`, audit
logs, crash reports, the history of the shell.

## Fails

```yaml title="k8s/job.yaml"
apiVersion: batch/v1
kind: Job
metadata: {name: import}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: import
          image: acme/import:1.0
          args: ["--password", "$(DB_PASSWORD)"]
          env:
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: db, key: password}}
```

## Passes

```yaml title="k8s/job.yaml"
apiVersion: batch/v1
kind: Job
metadata: {name: import}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: import
          image: acme/import:1.0
          args: ["--user", "import"]
          env:
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: db, key: password}}
```

## Repair

Give it through the environment (`PGPASSWORD`, `MYSQL_PWD`, `REDISCLI_AUTH`), standard input (`docker login
--password-stdin`, `curl --config -`) or a file.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.COMMAND}))

_VARIABLE = r"\$[({]*(?:[{]\s*(?:secrets|env)\.)?\w*(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|CREDENTIALS?)\w*"
_SECRET = re.compile(rf"[\"']?(?:\*\*\*|{_VARIABLE})", re.IGNORECASE)
_OPTION = re.compile(
    r"--?(?:[\w]+-)*(?:password|passwd|passphrase|secret|secret-key|token|api-?key|access-key|auth-token|pass)",
    re.IGNORECASE,
)
_FROM_FILE = re.compile(r"(?:file|stdin|env|path|name|from|fd|prompt|command)$", re.IGNORECASE)
_IN_ADDRESS = re.compile(rf"[a-z][a-z0-9+.-]*://(?:\*\*\*|[^\s/@:]*:(?:\*\*\*|{_VARIABLE})[^\s@/]*)@", re.IGNORECASE)
_CLIENTS = re.compile(r"(?:mysql|mariadb)[\w-]*")
_DATABASES = re.compile(
    r"(?:psql|pg_\w+|mysql\w*|mongo\w*|redis-cli|valkey-cli|curl|wget|createdb|dropdb|alembic|migrate|atlas)"
)
_HARMLESS = frozenset(
    {"echo", "printf", "test", "[", "[[", "export", "if", "grep", "sed", "openssl", "kubectl", "case", "read"}
)
_HARMLESS |= {
    "set",
    "local",
    "declare",
    ":",
    "jq",
    "base64",
    "gh",
    "trap",
    "exit",
    "unset",
    "alias",
    "cat",
    "head",
    "tr",
}
_ASIDE = re.compile(r"(?:^|/)(?:dev|local|test|e2e|ci)[-_.]")
_SAYS = {"pipeline": "a pipeline step", "make": "a Makefile", "npm": "a script of package.json"}


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Look for secrets among the arguments of everything that deployments, scripts and pipelines start."""
    for symbol in (*facts.references(Kind.COMMAND), *facts.references(Kind.STEP)):
        use = symbol.detail
        if not isinstance(use, CommandUse | CommandLine) or symbol.role is not FileRole.PROD:
            continue
        if isinstance(use, CommandLine) and use.source == "document":
            continue
        if isinstance(use, CommandUse) and use.purpose in ("healthcheck", "probe", "shebang", "run"):
            # A check asks inside of its own container, and a build is the matter of another rule.
            continue
        if _ASIDE.search(symbol.at.path) and not symbol.at.path.startswith(".github/"):
            continue
        arguments = isinstance(use, CommandUse) and use.purpose == "command" and use.words[0].startswith("-")
        found = _found(("", *use.words) if arguments else use.words)
        if found and not (isinstance(use, CommandLine) and _throwaway(use)):
            yield _finding(symbol, use, found)
        elif isinstance(use, CommandUse) and use.purpose in ("command", "entrypoint", "job"):
            yield Held(symbol.at)


def _found(words: tuple[str, ...]) -> str:
    """Return what shows the secret, "" where nothing does; never the secret itself."""
    if len(words) == 1:
        words = tuple(words[0].split())
    if not words:
        return ""
    program = words[0].rpartition("/")[2]
    if program in _HARMLESS:
        return ""
    for index, word in enumerate(words[1:], start=1):
        option, equals, value = word.partition("=")
        after = words[index + 1] if index + 1 < len(words) else ""
        named = _OPTION.fullmatch(option) is not None and not _FROM_FILE.search(option)
        if (
            named
            and option.lstrip("-") not in ("requirepass", "masterauth")
            and _SECRET.match(value if equals else after)
        ):
            return option
        if word == "--requirepass" and after.startswith("***"):
            return word
        if _CLIENTS.fullmatch(program) and word.startswith("-p") and len(word) > 2 and _SECRET.match(word[2:]):
            return "-p"
        if program == "docker" and "login" in words and word == "-p" and _SECRET.match(after):
            return "-p"
        if program == "curl" and word in ("-u", "--user") and _shown(after):
            return word
        if program in ("redis-cli", "valkey-cli") and word == "-a" and _SECRET.match(after):
            return "-a"
        if _DATABASES.fullmatch(program) and _IN_ADDRESS.match(word.strip("\"'")):
            return "the address"
    return ""


def _throwaway(use: CommandLine) -> bool:
    """Tell whether a pipeline writes down the password of a server that lives as long as the job."""
    written = not any(re.search(_VARIABLE, word, re.IGNORECASE) for word in use.words)
    return use.source == "pipeline" and written and _DATABASES.fullmatch(use.words[0].rpartition("/")[2]) is not None


def _shown(user: str) -> bool:
    if user.startswith("***"):
        return True
    password = user.strip("\"'").partition(":")[2]
    return bool(password) and (password.startswith("***") or _SECRET.match(password) is not None)


def _finding(symbol: Symbol, use: CommandUse | CommandLine, option: str) -> Finding:
    program = next(iter(" ".join(use.words).split()), "").rpartition("/")[2]
    who = symbol.component or (
        _SAYS.get(use.source, symbol.at.path) if isinstance(use, CommandLine) else symbol.at.path
    )
    what = f"`{program}`" if not program.startswith("-") else "its program"
    return Finding(
        f"{who} hands {what} a secret on the command line ({option})",
        symbol.at,
        repair="Give it through the environment, standard input or a file",
        names=(program, option),
        component=symbol.component,
    )
