"""What the package managers of JavaScript install in an image, and what they leave out."""

from dataclasses import dataclass

from roadworthy.model.place import Span
from roadworthy.syntax.command_line import base

_FALSE = frozenset({"false", "0", "no"})
_NPM_VALUES = frozenset(
    {"--registry", "--loglevel", "--cache", "--userconfig", "--network-timeout", "--store-dir", "--tag"}
)
_NPM_VALUES |= {"--prefix", "-C", "--cwd", "--dir", "--cache-folder", "--modules-folder", "--mutex", "--fetch-timeout"}


@dataclass(frozen=True, slots=True)
class Install:
    """One call. `omits` tells that development packages are left out (None where that cannot be told), `omitted_at` the
    place that says so; `adds` are packages it names, `everywhere` that they are installed for the whole system."""

    at: Span
    omits: bool | None
    omitted_at: Span
    how: str
    adds: tuple[str, ...] = ()
    everywhere: bool = False
    scripts: bool = True


def install(
    words: tuple[str, ...], at: Span, variables: dict[str, tuple[str | None, Span]], *, berry: bool
) -> Install | None:
    """Return what a command installs; None where it installs nothing.

    `variables` are those in force with the place that sets them, their value None where it is not known.
    """
    program = base(words[0])
    rest = [w for i, w in enumerate(words[1:], 1) if words[i - 1] not in _NPM_VALUES and w not in _NPM_VALUES]
    plain = [word for word in rest if not word.startswith("-")]
    verb = plain[0] if plain else ""
    everywhere = "-g" in rest or "--global" in rest or plain[:2] == ["global", "add"]
    names = tuple(_name(word) for word in plain[1:] if word not in ("add", "dev", "prod", "production"))
    scripts = not any(word.startswith("--ignore-scripts") for word in rest)
    match program, verb:
        case "npm", "ci" | "clean-install" | "install-clean" | "install" | "i" | "add" | "in":
            if "--package-lock-only" in rest or "--dry-run" in rest:
                return None
            omits, place, how = _npm(rest, variables, at)
            added = names if verb not in ("ci", "clean-install", "install-clean") else ()
            return Install(at, omits, place, how, added, everywhere, scripts)
        case ("npm", "prune") | ("pnpm", "prune"):
            omits, place, how = _npm(rest, variables, at)
            return Install(at, omits, place, how or "prune", scripts=False) if omits is not False else None
        case "yarn", "" | "install":
            omits, place, how = (_flags(rest) is True, at, "--production") if berry else _yarn(rest, variables, at)
            return Install(at, omits, place, how, (), False, scripts)
        case "yarn", "add" | "global":
            return Install(at, False, at, "", names, everywhere, scripts)
        case "yarn", "workspaces" if "focus" in plain:
            return Install(at, "--production" in rest, at, "--production", scripts=scripts)
        case "pnpm", "install" | "i":
            omits, place, how = _pnpm(rest, variables, at)
            return Install(at, omits, place, how, (), False, scripts)
        case "pnpm", "add":
            return Install(at, False, at, "", names, everywhere, scripts)
        case "pnpm", "fetch" | "deploy":
            return Install(
                at, True if {"--prod", "-P", "--production"} & set(rest) else None, at, "--prod", (), False, scripts
            )
        case "bun", "install" | "i":
            return Install(
                at,
                bool({"--production", "-p"} & set(rest)) or "--omit=dev" in rest,
                at,
                "--production",
                scripts=scripts,
            )
        case "bun", "add":
            return Install(at, False, at, "", names, everywhere, scripts)
    return None


def _name(word: str) -> str:
    """Return the name of a package without its version."""
    return word[:1] + word[1:].partition("@")[0]


def _flags(rest: list[str]) -> bool | None:
    """Return what options say of development packages; None where they say nothing."""
    for word in rest:
        name, _, value = word.partition("=")
        if name in ("--production", "--prod", "-P"):
            return value not in _FALSE
    return None


def _npm(rest: list[str], variables: dict[str, tuple[str | None, Span]], at: Span) -> tuple[bool | None, Span, str]:
    joined = " ".join(rest)
    if "--include=dev" in joined or "--include dev" in joined or "--also=dev" in joined or "--dev" in rest:
        return False, at, ""
    for text in ("--omit=dev", "--omit dev", "--only=production", "--only=prod", "--only production", "--only prod"):
        if text in joined:
            return True, at, text
    said = _flags(rest)
    if said is not None:
        return said, at, "--production"
    for name, meaning in (
        ("NPM_CONFIG_INCLUDE", False),
        ("NPM_CONFIG_OMIT", True),
        ("NPM_CONFIG_PRODUCTION", True),
    ):
        for spelled in (name, name.lower()):
            value, place = variables.get(spelled, ("", at))
            if value is not None and (value == "dev" or (value == "true" and name.endswith("PRODUCTION"))):
                return meaning, place, f"{spelled}={value}"
    return _node_env(variables, at)


def _node_env(variables: dict[str, tuple[str | None, Span]], at: Span) -> tuple[bool | None, Span, str]:
    value, place = variables.get("NODE_ENV", ("", at))
    if value is None:
        return None, place, "NODE_ENV"
    return value == "production", place, "NODE_ENV=production"


def _yarn(rest: list[str], variables: dict[str, tuple[str | None, Span]], at: Span) -> tuple[bool | None, Span, str]:
    said = _flags(rest)
    if said is not None:
        return said, at, "--production"
    value, place = variables.get("YARN_PRODUCTION", ("", at))
    return (True, place, "YARN_PRODUCTION") if value == "true" else _node_env(variables, at)


def _pnpm(rest: list[str], variables: dict[str, tuple[str | None, Span]], at: Span) -> tuple[bool | None, Span, str]:
    if {"--dev", "-D"} & set(rest):
        return False, at, ""
    said = _flags(rest)
    return (said, at, "--prod") if said is not None else _node_env(variables, at)
