"""The commands that documents run inside a container: which component is meant, and what is called there."""

import re
from collections.abc import Iterator

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.workload import HostName, Workload
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.command_line import base, calls

_KINDS = re.compile(
    r"(?:deploy(?:ments?)?(?:\.apps)?|sts|statefulsets?|ds|daemonsets?|svc|services?|cronjobs?|jobs?)/([\w.-]+)"
)
_WITH_VALUE = frozenset(
    {"-n", "--namespace", "--context", "-c", "--container", "-e", "--env", "-u", "--user", "-w", "--workdir", "--index"}
    | {"-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--kubeconfig", "--project-directory"}
)


def runbook_commands(draft: Draft) -> Iterator[Symbol]:
    """Yield each such command as one of the component it runs in."""
    components: dict[str, set[str]] = {}
    workloads: dict[tuple[str, str], set[str]] = {}
    for symbol in draft.of(Kind.SERVICE, Action.DEFINES):
        if isinstance(symbol.detail, Workload) and symbol.role is FileRole.PROD:
            artifact = symbol.detail.artifact
            workloads.setdefault((artifact, str(symbol.name)), set()).add(symbol.component)
    for symbol in draft.of(Kind.HOST, Action.DEFINES):
        if isinstance(symbol.detail, HostName) and symbol.detail.by == "container_name":
            components.setdefault(str(symbol.name), set()).add(symbol.detail.component)
    for symbol in draft.of(Kind.STEP, Action.REFERS):
        line = symbol.detail
        if not isinstance(line, CommandLine) or line.source != "document" or "exec" not in line.words:
            continue
        for call in calls(line.words):
            found = _inside(call.words)
            if found is None:
                continue
            artifact, name, words = found
            owners = workloads.get((artifact, name), set()) if artifact else components.get(name, set())
            if len(owners) == 1 and words and not words[0].startswith("-"):
                use = CommandUse("runbook", "exec", words)
                yield Symbol(
                    Kind.COMMAND, Action.REFERS, Exact(words[0]), symbol.at, next(iter(owners)), "document",
                    FileRole.PROD if symbol.role is FileRole.DOCUMENT else symbol.role, use,
                )  # fmt: skip


def _inside(words: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]] | None:
    """Return the artifact that declares the container, its name, and the command that runs there."""
    program = base(words[0])
    if "exec" not in words:
        return None
    rest = list(words[words.index("exec") + 1 :])
    if program in ("kubectl", "oc"):
        if "--" not in rest:
            return None
        options, inner = rest[: rest.index("--")], tuple(rest[rest.index("--") + 1 :])
        named = [match[1] for word in options if (match := _KINDS.fullmatch(word))]
        chosen = any(word in ("-c", "--container") or word.startswith("--container=") for word in options)
        return ("kubernetes", named[0], inner) if named and not chosen else None
    compose = program == "docker-compose" or (
        program in ("docker", "podman") and "compose" in words[: words.index("exec")]
    )
    if not compose and program not in ("docker", "podman"):
        return None
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in _WITH_VALUE else rest[1:]
    return ("compose" if compose else "", rest[0], tuple(rest[1:])) if rest else None
