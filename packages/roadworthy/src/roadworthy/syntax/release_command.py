"""What a command does to a release: it changes what runs, waits, goes back, asks, or migrates a database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.syntax import kubectl
from roadworthy.syntax.command_line import base, calls, shell_calls

_MIGRATES = re.compile(
    r"(?<![\w-])(?:alembic\b.*\bupgrade\b|flask\s+db\s+upgrade\b|manage\.py\s+migrate(?![\w-])|django-admin\s+migrate\b"
    r"|prisma\s+(?:migrate\s+deploy|db\s+push)\b|flyway\b.*\bmigrate\b|liquibase\b.*\bupdate\b"
    r"|knex\b.*\bmigrate:latest\b|sequelize(?:-cli)?\b.*\bdb:migrate\b|typeorm\b.*\bmigration:run\b|drizzle-kit\s+migrate\b"
    r"|rails\s+db:migrate\b|rake\s+db:migrate\b|dbmate\b.*\bup\b|goose\b.*\bup\b|node-pg-migrate\b.*\bup\b|aerich\s+upgrade\b"
    r"|mikro-orm\s+migration:up\b|atlas\s+migrate\s+apply\b|sqitch\s+deploy\b|piccolo\s+migrations\s+forwards\b"
    r"|(?:npm|yarn|pnpm)\s+(?:run\s+)?(?:[\w-]+:)?migrat\w*(?::(?:deploy|up|run|prod|latest))?(?![\w:-]))"
)
_BACK = re.compile(
    r"\bdowngrade\b|\bmigrate:(?:rollback|down)\b|--help\b|--fake\b|\b(?:status|check|--check|--plan|diff)\b"
)
_LOCKED = re.compile(r"\bprisma\b|\bflyway\b|\bliquibase\b|\bknex\b|\bpg-migrate\b|\bgoose\b|\brails\b|\brake\b")
_ASKS = re.compile(r"smoke|e2e|end-to-end|healthcheck|health-check|verify|check-release|wait-for-(?:url|http|it)")
_FETCHERS = frozenset(
    {"curl", "wget", "http", "https", "xh", "k6", "newman", "hurl", "playwright", "cypress", "ab", "hey"}
)
# What a platform does by itself with every deployment.
_PLATFORM = ("wait", "undo", "ask")
_BACK_SCRIPT = re.compile(r"roll-?_?back|revert")


@dataclass(frozen=True, slots=True)
class Act:
    """`does` are any of "change", "wait", "undo", "ask", "migrate"; `tool` is the program that does it."""

    does: frozenset[str]
    tool: str
    words: tuple[str, ...]
    cluster: kubectl.Command | None = None


def acts(words: tuple[str, ...]) -> Iterator[Act]:
    """Yield what a command does, through wrappers, `sh -c` and `ssh host "…"`."""
    if not words:
        return
    text = " ".join(words)
    program = base(words[0])
    if migrates(text):
        yield Act(frozenset({"migrate"}), program, words, kubectl.read(words))
        return
    for call in calls(words):
        yield from _of(base(call.program), call.words)
        if base(call.program) == "ssh" and len(call.words) > 2:
            for inner in shell_calls(call.words[-1]):
                yield from acts(inner.words)


def migrates(text: str) -> bool:
    """Tell whether a command line brings a database's schema up to date."""
    return bool(_MIGRATES.search(text)) and not _BACK.search(text)


def locked(text: str) -> bool:
    """Tell whether the tool that migrates lets one run at a time."""
    return bool(_LOCKED.search(text))


def _of(program: str, words: tuple[str, ...]) -> Iterator[Act]:
    rest = words[1:]
    verbs = [word for word in rest if not word.startswith("-")]
    does: set[str] = set()
    if program in ("kubectl", "oc", "k"):
        command = kubectl.read(words)
        if command is not None:
            yield Act(frozenset(_cluster(command)), "kubectl", words, command)
        return
    if any("dry-run" in word for word in rest):
        return
    match program:
        case "helm" if {"upgrade", "install"} & set(verbs[:1]):
            does = {"change"}
            if any(word.startswith(("--wait", "--atomic", "--rollback-on-failure")) for word in rest):
                does.add("wait")
            if any(word.startswith(("--atomic", "--rollback-on-failure")) for word in rest):
                does.add("undo")
        case "helm" if verbs[:1] == ["rollback"]:
            does = {"undo"}
        case "helm" if verbs[:1] == ["test"]:
            does = {"ask"}
        case "argocd" if verbs[:2] == ["app", "sync"]:
            does = {"change"}
        case "argocd" if verbs[:2] == ["app", "wait"]:
            does = {"wait"}
        case "argocd" if verbs[:2] == ["app", "rollback"]:
            does = {"undo"}
        case "aws" if verbs[:2] == ["ecs", "update-service"]:
            does = {"change"}
        case "aws" if verbs[:2] == ["ecs", "wait"] or verbs[:2] == ["deploy", "wait"]:
            does = {"wait"}
        case "fly" | "flyctl" if verbs[:1] == ["deploy"]:
            does = {"change"} if "--detach" in rest else {"change", *_PLATFORM}
        case "fly" | "flyctl" if verbs[:1] == ["releases"] or verbs[:2] == ["machine", "update"]:
            does = {"undo"}
        case "gcloud" if verbs[:2] == ["run", "deploy"] or verbs[:2] == ["app", "deploy"]:
            does = {"change", *_PLATFORM}
        case "heroku" if verbs[:1] == ["container:release"]:
            does = {"change", *_PLATFORM}
        case "heroku" if verbs[:1] in (["rollback"], ["releases:rollback"]):
            does = {"undo"}
        case "kamal" | "railway" | "vercel" | "netlify" | "eb" | "wrangler" if _brings(program, verbs, rest):
            does = {"change", *_PLATFORM}
        case "curl" | "wget" if any(_downloads(word) for word in rest):
            return
        case _ if program in _FETCHERS:
            does = {"ask"}
        case _ if program == "git" and verbs[:1] == ["revert"]:
            does = {"undo"}
        case _:
            shown = " ".join(words[:4])
            if _BACK_SCRIPT.search(shown) and (
                "/" in words[0] or program in ("make", "bash", "sh", "npm", "just", "task")
            ):
                does = {"undo"}
            elif _ASKS.search(shown) and program not in ("docker", "git", "echo", "printf", "cosign", "gpg"):
                does = {"ask"}
    if does:
        yield Act(frozenset(does), program, words)


def _brings(program: str, verbs: list[str], rest: tuple[str, ...]) -> bool:
    return bool({"deploy", "up"} & set(verbs[:1])) or (program == "vercel" and "--prod" in rest)


def _downloads(word: str) -> bool:
    return bool(
        re.search(
            r"\.(?:tar\.gz|tgz|zip|deb|sh|yaml|yml|asc|gpg|apk)(?:$|\?)|get\.helm\.sh|dl\.k8s\.io|/releases/download/",
            word,
        )
    )


def _cluster(command: kubectl.Command) -> Iterator[str]:
    if command.dry:
        return
    selector = "" if "!=" in command.selector or "notin" in command.selector else command.selector
    named = " ".join((selector, *command.files, *command.folders, *(name for _, name in command.named)))
    if command.verb in ("apply", "create", "replace", "wait", "run") and "migrat" in named:
        yield "migrate"
    match command.verb:
        case "create" | "apply" | "replace" if command.files or command.folders:
            yield "change"
        case "patch" | "set" | "rollout restart":
            yield "change"
        case "rollout status":
            yield "wait"
        case "wait" if any(kind not in ("job", "cronjob") for kind, _ in command.named) or not command.named:
            yield "wait"
        case "rollout undo":
            yield "undo"
        case "exec" | "run" | "port-forward":
            yield "ask"
