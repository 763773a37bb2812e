"""Which keys commands give to Secrets and ConfigMaps: `kubectl create secret generic app --from-literal=TOKEN=…`."""

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.syntax.command_line import calls

_KINDS = {"secret": "Secret", "configmap": "ConfigMap", "cm": "ConfigMap"}
_FIXED = {"tls": ("tls.crt", "tls.key"), "docker-registry": (".dockerconfigjson",)}
_FORMS = ("generic", *_FIXED)


def derive(draft: Draft) -> None:
    """Add every key that a command of a script, a pipeline or a document creates."""
    found: list[Symbol] = []
    for symbol in draft.symbols:
        words = symbol.detail.words if isinstance(symbol.detail, CommandLine | CommandUse) else ()
        if "create" not in words or not any(kind in words for kind in _KINDS):
            continue
        for call in calls(words):
            if call.program.rpartition("/")[2] in ("kubectl", "oc", "microk8s.kubectl"):
                found += _created(draft, symbol, call.words)
    draft.symbols += found


def _created(draft: Draft, symbol: Symbol, words: tuple[str, ...]) -> list[Symbol]:
    rest = list(words[words.index("create") + 1 :]) if "create" in words else []
    if not rest or rest[0] not in _KINDS:
        return []
    kind = _KINDS[rest[0]]
    names = [word for word in rest[1:3] if not word.startswith("-")]
    form = names[0] if kind == "Secret" and names and names[0] in _FORMS else ""
    name = (names[1] if len(names) > 1 else "") if form else (names[0] if names else "")
    if not name or "$" in name:
        return []
    keys = list(_FIXED.get(form, ()))
    for option, value in _options(rest):
        match option:
            case "--from-literal":
                keys.append(value.partition("=")[0])
            case "--from-file" if "=" in value:
                keys.append(value.partition("=")[0])
            case "--from-file" if value.rpartition("/")[2].count("."):
                keys.append(value.rpartition("/")[2])
            case "--from-file" | "--from-env-file":
                reason = f"the keys of {name} come from {value or 'a file'}"
                draft.opens.append(Open(Kind.SECRET_KEY, "", reason, symbol.at, Pattern(f"{name}/**")))
    namespace = next((value for option, value in _options(rest) if option in ("-n", "--namespace")), "")
    detail = ObjectKey(kind, "kubectl", "" if "$" in namespace else namespace)
    return [
        Symbol(
            Kind.SECRET_KEY, Action.DEFINES, Exact(f"{name}/{key}"), symbol.at, "", "deploy", symbol.role, detail
        )
        for key in dict.fromkeys(keys)
        if key
    ]  # fmt: skip


def _options(words: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for index, word in enumerate(words):
        if word.startswith("-"):
            option, equals, value = word.partition("=")
            found.append((option, value if equals else words[index + 1] if index + 1 < len(words) else ""))
    return found
