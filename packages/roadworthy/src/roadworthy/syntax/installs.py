"""Which packages a command installs, and by which package manager."""

import re

_OPTION_WITH_VALUE = {
    "apt": {"-t", "--target-release", "-o", "--option", "-c"},
    "apk": {"-t", "--virtual", "--repository", "-X", "--root", "-p", "--arch"},
    "dnf": {"--repo", "--releasever", "--installroot", "--setopt"},
    "pip": {"-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-t", "--target"}
    | {"-f", "--find-links", "--prefix", "--root", "--python", "--trusted-host", "--platform", "--cache-dir", "-e"}
    | {"--editable", "--no-binary", "--only-binary", "--timeout", "--retries", "--upgrade-strategy", "--group"},
    "npm": {"--prefix", "-C", "--registry", "--loglevel", "-w", "--workspace"},
}
_MANAGERS = {
    "apt-get": ("apt", {"install"}),
    "apt": ("apt", {"install"}),
    "aptitude": ("apt", {"install"}),
    "apk": ("apk", {"add"}),
    "dnf": ("dnf", {"install", "localinstall", "groupinstall"}),
    "microdnf": ("dnf", {"install"}),
    "yum": ("dnf", {"install", "localinstall", "groupinstall"}),
    "pip": ("pip", {"install"}),
    "pip3": ("pip", {"install"}),
    "pipx": ("pip", {"install"}),
    "npm": ("npm", {"install", "i", "add"}),
    "pnpm": ("npm", {"add"}),
    "yarn": ("npm", {"add"}),
}
_NAME = re.compile(r"@?[A-Za-z0-9][\w.+/@:-]*?(?=$|[=<>~!;\[ ]|(?<=.)@)")


def installed(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the manager ("" when the command installs nothing) and the packages it names, without versions."""
    words = _bare(words)
    if not words:
        return "", ()
    program = words[0].rpartition("/")[2]
    manager, verbs = _MANAGERS.get(program, ("", set()))
    if not manager:
        return "", ()
    rest = list(words[1:])
    if program == "yarn" and rest[:1] == ["global"]:
        rest = rest[1:]
    names: list[str] = []
    seen, skips = False, False
    for word in rest:
        if skips:
            skips = False
        elif word.startswith("-"):
            skips = word in _OPTION_WITH_VALUE.get(manager, set())
        elif not seen:
            if word not in verbs:
                return "", ()
            seen = True
        elif (match := _NAME.match(word)) and "$" not in word and not word.startswith((".", "/", "http")):
            names.append(match[0])
    return (manager, tuple(names)) if seen else ("", ())


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    while words and (words[0] in ("sudo", "exec", "env", "command") or ("=" in words[0] and "/" not in words[0])):
        words = words[1:]
    if len(words) > 2 and words[0].rpartition("/")[2].startswith("python") and words[1:3] == ("-m", "pip"):
        return ("pip", *words[3:])
    if len(words) > 2 and words[0].rpartition("/")[2] == "uv" and words[1] == "pip":
        return ("pip", *words[2:])
    return words
