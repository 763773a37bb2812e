"""Crontabs: what is run at which times, and the variables it is given."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.schedule import Scheduled
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.JOB, Kind.COMMAND})

_NAMED = re.compile(
    r"(?:[\w.-]*[-_.])?cron(?:tab|jobs?)?(?:\.(?:txt|conf|prod|production))?|[\w.-]+\.cron(?:tab)?", re.IGNORECASE
)
_FOLDERS = ("cron.d/", "crontabs/", "crontab.d/")
_FIELD = r"(?:[\d*/,\-?LW#]|[A-Za-z]{3})+"
_LINE = re.compile(
    rf"^\s*(?P<when>@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)|(?:{_FIELD}[ \t]+){{5}})[ \t]*(?P<rest>\S.*)$"
)
_SET = re.compile(r"^\s*([A-Za-z_]\w*)\s*=")
_USER = re.compile(r"(?:root|www-data|postgres|nobody|app|ubuntu|deploy|backup|node|django)[ \t]+(?=\S)")
_TEXT = (".md", ".py", ".js", ".ts", ".sh", ".yml", ".yaml", ".json", ".go", ".rb", ".php", ".rs", ".java", ".html")


def wants(path: str) -> bool:
    """Files named as crontabs, and those of folders made for them."""
    if "cron" not in path.lower():
        return False
    folder, _, name = path.rpartition("/")
    if name.lower().endswith(_TEXT):
        return False
    return _NAMED.fullmatch(name) is not None or any(f"/{folder}/".endswith(f"/{mark}") for mark in _FOLDERS)


def recognises(file: SourceFile) -> bool:
    """Recognise a crontab by a line with five fields and a command."""
    return any(_LINE.match(line) for line in file.text.split("\n")[:400])


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every line that starts something."""
    given: list[str] = []
    for number, line in enumerate(file.text.split("\n"), start=1):
        if line.lstrip().startswith("#"):
            continue
        if (found := _LINE.match(line[:4000])) is None:
            if named := _SET.match(line):
                given.append(named[1])
            continue
        command = _USER.sub("", found["rest"].rstrip(), count=1)
        at = Span(file.path, number, found.start("rest") + 1, number, max(len(line.rstrip()), 1))
        detail = Scheduled("crontab", command, file.path, tuple(given))
        yield Symbol(Kind.JOB, Action.REFERS, Exact(found["when"].strip()), at, role=file.role, detail=detail)
        use = CommandUse("job", "shell", (command.replace("\\%", "%"),))
        yield Symbol(Kind.COMMAND, Action.REFERS, Exact(command.split()[0]), at, role=file.role, detail=use)
