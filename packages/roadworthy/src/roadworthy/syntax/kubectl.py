"""What a kubectl command line says: its verb, what it is about, and which cluster and namespace it speaks to."""

import re
from dataclasses import dataclass

from roadworthy.syntax.command_line import base

_VALUED = frozenset(
    """
    -n --namespace --context --kubeconfig --cluster --user -s --server --token -f --filename -k --kustomize -l --selector
    -c --container -o --output --timeout --for --image --replicas --field-manager --grace-period -p --patch --type
    --from-literal --from-file --from-env-file --as --as-group --request-timeout --tail --since --to-revision --revision
    --sort-by --field-selector -L --template --restart --env --overrides --labels --port --target-port --certificate-authority
    """.split()
)
_GROUPS = frozenset({"rollout", "set", "config", "create", "certificate", "auth", "top"})
_KINDS = {
    "deploy": "deployment", "deployments": "deployment", "deployment": "deployment", "deployment.apps": "deployment",
    "sts": "statefulset", "statefulset": "statefulset", "statefulsets": "statefulset",
    "ds": "daemonset", "daemonset": "daemonset", "daemonsets": "daemonset",
    "job": "job", "jobs": "job", "cronjob": "cronjob", "cj": "cronjob", "cronjobs": "cronjob",
    "po": "pod", "pod": "pod", "pods": "pod", "svc": "service", "service": "service", "services": "service",
}  # fmt: skip
_SETS = re.compile(r"([\w./-]+)\s+(not)?in\s*\(([^)]*)\)")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Command:
    """`verb` is "apply", "rollout status" and so on; `named` are the pairs of kind and name it is about; `files` and
    `folders` what `-f` and `-k` name."""

    verb: str
    named: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    folders: tuple[str, ...]
    namespace: str
    context: str
    flags: tuple[str, ...]
    images: tuple[str, ...] = ()
    everywhere: bool = False
    selector: str = ""

    def selects(self, labels: tuple[tuple[str, str], ...]) -> bool:
        """Tell whether its selector, as far as it compares, lets labels through."""
        known = dict(labels)
        for name, negated, listed in _SETS.findall(self.selector):
            values = {value.strip() for value in listed.split(",")}
            if name in known and (known[name] in values) == bool(negated):
                return False
        for part in _SETS.sub("", self.selector).split(","):
            name, unequal, value = part.partition("!=")
            if unequal:
                if known.get(name.strip()) == value.strip():
                    return False
                continue
            name, equal, value = part.partition("=")
            if equal and name.strip() in known and known[name.strip()] != value.strip().removeprefix("="):
                return False
        return True

    @property
    def dry(self) -> bool:
        """Whether it changes nothing."""
        return any("dry-run" in flag and "none" not in flag for flag in self.flags)


def read(words: tuple[str, ...]) -> Command | None:
    """Read a command line; None where it is no kubectl or has no verb."""
    if not words or base(words[0]) not in ("kubectl", "oc", "k"):
        return None
    options: dict[str, list[str]] = {}
    plain: list[str] = []
    flags: list[str] = []
    waiting = ""
    for word in words[1:]:
        if waiting:
            options.setdefault(waiting, []).append(word)
            waiting = ""
        elif word == "--":
            break
        elif word.startswith("-") and word != "-":
            name, equals, value = word.partition("=")
            if equals and name in _VALUED:
                options.setdefault(name, []).append(value)
            elif name in _VALUED and not equals:
                waiting = name
            elif re.fullmatch(r"-[nfkl].+", word) and not word.startswith("--"):
                options.setdefault(word[:2], []).append(word[2:])
            else:
                flags.append(word)
        else:
            plain.append(word)
    if not plain:
        return None
    verb, rest = plain[0], plain[1:]
    if verb == "rollout" and rest:
        verb, rest = f"rollout {rest[0]}", rest[1:]
    elif verb in _GROUPS and rest and verb != "create":
        verb, rest = (verb if verb == "set" else f"{verb} {rest[0]}"), rest[1:]
    images = tuple(word for word in rest if "=" in word and not word.startswith("-")) if verb == "set" else ()
    return Command(
        verb,
        tuple(_named(verb, rest)),
        tuple(options.get("-f", []) + options.get("--filename", [])),
        tuple(options.get("-k", []) + options.get("--kustomize", [])),
        (options.get("-n", []) + options.get("--namespace", []) + [""])[0],
        (options.get("--context", []) + options.get("--kubeconfig", []) + options.get("--server", []) + [""])[0],
        tuple(flags),
        images,
        bool({"-A", "--all-namespaces"} & set(flags)),
        (options.get("-l", []) + options.get("--selector", []) + [""])[0],
    )


def _named(verb: str, rest: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    kind = ""
    for word in rest:
        head, slash, name = word.partition("/")
        if slash and head.lower() in _KINDS and _NAME.fullmatch(name):
            found.append((_KINDS[head.lower()], name))
        elif not slash and not kind and word.lower() in _KINDS and verb not in ("exec", "logs", "run", "create"):
            kind = _KINDS[word.lower()]
        elif kind and _NAME.fullmatch(word) and "=" not in word:
            found.append((kind, word))
        elif verb in ("exec", "logs", "port-forward") and slash and head in _KINDS:
            found.append((_KINDS[head], name))
        if verb in ("exec", "run", "cp") and found:
            break
    return found
