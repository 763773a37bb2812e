"""Commands that install what a manifest asks for, and whether they keep to its lock file."""

from dataclasses import dataclass

from roadworthy.syntax.command_line import base, calls

_FREEZING = frozenset(
    {"--frozen-lockfile", "--immutable", "--frozen", "--locked", "--deploy", "--ignore-pipfile", "--no-lock"}
    | {"--prefer-frozen-lockfile", "--immutable-cache"}
)
_GLOBAL = frozenset({"-g", "--global", "--location=global", "--no-save"})
_VALUED = frozenset(
    {
        "--prefix",
        "-C",
        "--dir",
        "--cwd",
        "--filter",
        "-F",
        "-w",
        "--workspace",
        "--directory",
        "--registry",
        "--loglevel",
    }
    | {"--only", "--with", "--without", "--extras", "-E", "--mode", "--network-timeout", "--cache-folder", "--omit"}
    | {"--include", "--group", "--extra", "--package", "--python", "-p", "--cache", "--store-dir", "--fetch-timeout"}
)


@dataclass(frozen=True, slots=True)
class Install:
    """`manager` is "npm", "yarn", "pnpm", "bun", "poetry", "uv", "pdm", "pipenv" or "pip"; `frozen` that it keeps to the
    lock, `renews` that it writes it anew; `file` is what `-r` names, `project` that it installs the project itself."""

    manager: str
    frozen: bool = False
    renews: bool = False
    file: str = ""
    project: bool = False


def read(words: tuple[str, ...]) -> Install | None:
    """Read a command; None where it installs no manifest."""
    for call in calls(words):
        found = _of(base(call.program), call.words[1:])
        if found is not None:
            return found
    return None


def _of(program: str, rest: tuple[str, ...]) -> Install | None:
    frozen = bool(_FREEZING & {word.partition("=")[0] for word in rest if not word.endswith("=false")})
    plain = _plain(rest)
    verb, names = (plain[0], plain[1:]) if plain else ("", [])
    if _GLOBAL & set(rest) or any(word in _ELSEWHERE for word in rest):
        return None
    match program:
        case "npm" if verb in ("ci", "clean-install"):
            return Install("npm", True)
        case "npm" if verb in ("install", "i", "update") and not names:
            return Install("npm", renews=verb == "update")
        case "yarn" if verb in ("", "install") and not names:
            return Install("yarn", frozen)
        case "pnpm" if verb in ("install", "i", "update") and not names:
            return Install("pnpm", frozen and "--no-frozen-lockfile" not in rest, verb == "update")
        case "bun" if verb in ("install", "i") and not names:
            return Install("bun", frozen)
        case "poetry" if verb in ("install", "sync", "update", "lock"):
            return (
                Install("poetry", verb in ("install", "sync"), verb in ("update", "lock")) if verb != "lock" else None
            )
        case "uv" if verb == "sync":
            return Install("uv", frozen, "--upgrade" in rest or "-U" in rest)
        case "uv" if verb == "pip" and names[:1] == ["install"]:
            return _pip(rest[rest.index("install") + 1 :])
        case "pdm" if verb in ("install", "sync", "update"):
            return Install("pdm", True, verb == "update")
        case "pipenv" if verb in ("install", "sync", "update") and not names:
            return Install("pipenv", frozen or verb == "sync", verb == "update")
        case "pip" | "pip3" if verb in ("install", "wheel", "download"):
            return _pip(rest[rest.index(verb) + 1 :])
        case "python" | "python3" if rest[:3] == ("-m", "pip", "install"):
            return _pip(rest[3:])
    return None


_ELSEWHERE = frozenset({"--prefix", "-C", "--cwd", "--dir", "--directory"})


def _plain(rest: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    skips = False
    for word in rest:
        if skips:
            skips = False
        elif word.startswith("-"):
            skips = word in _VALUED
        elif not word.startswith(("$", ">", "&")):
            found.append(word)
    return found


def _pip(rest: tuple[str, ...]) -> Install | None:
    for index, word in enumerate(rest):
        if word in ("-r", "--requirement", "--requirements") and index + 1 < len(rest):
            return Install("pip", file=rest[index + 1])
        if word.startswith("-r") and len(word) > 2 and not word.startswith("--"):
            return Install("pip", file=word[2:])
    if any(word == "." or word.startswith((".[", "./", ".,")) for word in rest):
        return Install("pip", project=True) if "--no-deps" not in rest else None
    return None
