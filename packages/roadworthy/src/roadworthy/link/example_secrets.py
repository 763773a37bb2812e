"""Whether the service starts with the secrets that its example files show; runs while their values still stand there."""

import re
from collections import defaultdict

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead
from roadworthy.model.detail.secret import SecretExample, SecretGuard
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

# What the service itself trusts; the password of another server is that server's to refuse.
_OWN = re.compile(
    r"(?:^|_)(?:SECRET(?:_?KEY)?(?:_BASE)?|APP_KEY|JWT_?(?:SECRET|KEY|SIGNING_KEY|SECRET_KEY|PRIVATE_KEY)|SIGNING_?KEY|SESSION_?(?:SECRET|KEY)|COOKIE_?(?:SECRET|KEY)|ENCRYPTION_?KEY|HMAC_?(?:SECRET|KEY)|CSRF_?(?:SECRET|KEY)"
    r"|SUPERUSER_PASSWORD)$|^(?:[A-Z]+_)?(?:API|AUTH|ADMIN|SERVICE|BEARER|INTERNAL|ACCESS)_(?:TOKEN|KEY|PASSWORD|SECRET)$"
)
_OTHERS = re.compile(
    r"AWS|S3_|MINIO|CLIENT_SECRET|OAUTH|GOOGLE|GITHUB|STRIPE|SENDGRID|MAILGUN|TWILIO|OPENAI|ANTHROPIC|SLACK"
)


def derive(draft: Draft) -> None:
    """Add what becomes of each example value of a secret that Python code reads, and take the guards out."""
    guards: dict[str, list[tuple[Symbol, SecretGuard]]] = defaultdict(list)
    constants: dict[str, list[str]] = defaultdict(list)
    reads: dict[str, list[Symbol]] = defaultdict(list)
    kept: list[Symbol] = []
    for symbol in draft.symbols:
        if isinstance(symbol.detail, SecretGuard):
            if symbol.detail.form.startswith("constant "):
                constants[symbol.detail.form].append(symbol.detail.text)
            else:
                guards[symbol.at.path].append((symbol, symbol.detail))
            continue
        kept.append(symbol)
        if (
            isinstance(symbol.detail, EnvironmentRead)
            and symbol.role is FileRole.PROD
            and symbol.at.path.endswith(".py")
        ):
            reads[str(symbol.name)].append(symbol)
    draft.symbols[:] = kept
    found: list[Symbol] = []
    for symbol in kept:
        given = symbol.detail
        if not isinstance(given, EnvironmentGiven) or symbol.phase != "file" or symbol.role is not FileRole.EXAMPLE:
            continue
        name, value = str(symbol.name), (given.value or "").strip()
        if (
            not value
            or not _OWN.search(name)
            or _OTHERS.search(name)
            or "$" in value
            or value.startswith("/")
            or name not in reads
        ):
            continue
        read = reads[name][0]
        detail = _judged(name, value, read, guards[read.at.path], constants)
        found.append(Symbol(Kind.SECRET_KEY, Action.REFERS, Exact(name), symbol.at, "", "example", symbol.role, detail))
    draft.symbols += found


def _judged(
    name: str,
    value: str,
    read: Symbol,
    guards: list[tuple[Symbol, SecretGuard]],
    constants: dict[str, list[str]],
) -> SecretExample:
    passed: Symbol | None = None
    unclear = ""
    for symbol, guard in guards:
        texts = constants[guard.text] if guard.text.startswith("constant ") else [guard.text]
        match guard.form:
            case "length" if not isinstance(symbol.name, Exact) or _same(symbol.name.text, name):
                if len(value) < int(guard.text):
                    return SecretExample(False, "it is too short", read.at, symbol.at)
                passed = passed or symbol
            case "equals" if value in texts:
                return SecretExample(False, "it is refused by name", read.at, symbol.at)
            case "starts" if any(value.startswith(text) for text in texts):
                return SecretExample(False, "what begins like it is refused", read.at, symbol.at)
            case "contains" if any(text.lower() in value.lower() for text in texts if len(text) > 2):
                return SecretExample(False, "what contains it is refused", read.at, symbol.at)
            case "equals" | "starts" | "contains" if any(_placeholder(text) for text in texts):
                passed = symbol
            case "validator":
                unclear = unclear or "a validator may refuse it"
            case _:
                pass
    if passed is None and unclear:
        return SecretExample(None, unclear, read.at)
    return SecretExample(True, "no check refuses it", read.at, passed.at if passed is not None else None)


def _same(field: str, name: str) -> bool:
    return name == field or name.endswith("_" + field)


def _placeholder(text: str) -> bool:
    plain = text.lower().replace("-", "").replace("_", "").replace(" ", "")
    words = (
        "changeme",
        "changethis",
        "replace",
        "example",
        "insecure",
        "default",
        "placeholder",
        "your",
        "secret",
        "dummy",
    )
    return any(word in plain for word in words)
