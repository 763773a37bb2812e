"""Constructs of Python code that guard secrets badly: comparisons, hashes, passwords, tokens."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = (
    *(
        "token",
        "secret",
        "signature",
        "password",
        "hashlib",
        "jwt",
        "debug",
        "DEBUG",
        "md5",
        "sha1",
        "api_key",
        "API_KEY",
    ),
    *("TOKEN", "SECRET", "csrf", "Csrf", "CSRF", "digest", "MIDDLEWARE"),
)
_SECRET = re.compile(
    r"(^|_)(secret|token|signature|hmac|digest|api_?key|password|passwd|otp|mac|credentials)$", re.IGNORECASE
)
_STORED = re.compile(r"(secret|password|passwd|pin)_?(hash|digest)$|^hashed_?(secret|password|passwd)$", re.IGNORECASE)
_GIVEN = re.compile(r"(^|_)(secret|password|passwd|passphrase|pin)$", re.IGNORECASE)
_SETTING = re.compile(r"^[A-Z][A-Z0-9_]+$|^(expected|stored|configured|valid|correct)_")
_PAIRS = re.compile(r"confirm|repeat|again|retype|password_?2|password_?1|new_|old_|current_", re.IGNORECASE)
_WEAK = frozenset({"hashlib.md5", "hashlib.sha1"})
_FAST = _WEAK | {
    "hashlib.sha256",
    "hashlib.sha512",
    "hashlib.sha224",
    "hashlib.sha384",
    "hashlib.blake2b",
    "hashlib.new",
}
_PASSWORD = re.compile(r"(^|_)(password|passwd|pwd|passphrase)$", re.IGNORECASE)
_PLAIN = re.compile(r"(plain_|raw_|new_|user_)?(password|passwd)", re.IGNORECASE)
_SENSITIVE = re.compile(r"token|secret|signature|session|reset|api_?key|sign\b|csrf|nonce", re.IGNORECASE)
# A digest that stands for a person in a record: who can make two alike can put another's deeds on him.
_PERSON = re.compile(
    r"subject|pseudonym|anonym|(^|_)(customer|user|person|patient|participant|member|account|owner|tenant)(_?id|s)?$",
    re.IGNORECASE,
)
_CACHED = re.compile(r"cache|etag|gravatar|avatar|colou?r|checksum|bucket|shard|fingerprint|key$", re.IGNORECASE)
# Asking whether a password is known to have leaked takes its SHA-1.
_LEAKED = re.compile(r"pwned|hibp|haveibeen", re.IGNORECASE)
_UNVERIFIED = re.compile(r"unverified|untrusted", re.IGNORECASE)
_ENCODE = ("jwt.encode", "jose.jwt.encode", "authlib.jose.jwt.encode")
_DECODE = ("jwt.decode", "jose.jwt.decode")


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that secrets go by."""
    return any(word in file.text for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every such construct, sound or not."""
    reader = _Reader(file, python.module(file))
    for node in reader.module.of(ast.Compare):
        yield from reader.compared(node)
    for call, called in reader.module.calls:
        yield from reader.hashed(call, called)
        yield from reader.token(call, called)
    yield from reader.stored()


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: python.Module

    def _construct(self, kind: str, name: str, node: ast.expr | ast.stmt, *, sound: bool | None, says: str) -> Symbol:
        detail = Construct(kind, sound, says)
        return Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail
        )

    def compared(self, node: ast.Compare) -> Iterator[Symbol]:
        """Yield a comparison of secrets that tells by its time how much of them is right."""
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            return
        sides = (node.left, node.comparators[0])
        left, right = _named(sides[0]), _named(sides[1])
        for kept, offered in ((left, right), (right, left)):
            plain = all(isinstance(side, ast.Name | ast.Attribute) for side in sides)
            if plain and _STORED.search(kept) and _GIVEN.search(offered) and not any(map(_is_column, sides)):
                if self._just_hashed(kept):
                    continue
                says = f"`{ast.unparse(node)[:80]}` takes what is stored for the password itself"
                yield self._construct("password", kept, node, sound=False, says=says)
                return
        if not left or not right or _PAIRS.search(left) or _PAIRS.search(right):
            return
        secret, other = (left, right) if _SECRET.search(left) else (right, left)
        known = any(_is_ours(side) for side in sides)
        given = (
            _SECRET.search(secret)
            and known
            and (_SECRET.search(other) or _SETTING.search(other) or other == "expected")
        )
        given = given or any(
            _is_ours(a) and _SECRET.search(_named(a)) and not _is_ours(b) for a, b in (sides, sides[::-1])
        )
        if (
            given
            and not any(_is_column(side) for side in sides)
            and "count" not in left + right
            and not left.endswith("_type")
        ):
            says = f"`{ast.unparse(node)[:80]}` compares secrets in a time that tells how much of them is right"
            yield self._construct("comparison", secret, node, sound=False, says=says)

    def hashed(self, call: ast.Call, called: str) -> Iterator[Symbol]:
        """Yield passwords that are stored as fast hashes, and broken hashes where an attacker chooses."""
        if called in ("hmac.compare_digest", "secrets.compare_digest"):
            yield self._construct("comparison", called, call, sound=True, says="")
        if called not in _FAST:
            return
        names = {_named(node) for argument in call.args for node in walk(argument) if isinstance(node, ast.expr)}
        inside = self.module.around.get(call)
        function = inside.name if inside is not None else ""
        if any(_PASSWORD.search(name) for name in names if name):
            if called in _WEAK and _LEAKED.search(self.file.text):
                return
            says = f"`{called}` of a password: millions of guesses a second find it"
            yield self._construct("password", called, call, sound=False, says=says)
            return
        guards = any(_SENSITIVE.search(name) for name in (function, *names) if name)
        person = re.search(r"digest|pseudonym|anonym", function, re.IGNORECASE) is not None and not any(
            _CACHED.search(name) for name in (function, *names) if name
        )
        person = person and any(_PERSON.search(name) for name in names if name)
        if called in _WEAK and (guards or person) and not _unsecure(call):
            does = "guards something secret" if guards else "stands for a person in a record"
            says = f"`{called}` {does}, and is broken"
            yield self._construct("hash", called, call, sound=False, says=says)

    def token(self, call: ast.Call, called: str) -> Iterator[Symbol]:
        """Yield tokens that never end, and signatures or ends that are not examined."""
        if called in _ENCODE:
            yield self._encoded(call, called)
        elif called in _DECODE:
            yield self._construct("token-read", called, call, sound=True, says="")
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            for key, value in _pairs(given.get("options")):
                if (
                    key in ("verify_signature", "verify_exp")
                    and isinstance(value, ast.Constant)
                    and value.value is False
                ):
                    says = f"`{called}` is told not to examine " + (
                        "the end" if key == "verify_exp" else "the signature"
                    )
                    # Who reads which issuer's key he must verify with says so.
                    peeked = call.args and _UNVERIFIED.search(ast.unparse(call.args[0]))
                    yield self._construct("token", called, call, sound=None if peeked else False, says=says)
                    return
            texts = (
                [n.value for n in walk(given["algorithms"]) if isinstance(n, ast.Constant)]
                if "algorithms" in given
                else []
            )
            if "none" in [str(text).lower() for text in texts]:
                yield self._construct(
                    "token", called, call, sound=False, says=f"`{called}` accepts tokens without a signature"
                )

    def _encoded(self, call: ast.Call, called: str) -> Symbol:
        inside = self.module.around.get(call)
        scope: list[ast.AST] = self.module.below(inside) if inside is not None else self.module.nodes
        mentions = any(isinstance(n, ast.Constant) and n.value == "exp" for n in scope)
        mentions = mentions or any(isinstance(n, ast.keyword) and n.arg == "exp" for n in scope)
        payload = call.args[0] if call.args else None
        hidden = isinstance(payload, ast.Name | ast.Call | ast.Attribute) and not self._literal(payload, scope)
        sound = True if mentions else None if hidden else False
        kind = "kept-token" if sound is False and self._kept(call, scope) else "token"
        return self._construct(
            kind, called, call, sound=sound, says=f"`{called}` makes a token that never ends: it has no `exp`"
        )

    def _just_hashed(self, name: str) -> bool:
        """Tell whether a name is what a function made of a password: it is compared with what was stored of that."""
        return any(
            isinstance(node.value, ast.Call)
            and "hash" in self.module.dotted(node.value.func).lower()
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
            for node in self.module.of(ast.Assign)
        )

    @staticmethod
    def _kept(call: ast.Call, scope: list[ast.AST]) -> bool:
        """Tell whether a token becomes a field of a record: it may be looked up there, and never read as a token."""
        return any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id[:1].isupper()
            and any(keyword.value is call for keyword in node.keywords)
            for node in scope
        )

    def _literal(self, payload: ast.expr, scope: list[ast.AST]) -> bool:
        """Tell whether a name stands for a dictionary that is written down whole, or a copy of one given."""
        for node in scope:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if (
                    isinstance(payload, ast.Name) and name == payload.id
                ):
                    copied = (
                        isinstance(value, ast.Call)
                        and isinstance(value.func, ast.Attribute)
                        and value.func.attr == "copy"
                    )
                    return isinstance(value, ast.Dict) or copied
        return False

    def stored(self) -> Iterator[Symbol]:
        """Yield passwords that are stored as they are."""
        for call in self.module.of(ast.Call):
            for keyword in call.keywords:
                if keyword.arg in ("hashed_password", "password_hash") and _PLAIN.fullmatch(
                    _named(keyword.value) or "-"
                ):
                    says = f"`{keyword.arg}` is given the password itself"
                    yield self._construct("password", keyword.arg, keyword.value, sound=False, says=says)


def _named(node: ast.expr) -> str:
    """Return the last name of an expression; for a lookup by a text the text."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case (
            ast.Subscript(slice=ast.Constant(value=str(text)))
            | ast.Call(func=ast.Attribute(attr="get" | "getenv"), args=[ast.Constant(value=str(text)), *_])
        ):
            return text.replace("-", "_")
        case ast.Call(
            func=ast.Attribute(value=inner, attr="encode" | "decode" | "strip" | "hexdigest" | "get_secret_value")
        ):
            return _named(inner)
        case ast.Call(func=ast.Attribute(attr="removeprefix" | "replace"), args=[_, *_]):
            return "token"
    return ""


def _is_ours(node: ast.expr) -> bool:
    """Tell whether a side is what the service itself knows: a setting, a constant, what it has computed."""
    written = ast.unparse(node)
    name = _named(node)
    return (
        (_SETTING.search(name) is not None or name.startswith(("expected", "computed")))
        or re.match(r"(\w+\.)*(settings|config|current_app|os)\b", written) is not None
        or written.endswith(("digest()",))
    )


def _is_column(node: ast.expr) -> bool:
    """Tell whether a side is a column of a model: the database compares, not the code."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id[:1].isupper()
        and not node.value.id.isupper()
    )


def _unsecure(call: ast.Call) -> bool:
    return any(
        k.arg == "usedforsecurity" and isinstance(k.value, ast.Constant) and k.value.value is False
        for k in call.keywords
    )


def _pairs(node: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
